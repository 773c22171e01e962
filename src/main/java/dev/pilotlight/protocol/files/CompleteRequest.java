package dev.pilotlight.protocol.files;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.MediaTypes;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.json.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The body of `POST /v1/uploads/{upload_id}/complete`.
///
/// @param partIds in the order of the file
/// @param md5 in lower-case hex that the file must have; null for any
public record CompleteRequest(List<String> partIds, @Nullable String md5) {
  private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");
  private static final String PART_IDS = "part_ids";
  private static final String MD5_NAME = "md5";

  /// Reads the body.
  ///
  /// @param partsMax the most parts
  /// @throws Refusal INVALID, EMPTY, UNSUPPORTED_MEDIA_TYPE
  public static CompleteRequest read(HttpRequest request, int partsMax) {
    MediaTypes.requireJson(request);
    return request.readJson(json -> read(json, partsMax));
  }

  private static CompleteRequest read(JsonReader json, int partsMax) throws IOException {
    List<String> ids = new ArrayList<>();
    String[] md5 = new String[1];
    json.object(
        name -> {
          switch (name) {
            case PART_IDS -> json.array(index -> ids.add(id(json, index, partsMax)));
            case MD5_NAME -> md5[0] = json.isNull() ? null : md5(json);
            default -> throw json.unknownField(PART_IDS + ", " + MD5_NAME);
          }
        });
    if (ids.isEmpty()) {
      throw Refusal.empty(PART_IDS, "part_ids is missing or empty; accepted: ids of parts");
    }
    return new CompleteRequest(List.copyOf(ids), md5[0]);
  }

  private static String id(JsonReader json, int index, int partsMax) throws IOException {
    if (index >= partsMax) {
      throw Refusal.invalid(
          PART_IDS, "part_ids has over %d ids; accepted: up to %d".formatted(partsMax, partsMax));
    }
    return json.text("the id of a part");
  }

  private static String md5(JsonReader json) throws IOException {
    String text = json.string();
    String hex = text.toLowerCase(Locale.ROOT);
    if (!MD5.matcher(hex).matches()) {
      throw Refusal.invalid(
          json.path(),
          "%s is '%s'; accepted: 32 hexadecimal digits".formatted(json.path(), Text.shorten(text)));
    }
    return hex;
  }
}
