package dev.pilotlight.handler.keys;

import static dev.pilotlight.handler.models.TestModels.SAMPLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.access.ApiKey;
import dev.pilotlight.access.ClientRows;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.Metrics;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.suite.leaks.Planted;
import dev.pilotlight.suite.leaks.Reachable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/// Every route with a planted key, text and passwords, at the log's lowest level: none of them is
/// in the log, in a metric, in an error, or in the text of an object that the function keeps.
///
/// The last step of `mvn verify` looks for them in what all other tests wrote, too.
final class PlantedSecretsIT {
  private static final String TENANT = "planted-tenant";
  private static final List<String> SECRETS = List.of(Planted.TEXT, Planted.PASSWORD, "PlantedKey");

  @TempDir private static Path root;

  private static final Metrics METRICS = new Metrics();

  @SuppressWarnings("NullAway.Init")
  private static DynamoLocal dynamo;

  @SuppressWarnings("NullAway.Init")
  private static RedisServer redis;

  @SuppressWarnings("NullAway.Init")
  private static ClientRows rows;

  @SuppressWarnings("NullAway.Init")
  private static Harness function;

  @BeforeAll
  static void start() {
    var _ = new TestModels(root).withSample();
    dynamo = DynamoLocal.start(0);
    dynamo.createTable("pilotlight-results", "pk", "expires_at");
    rows = new ClientRows(dynamo);
    rows.tenant(TENANT, 0);
    redis = RedisServer.start(0);
    try (Jedis jedis = redis.jedis()) {
      jedis.aclSetUser("pilot", "on", ">" + Planted.PASSWORD, "~*", "+@all");
    }
    Map<String, String> settings = new HashMap<>();
    settings.put("PILOTLIGHT_MODELS", root.toString());
    settings.put("PILOTLIGHT_DEFAULT_MODEL", SAMPLE);
    settings.put("PILOTLIGHT_STORE", "required");
    settings.put("PILOTLIGHT_REDIS", redis.url());
    settings.put("PILOTLIGHT_REDIS_USER", "pilot");
    settings.put("PILOTLIGHT_REDIS_PASSWORD", Planted.PASSWORD);
    settings.put("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString());
    settings.put("AWS_REGION", "eu-west-1");
    settings.put("AWS_ACCESS_KEY_ID", "local");
    settings.put("AWS_SECRET_ACCESS_KEY", Planted.PASSWORD);
    settings.put("PILOTLIGHT_LOG_SLOW_MS", "0");
    settings.put("PILOTLIGHT_LOG_LEVEL", "debug");
    settings.put("PILOTLIGHT_METRICS", "each");
    settings.put("PILOTLIGHT_AUTH", "keys");
    settings.put("PILOTLIGHT_TENANT_FROM", "key");
    settings.put("PILOTLIGHT_PLANS", "default");
    settings.put("PILOTLIGHT_CLIENTS_TABLE", ClientRows.TABLE);
    function = new Harness(METRICS, settings);
  }

  @AfterAll
  static void stop() {
    function.close();
    rows.close();
    redis.close();
    dynamo.close();
  }

  @Test
  void noneIsInTheLogInAMetricInAnErrorOrInAnObjectsText() {
    String key = rows.key(TENANT);
    String unknown = ApiKey.create(TENANT, Planted.random());
    int answered = 0;
    int refused = 0;
    for (RouteRow row : RouteRow.ALL) {
      TestRequest request = planted(row.request("no-such-id"));
      for (TestRequest each :
          new TestRequest[] {request, cut(request), request.withBody(bytes())}) {
        for (String with : new String[] {key, unknown, key + "x"}) {
          Reply reply = function.send(each.with("authorization", "Bearer " + with).event());
          if (reply.status() < 400) {
            answered++;
          } else {
            refused++;
            requireNone(row + ", " + reply.status(), reply.text() + reply.headers());
          }
        }
      }
    }
    assertThat(answered).isGreaterThan(20);
    assertThat(refused).isGreaterThan(100);
    String log = String.join("\n", METRICS.lines());
    assertThat(log).contains("\"route\":\"POST /v1/embeddings\"").contains(TENANT);
    requireNone("the log", log);
    List<String> texts = Reachable.texts(function);
    assertThat(texts).as("objects with texts").hasSizeGreaterThan(50);
    texts.forEach(text -> requireNone("an object's text", text));
  }

  private static void requireNone(String where, String text) {
    // without the secrets, which the report of this test would have
    for (String secret : SECRETS) {
      List<String> lines =
          text.lines()
              .filter(line -> line.contains(secret))
              .map(line -> line.replaceAll(String.join("|", SECRETS), "SECRET"))
              .toList();
      assertThat(lines).as(where).isEmpty();
    }
  }

  private static TestRequest planted(TestRequest request) {
    String body = new String(request.body(), StandardCharsets.UTF_8);
    for (String word : new String[] {"x", "a", "b", "q"}) {
      body = body.replace('"' + word + '"', '"' + Planted.TEXT + ' ' + word + '"');
    }
    return request.withBody(body.getBytes(StandardCharsets.UTF_8));
  }

  /// The request without its last bytes, which is not JSON.
  private static TestRequest cut(TestRequest request) {
    byte[] body = request.body();
    return request.withBody(Arrays.copyOf(body, Math.max(0, body.length - 3)));
  }

  private static byte[] bytes() {
    return ("{\"" + Planted.TEXT).getBytes(StandardCharsets.UTF_8);
  }
}
