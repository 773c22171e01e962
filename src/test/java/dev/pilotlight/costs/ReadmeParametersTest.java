package dev.pilotlight.costs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The README's table of parameters is what the template has: names, defaults, descriptions. Where
/// it is not, `target/parameters.md` is what belongs there.
final class ReadmeParametersTest {
  private static final String HEADER = "| parameter | default | meaning |";

  @Test
  void theTableIsWhatTheTemplateTakes() throws IOException {
    List<String> rows =
        StackFacts.read().parameters().entrySet().stream()
            .map(entry -> row(entry.getKey(), entry.getValue()))
            .toList();
    Files.write(Path.of("target", "parameters.md"), rows);
    assertThat(
            Files.readAllLines(Path.of("README.md")).stream()
                .dropWhile(line -> !line.equals(HEADER))
                .skip(2)
                .takeWhile(line -> line.startsWith("|")))
        .containsExactlyElementsOf(rows);
  }

  private static String row(String name, Map<?, ?> parameter) {
    String standard = String.valueOf(parameter.get("Default"));
    // Markdown would take <name> for a tag
    String meaning = String.valueOf(parameter.get("Description")).replace("<", "&lt;");
    return "| `%s` | %s | %s |"
        .formatted(name, standard.isEmpty() ? "–" : "`" + standard + "`", meaning);
  }
}
