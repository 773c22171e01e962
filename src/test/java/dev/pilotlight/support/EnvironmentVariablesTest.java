package dev.pilotlight.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.condition.OS.LINUX;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentVariablesTest {
  private static final String VALUE = " gr\u00fc\u00df \u20ac \ud83d\ude80 ";

  @TempDir private Path directory;

  @Test
  void asciiIsTakenAsJavaDecodedIt() {
    Map<String, String> decoded = Map.of("PILOTLIGHT_A", "x", "OTHER", "\u00fc");
    assertThat(EnvironmentVariables.of(decoded, Path.of("nowhere"))).isSameAs(decoded);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gr\ufffd\ufffd", "gr\u00c3\u00bc\u00c3\u0178"})
  void otherValuesOfSettingsAreReadAsUtf8(String wronglyDecoded) throws IOException {
    Map<String, String> decoded = Map.of("PILOTLIGHT_A", wronglyDecoded, "OTHER", "z");
    Path raw = raw("PILOTLIGHT_A=" + VALUE + "\0OTHER=y\0PILOTLIGHT_B=a=b\0EMPTY=\0=\0odd\0");
    assertThat(EnvironmentVariables.of(decoded, raw))
        .containsOnly(
            Map.entry("PILOTLIGHT_A", VALUE),
            Map.entry("PILOTLIGHT_B", "a=b"),
            Map.entry("OTHER", "z"));
  }

  @Test
  void withoutLinuxTheyAreTakenAsJavaDecodedThem() {
    Map<String, String> decoded = Map.of("PILOTLIGHT_A", VALUE);
    assertThat(EnvironmentVariables.of(decoded, directory.resolve("none"))).isEqualTo(decoded);
  }

  @Test
  void aSettingThatIsNotUtf8IsRefusedByNameOnly() throws IOException {
    Path raw = directory.resolve("latin1");
    Files.write(raw, "PILOTLIGHT_A=gr\u00fc\u00df\0".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> EnvironmentVariables.of(Map.of("PILOTLIGHT_A", "gr\ufffd"), raw))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("PILOTLIGHT_A is not UTF-8");
  }

  @ParameterizedTest
  @EnabledOnOs(LINUX)
  @ValueSource(strings = {"LC_ALL=POSIX", "LC_ALL=C", "LC_ALL=C.UTF-8", "LC_ALL=de_DE.ISO-8859-1"})
  void aProcessHasItsSettingsUnderAnyLocale(String locale) throws Exception {
    Path script = directory.resolve("run");
    // by a file: this process's own locale would encode a variable that it passes
    Files.writeString(
        script,
        "PILOTLIGHT_A='%s' %s exec '%s/bin/java' -XX:TieredStopAtLevel=1 -cp '%s' '%s'"
            .formatted(
                VALUE,
                locale,
                System.getProperty("java.home"),
                System.getProperty("java.class.path"),
                Printer.class.getName()));
    Process process = new ProcessBuilder("sh", script.toString()).start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(printed).isEqualTo(VALUE);
  }

  private Path raw(String variables) throws IOException {
    return Files.writeString(directory.resolve("raw"), variables);
  }

  static final class Printer {
    private Printer() {}

    public static void main(String[] none) {
      System.out.writeBytes(
          String.valueOf(EnvironmentVariables.ofProcess().get("PILOTLIGHT_A"))
              .getBytes(StandardCharsets.UTF_8));
      System.out.flush();
    }
  }
}
