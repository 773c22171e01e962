package dev.pilotlight.bench.setup;

import dev.pilotlight.pack.TlsFront;
import dev.pilotlight.pack.TrainingTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// TLS to Redis and DynamoDB, as in production: a proxy before each. The function trusts the
/// proxies' certificate and, as in the package, Amazon's roots.
public record SecureNetwork(TlsFront redis, TlsFront dynamo, Path trustStore)
    implements AutoCloseable {
  /// Starts both.
  ///
  /// @throws IOException if they cannot be started, or there is no certificate for them
  public static SecureNetwork of(Setup setup) throws IOException, InterruptedException {
    TrainingTls tls = TrainingTls.in(Files.createTempDirectory("pilotlight-bench"));
    TlsFront redis = TlsFront.start(tls.server(), setup.redis().port());
    int dynamo = setup.dynamo().endpoint().getPort();
    try {
      return new SecureNetwork(redis, TlsFront.start(tls.server(), dynamo), tls.trustStore());
    } catch (IOException | RuntimeException e) {
      redis.close();
      throw e;
    }
  }

  /// The variables of a function that uses it.
  public Map<String, String> variables() {
    return Map.of(
        "PILOTLIGHT_REDIS",
        "rediss://localhost:" + redis.port(),
        "AWS_ENDPOINT_URL_DYNAMODB",
        "https://localhost:" + dynamo.port(),
        "JAVA_TOOL_OPTIONS",
        "-Djavax.net.ssl.trustStore=" + trustStore);
  }

  @Override
  public void close() throws IOException {
    redis.close();
    dynamo.close();
  }
}
