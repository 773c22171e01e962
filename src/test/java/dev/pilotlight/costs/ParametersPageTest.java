package dev.pilotlight.costs;

import dev.pilotlight.local.template.Presets;
import dev.pilotlight.tidy.DocTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// docs/reference/parameters.md lists the template's parameters: names, defaults, descriptions.
/// `target/parameters.md` holds the rows; `-Ddocs.write=true` writes them into the page.
final class ParametersPageTest {
  @Test
  void pageListsTheParametersOfTheTemplate() throws IOException {
    List<String> rows =
        StackFacts.of(Presets.STARTER).parameters().entrySet().stream()
            .map(entry -> row(entry.getKey(), entry.getValue()))
            .toList();
    Files.write(Path.of("target", "parameters.md"), rows);
    DocTable.in("docs/reference/parameters.md", "| parameter | default | meaning |")
        .assertRows(rows);
  }

  private static String row(String name, Map<?, ?> parameter) {
    String standard = String.valueOf(parameter.get("Default"));
    // Markdown would take <name> for a tag
    String meaning = String.valueOf(parameter.get("Description")).replace("<", "&lt;");
    return "| `%s` | %s | %s |"
        .formatted(name, standard.isEmpty() ? "–" : "`" + standard + "`", meaning);
  }
}
