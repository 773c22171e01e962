package dev.pilotlight.cli.aws;

import dev.pilotlight.model.files.JsonFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The lists of objects in answers.
public final class Rows {
  private Rows() {}

  /// The objects in a list of a JSON answer, none if it is absent.
  ///
  /// @throws dev.pilotlight.model.format.LoadFailure if something else is in the list
  public static List<Map<String, @Nullable Object>> of(JsonFile json, String key) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    if (json.value(key).orElse(List.of()) instanceof List<?> list) {
      for (Object each : list) {
        rows.add(new JsonFile(key, Map.of("row", each)).map("row"));
      }
    }
    return rows;
  }
}
