package dev.pilotlight.handler;

import dev.pilotlight.support.Settings;
import dev.pilotlight.tidy.DocTable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// docs/reference/settings.md lists the settings that the code reads: same names, defaults, ranges,
/// meanings.
class SettingsPageTest {
  @Test
  void pageListsTheSettingsOfTheCode() throws IOException {
    DocTable table =
        DocTable.in("docs/reference/settings.md", "| setting | default | accepted | meaning |");
    List<String> rows = rows();
    table.assertRows(rows);
    table.assertNoOtherRows("| `" + Settings.PREFIX, rows.size());
  }

  private static List<String> rows() {
    Settings settings = new Settings(Map.of("PILOTLIGHT_SERVE", "http"));
    AppSettings.from(settings);
    return settings.catalogue().stream().map(SettingsPageTest::row).toList();
  }

  private static String row(Settings.Entry entry) {
    String value = entry.defaultValue().isEmpty() ? "–" : "`" + entry.defaultValue() + "`";
    // Markdown would take <name> for a tag
    String accepted = entry.accepted().replace("<", "&lt;");
    return "| `%s` | %s | %s | %s |".formatted(entry.name(), value, accepted, entry.meaning());
  }
}
