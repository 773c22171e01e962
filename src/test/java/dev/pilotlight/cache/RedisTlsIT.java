package dev.pilotlight.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.local.RedisServer;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisTlsIT {
  private static final ResultKey KEY = Keys.key("a");
  private static final String SECRET = "changeit";

  @TempDir private Path directory;

  @Test
  void aCertificateForTheHostIsTrustedAndOneForAnotherHostIsNot() throws Exception {
    certificate();
    try (RedisServer redis = startTls()) {
      String ca = directory.resolve("cert.pem").toString();
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
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    try (RedisTier tier =
        connect(url, caFile, new PrintStream(logged, true, StandardCharsets.UTF_8))) {
      tier.put(Map.of(KEY, new byte[] {1}), Duration.ofHours(1));
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
            CacheSettings.from(new Settings(environment)), new Log(out, Log.Level.INFO))
        .orElseThrow();
  }

  private RedisServer startTls() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    return RedisServer.start(
        port,
        "--port",
        "0",
        "--tls-port",
        Integer.toString(port),
        "--tls-auth-clients",
        "no",
        "--tls-cert-file",
        directory.resolve("cert.pem").toString(),
        "--tls-key-file",
        directory.resolve("key.pem").toString());
  }

  /// Self-signed, for 127.0.0.1 only; hence its own authority.
  private void certificate() throws Exception {
    Path store = directory.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                SECRET,
                "-alias",
                "redis",
                "-keyalg",
                "EC",
                "-dname",
                "CN=redis",
                "-ext",
                "san=ip:127.0.0.1")
            .redirectErrorStream(true)
            .start();
    keytool.getInputStream().readAllBytes();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, SECRET.toCharArray());
    }
    pem("cert.pem", "CERTIFICATE", keys.getCertificate("redis").getEncoded());
    pem("key.pem", "PRIVATE KEY", keys.getKey("redis", SECRET.toCharArray()).getEncoded());
  }

  private void pem(String file, String type, byte[] der) throws Exception {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        directory.resolve(file),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, body, type));
  }
}
