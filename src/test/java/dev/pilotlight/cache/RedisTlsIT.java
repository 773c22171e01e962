package dev.pilotlight.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.support.SelfSigned;
import dev.pilotlight.suite.leaks.CapturedLog;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisTlsIT {
  private static final ResultKey KEY = Keys.key("a");

  @TempDir private Path directory;

  @Test
  void aCertificateForTheHostIsTrustedAndOneForAnotherHostIsNot() throws Exception {
    SelfSigned certificate = SelfSigned.in(directory, "ip:127.0.0.1");
    try (RedisServer redis = RedisServer.startTls(certificate)) {
      String ca = certificate.certificate().toString();
      assertThat(hits("rediss://127.0.0.1:" + redis.port(), ca)).isEmpty();
      // the same server and certificate, by a name that is not in it
      assertThat(hits("rediss://localhost:" + redis.port(), ca))
          .contains("No name matching localhost");
      assertThat(hits("rediss://127.0.0.1:" + redis.port(), "")).contains("SSLHandshakeException");
    }
  }

  @Test
  void aFileWithoutCertificatesIsRefusedAtStartUp() throws Exception {
    Path empty = Files.createFile(directory.resolve("empty.pem"));
    assertThatThrownBy(() -> connect("rediss://127.0.0.1:1", empty.toString(), System.out))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("empty.pem");
  }

  /// Empty if a value comes back, else what was logged.
  private static String hits(String url, String caFile) {
    CapturedLog logged = new CapturedLog();
    try (RedisTier tier =
        connect(url, caFile, new PrintStream(logged, true, StandardCharsets.UTF_8))) {
      tier.put(Keys.kept(Map.of(KEY, new byte[] {1})), Duration.ofHours(1));
      return tier.get(List.of(KEY)).isEmpty() ? logged.toString(StandardCharsets.UTF_8) : "";
    }
  }

  private static RedisTier connect(String url, String caFile, PrintStream out) {
    Map<String, String> environment =
        Map.of(
            "PILOTLIGHT_REDIS", url,
            "PILOTLIGHT_REDIS_CA_FILE", caFile,
            "PILOTLIGHT_REDIS_CONNECT_MS", "5000",
            "PILOTLIGHT_REDIS_TOTAL_MS", "5000",
            "PILOTLIGHT_REDIS_READ_MS", "5000");
    return RedisTier.connect(
            CacheSettings.from(new Settings(environment)),
            LoggedTier.NO_AWS,
            new Log(out, Log.Level.INFO))
        .orElseThrow();
  }
}
