package dev.pilotlight.suite.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.access.ApiKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The scan finds each kind of secret, and nothing else.
final class LeakScanTest {
  @TempDir private Path folder;

  @Test
  void eachKindOfSecretIsFoundAtItsLine() throws IOException {
    String key = ApiKey.create("ada", new SecureRandom());
    String planted = ApiKey.create("ada", Planted.random());
    requireFound("an API key", "{\"message\":\"Bearer " + key + "\"}");
    requireFound("the secret of an API key", planted.substring("pl_ada_".length()));
    requireFound("a text", "\"input\":\"hello " + Planted.TEXT + "\"");
    requireFound("a password", "AUTH pilot " + Planted.PASSWORD);
    requireFound("a password", Planted.WRONG_PASSWORD);
  }

  @Test
  void secretsInBase64AreFoundAfterAnyNumberOfBytes() throws IOException {
    for (int before = 0; before < 7; before++) {
      String event = "y".repeat(before) + Planted.TEXT + " and more";
      byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
      requireFound("a text in base64", Base64.getEncoder().encodeToString(bytes));
    }
  }

  @Test
  void aMistypedKeyAndUsualLinesAreNotFound() throws IOException {
    String key = ApiKey.create("ada", new SecureRandom());
    var _ = write(key.substring(0, key.length() - 1) + (key.endsWith("0") ? "1" : "0"));
    LeakScan scan = new LeakScan();
    assertThat(scan.leaks(folder)).isEmpty();
    assertThat(scan.lines()).isEqualTo(3);
    assertThat(scan.leaks(folder.resolve("absent"))).isEmpty();
  }

  private void requireFound(String what, String line) throws IOException {
    Path file = write(line);
    assertThat(new LeakScan().leaks(folder)).containsExactly(file + ":2 has " + what);
  }

  private Path write(String line) throws IOException {
    String lines = "pl_ada_\n" + line + "\n{\"level\":\"INFO\",\"key\":\"Zq3xP0aB\"}\n";
    return Files.writeString(folder.resolve("log"), lines);
  }
}
