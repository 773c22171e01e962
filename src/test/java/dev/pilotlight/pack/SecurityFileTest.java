package dev.pilotlight.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class SecurityFileTest {
  private static final Path OWN =
      Path.of(System.getProperty("java.home"), "conf/security/java.security");

  @Test
  void sunAndSunJceComeFirstAndNoProviderIsLost() {
    assertThat(
            SecurityFile.shortened(
                List.of(
                    "security.provider.1=SUN",
                    "security.provider.2=SunEC",
                    "security.provider.3=SunJCE")))
        .containsExactly(
            "security.provider.1=SUN", "security.provider.2=SunJCE", "security.provider.3=SunEC");
  }

  @Test
  void commentsAreRemovedAndMultiLineValuesKept() {
    assertThat(SecurityFile.shortened(List.of("# why", "", "a=b, \\", "# is a value here", "c=d")))
        .containsExactly("a=b, \\", "# is a value here", "c=d");
  }

  @Test
  void failedLookUpOfAHostNameIsRememberedForASecond() {
    assertThat(SecurityFile.shortened(List.of("networkaddress.cache.negative.ttl=10")))
        .containsExactly("networkaddress.cache.negative.ttl=1");
  }

  @Test
  void allOtherPropertiesOfThisJavaStayTheSame() throws IOException {
    List<String> lines = Files.readAllLines(OWN);
    Properties before = read(lines);
    before.setProperty("networkaddress.cache.negative.ttl", "1");
    Properties after = read(SecurityFile.shortened(lines));
    assertThat(after.keySet()).isEqualTo(before.keySet());
    assertThat(after.values()).containsExactlyInAnyOrderElementsOf(before.values());
    before.forEach(
        (name, value) -> {
          if (!name.toString().startsWith("security.provider.")) {
            assertThat(after).containsEntry(name, value);
          }
        });
  }

  private static Properties read(List<String> lines) throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(String.join("\n", lines)));
    return properties;
  }
}
