package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.support.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The README's table of settings is what the code reads: same names, defaults, ranges, meanings.
class ReadmeSettingsTest {

  @Test
  void theTableIsWhatTheCodeReads() throws IOException {
    assertThat(documented()).isEqualTo(read());
  }

  private static List<String> documented() throws IOException {
    return Files.readAllLines(Path.of("README.md")).stream()
        .filter(line -> line.startsWith("| `" + Settings.PREFIX))
        .toList();
  }

  private static List<String> read() {
    Settings settings = new Settings(Map.of());
    AppSettings.from(settings);
    return settings.catalogue().stream().map(ReadmeSettingsTest::row).toList();
  }

  private static String row(Settings.Entry entry) {
    String value = entry.defaultValue().isEmpty() ? "–" : "`" + entry.defaultValue() + "`";
    return "| `%s` | %s | %s | %s |"
        .formatted(entry.name(), value, entry.accepted(), entry.meaning());
  }
}
