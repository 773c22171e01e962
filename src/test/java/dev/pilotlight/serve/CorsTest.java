package dev.pilotlight.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The container lets pages send and read what the template has API Gateway let them.
class CorsTest {
  @Test
  void theListsAreThoseOfTheTemplate() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("template.yaml"));
    assertThat(Cors.REQUEST_HEADERS).isEqualTo(list(lines, "AllowHeaders:"));
    assertThat(Cors.EXPOSED).isEqualTo(list(lines, "ExposeHeaders:"));
    assertThat(lines.stream().map(String::strip))
        .contains("AllowMethods: [" + String.join(", ", Cors.METHODS) + "]")
        .contains("MaxAge: " + Cors.MAX_AGE_SECONDS);
  }

  /// The items under the first line of that name.
  private static List<String> list(List<String> lines, String name) {
    List<String> items = new ArrayList<>();
    int at = lines.stream().map(String::strip).toList().indexOf(name);
    assertThat(at).as(name).isPositive();
    for (String line : lines.subList(at + 1, lines.size())) {
      String text = line.strip();
      if (text.startsWith("- ")) {
        items.add(text.substring(2));
      } else if (!text.startsWith("#")) {
        return items;
      }
    }
    return items;
  }
}
