package dev.pilotlight.handler.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromSs;

import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.Metrics;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A function that only a CloudFront distribution may call.
final class ClosedOriginIT extends FunctionWithKeys {
  private static final String OLD = "old".repeat(12);
  private static final String NEW = "new".repeat(12);

  @SuppressWarnings("NullAway.Init")
  private Harness function;

  @SuppressWarnings("NullAway.Init")
  private String key;

  @BeforeAll
  void open() {
    rows.tenant("ada", 0);
    rows.tenant("bob", 0);
    key = rows.key("ada");
    String secrets = "PILOTLIGHT_EDGE_SECRETS";
    function = function(new Metrics(), secrets, NEW + "," + OLD, "PILOTLIGHT_EDGE_SECONDS", "90");
  }

  @AfterAll
  void close() {
    function.close();
  }

  @Test
  void aRequestAroundTheDistributionIsRefused() {
    for (String path : List.of("/v2/health/live", "/v2/models", "/v1/embeddings", "/none")) {
      Reply reply = function.send("GET", path, bearer(key), new byte[0]);
      assertThat(reply.status()).as(path).isEqualTo(403);
      assertThat(reply.header("cache-control")).isEqualTo("no-store");
    }
    assertThat(infer(function, key, Map.of("x-pl-origin", "guess")).status()).isEqualTo(403);
    assertThat(copied("/v2/models", key, "").status()).isEqualTo(403);
  }

  @Test
  void bothSecretsAreAcceptedAndAKeyIsStillRequired() {
    for (String secret : List.of(OLD, NEW)) {
      assertThat(infer(function, key, Map.of("x-pl-origin", secret)).status()).isEqualTo(200);
      assertThat(copied("/v2/models", "", secret).status()).isEqualTo(401);
      assertThat(copied("/v2/models", key + "x", secret).status()).isEqualTo(401);
      Map<String, String> live = Map.of("x-pl-origin", secret);
      assertThat(function.send("GET", "/v2/health/live", live, new byte[0]).status())
          .isEqualTo(200);
    }
  }

  @Test
  void theCopiedKeyNamesTheCallerAndTheOwnersHeaderDoesNot() {
    Reply first = infer(function, key, Map.of("x-pl-origin", NEW));
    String id = first.json().at("/parameters/result_ids").asText();
    Reply own = copied("/v1/results/" + id, key, NEW);
    assertThat(own.status()).isEqualTo(200);
    assertThat(own.header("cache-control")).isEqualTo("max-age=0, s-maxage=90, must-revalidate");
    assertThat(own.header("etag")).isNotEmpty();
    assertThat(own.header("x-request-id")).isEmpty();
    assertThat(own.header("pilotlight-cost-usd")).isEmpty();
    Map<String, String> headers = headers(rows.key("bob"), NEW);
    headers.put("x-pl-tenant", "ada#0:*");
    Reply others = function.send("GET", "/v1/results/" + id, headers, new byte[0]);
    assertThat(others.status()).isEqualTo(404);
    assertThat(others.header("cache-control")).isEqualTo("no-store");
  }

  @Test
  void ownerMismatchOrMissingCopiedKeyPreventsCaching() {
    Map<String, String> headers = headers(key, NEW);
    assertThat(control(headers)).contains("s-maxage=60");
    headers.put("x-pl-tenant", "ada#1:*");
    assertThat(control(headers)).isEqualTo("no-store");
    Map<String, String> own = new HashMap<>(bearer(key));
    own.put("x-pl-origin", NEW);
    own.put("x-pl-tenant", "ada#0:*");
    assertThat(control(own)).isEqualTo("no-store");
    String limited = rows.key("ada", Map.of("models", fromSs(List.of("other"))));
    assertThat(control(headers(limited, NEW))).isEqualTo("no-store");
  }

  private String control(Map<String, String> headers) {
    Reply reply = function.send("GET", "/v2/models", headers, new byte[0]);
    assertThat(reply.status()).isEqualTo(200);
    return reply.header("cache-control");
  }

  @Test
  void aPostIsNeverKept() {
    Reply reply = infer(function, key, Map.of("x-pl-origin", NEW));
    assertThat(reply.header("cache-control")).isEqualTo("no-store");
    assertThat(reply.header("x-request-id")).isNotEmpty();
  }

  @Test
  void aKeysRightsHoldForTheGetForm() {
    String other = rows.key("ada", Map.of("models", fromSs(List.of("other"))));
    String query = "{\"rawPath\":\"/v1/embeddings\",\"rawQueryString\":\"model=identity&input=a\",";
    String event =
        query
            + "\"headers\":{\"x-pl-origin\":\"%s\",\"x-pl-key\":\"%s\"},".formatted(NEW, other)
            + "\"requestContext\":{\"http\":{\"method\":\"GET\"}}}";
    assertThat(function.send(event.getBytes(StandardCharsets.UTF_8)).status()).isEqualTo(403);
  }

  private Reply copied(String path, String copied, String secret) {
    return function.send("GET", path, headers(copied, secret), new byte[0]);
  }

  private static Map<String, String> headers(String copied, String secret) {
    Map<String, String> headers = new HashMap<>();
    if (!copied.isEmpty()) {
      headers.put("x-pl-key", copied);
      headers.put("x-pl-tenant", "ada#0:*");
    }
    if (!secret.isEmpty()) {
      headers.put("x-pl-origin", secret);
    }
    return headers;
  }
}
