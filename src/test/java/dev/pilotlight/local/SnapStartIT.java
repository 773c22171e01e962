package dev.pilotlight.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.sun.net.httpserver.HttpExchange;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.support.HttpStub;
import dev.pilotlight.local.support.Sockets;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/// SnapStart's steps, by the runtime client that Lambda has, except the snapshot itself: that takes
/// Lambda's own machines.
@Timeout(180)
final class SnapStartIT {
  private static final String TABLE = "results";
  private static final double INIT_MILLIS_MAX = 500;
  private static final String TOKEN = "of this environment";

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> signedWith = new CopyOnWriteArrayList<>();
  private final DynamoLocal dynamo = DynamoLocal.start(0);
  private final HttpStub table = new HttpStub(this::passOn);
  private final HttpStub credentials = new HttpStub((exchange, _) -> giveCredentials(exchange));
  private final RedisServer redis = RedisServer.start(0);
  private volatile String keyId = "BEFORE";
  @TempDir private Path logs;
  private Path task;

  @BeforeEach
  void tableAndTask() throws IOException {
    dynamo.createTable(TABLE, "pk", "expires_at");
    task = SnapStart.task();
  }

  @AfterEach
  void stop() {
    redis.close();
    credentials.close();
    table.close();
    dynamo.close();
    http.close();
  }

  @Test
  void snapshotHasNoConnectionAndARestoreReadsTheCurrentSettings() throws Exception {
    assumeThat(Path.of("/proc/self/net/tcp")).exists();
    byte[] event = Files.readAllBytes(Path.of("events/embeddings.json"));
    try (SnapStart first = snapStart()) {
      assertThat(first.awaitCheckpoint().restore().answer(event)).contains("fwd=miss; stored");
    }
    assertThat(signedWith).isNotEmpty().containsOnly("BEFORE");
    try (SnapStart second = snapStart()) {
      var _ = second.awaitCheckpoint();
      assertThat(Sockets.peers(second.pid())).doesNotContain(redis.port(), table.port());
      assertThat(clientsOfRedis()).hasSize(1);
      keyId = "AFTER";
      signedWith.clear();
      failOver();

      assertThat(second.restore().answer(event)).contains("hit; detail=\\\"redis\\\"");
      requireColdStart(second.readOutput());
      assertThat(second.answer(other(event))).contains("fwd=miss; stored");
      assertThat(signedWith).isNotEmpty().containsOnly("AFTER");
      assertThat(Sockets.peers(second.pid())).contains(redis.port(), table.port());
    }
  }

  @Test
  void onlySnapStartLoadsTheHooks() throws IOException {
    assertThat(loadedClasses("snap-start")).anyMatch(line -> line.contains(" org.crac.Core "));
    for (String other : List.of("on-demand", "provisioned-concurrency")) {
      assertThat(loadedClasses(other))
          .anyMatch(line -> line.contains(" dev.pilotlight.handler.App "))
          .noneMatch(line -> line.contains(" org.crac."))
          .noneMatch(line -> line.contains("handler.Snapshot"));
    }
  }

  private List<String> loadedClasses(String type) throws IOException {
    Path log = logs.resolve(type + ".log");
    Map<String, String> settings =
        Map.of("PILOTLIGHT_STORE", "off", "AWS_LAMBDA_INITIALIZATION_TYPE", type);
    try (SnapStart environment =
        new SnapStart(task, settings, "-Xlog:class+load:file=" + log + "::filecount=0")) {
      if (type.equals("snap-start")) {
        environment.awaitCheckpoint().restore();
      }
      var _ = environment.awaitIdle();
    }
    return Files.readAllLines(log);
  }

  /// One, which took what the hook took; the start before it takes seconds.
  private static void requireColdStart(List<String> written) {
    List<String> metrics = written.stream().filter(line -> line.contains("\"_aws\"")).toList();
    assertThat(metrics).hasSize(1).first(STRING).contains("\"ColdStarts\":1");
    double init =
        Double.parseDouble(metrics.getFirst().replaceAll(".*\"InitTime\":([0-9.E-]+).*", "$1"));
    assertThat(init).isPositive().isLessThan(INIT_MILLIS_MAX);
  }

  private SnapStart snapStart() throws IOException {
    Map<String, String> settings = new HashMap<>();
    settings.put("PILOTLIGHT_STORE", "required");
    settings.put("PILOTLIGHT_TABLE", TABLE);
    settings.put("PILOTLIGHT_REDIS", redis.url());
    settings.put("AWS_ENDPOINT_URL_DYNAMODB", table.url());
    settings.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", credentials.url() + "/credentials");
    settings.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", TOKEN);
    return new SnapStart(task, settings);
  }

  private static byte[] other(byte[] event) {
    String text = new String(event, UTF_8);
    String other = text.replace("hello", "another");
    assertThat(other).isNotEqualTo(text);
    return other.getBytes(UTF_8);
  }

  private List<String> clientsOfRedis() {
    try (Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
      return jedis.clientList().lines().toList();
    }
  }

  /// Another server under the same address, with the same data.
  private void failOver() {
    record Entry(byte[] key, byte[] value) {}
    List<Entry> data = new ArrayList<>();
    try (Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
      jedis.keys("pl:*".getBytes(UTF_8)).forEach(key -> data.add(new Entry(key, jedis.dump(key))));
    }
    assertThat(data).isNotEmpty();
    redis.stop();
    redis.start();
    try (Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
      data.forEach(entry -> jedis.restore(entry.key(), 60_000, entry.value()));
    }
  }

  private void giveCredentials(HttpExchange exchange) throws IOException {
    assertThat(exchange.getRequestHeaders().getFirst("Authorization")).isEqualTo(TOKEN);
    String json =
        """
        {"AccessKeyId":"%s","SecretAccessKey":"secret","Token":"token",
         "Expiration":"2999-01-01T00:00:00Z"}"""
            .formatted(keyId);
    HttpStub.reply(exchange, 200, json);
  }

  /// To DynamoDB, noting whose signature it has.
  private void passOn(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
    var headers = exchange.getRequestHeaders();
    String signature = headers.getFirst("Authorization");
    signedWith.add(signature.replaceAll(".*Credential=([^/]+)/.*", "$1"));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(dynamo.endpoint() + "/"))
            .header("X-Amz-Target", headers.getFirst("X-Amz-Target"))
            .header("Content-Type", headers.getFirst("Content-Type"))
            .header("X-Amz-Date", headers.getFirst("X-Amz-Date"))
            .header("Authorization", signature)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    response
        .headers()
        .firstValue("x-amz-crc32")
        .ifPresent(crc -> exchange.getResponseHeaders().add("x-amz-crc32", crc));
    exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
    HttpStub.reply(exchange, response.statusCode(), response.body());
  }
}
