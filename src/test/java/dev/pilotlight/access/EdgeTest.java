package dev.pilotlight.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.Requests;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.support.Log;
import dev.pilotlight.tenant.Caller;
import dev.pilotlight.tenant.EdgeSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EdgeTest {
  private static final String FIRST = "a".repeat(32);
  private static final String SECOND = "b".repeat(32);
  private static final String RESULT = "/v1/results/" + "0".repeat(43);

  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final Edge edge =
      new Edge(
          new EdgeSettings(List.of(FIRST, SECOND), Duration.ofMinutes(5)),
          new Log(new PrintStream(logged, true, StandardCharsets.UTF_8), Log.Level.INFO));

  @Test
  void bothSecretsAreAdmittedDuringARotation() {
    assertThat(edge.admit(with("x-pl-origin", FIRST))).isNull();
    assertThat(edge.admit(with("x-pl-origin", SECOND))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "AAAA", "a,b"})
  void anythingElseIsRefused(String secret) {
    assertRefused(with("x-pl-origin", secret));
  }

  @Test
  void aRequestWithoutSecretIsRefusedEvenWithACopiedKey() {
    assertRefused(with("x-pl-key", "pl_ada_x"));
    assertRefused(with("x-pl-origin", FIRST + "," + FIRST));
  }

  @Test
  void theCopiedKeyIsReadWithTheSecretAlone() {
    Map<String, String> headers = Map.of("x-pl-origin", SECOND, "x-pl-key", "pl_ada_x");
    assertThat(edge.admit(Requests.of("GET", "/", headers, ""))).isEqualTo("pl_ada_x");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, 200, /v1/embeddings, , 300",
    "HEAD, 200, /v1/embeddings, , 300",
    "GET, 200, /predict, , 300",
    "GET, 304, RESULT, , 300",
    "GET, 200, RESULT, , 300",
    "GET, 200, RESULT, max-age=60, 300",
    "GET, 200, /v1/models, , 60",
    "GET, 200, /v1/models/a, , 60",
    "GET, 200, /v2/models, , 60",
    "GET, 200, /v2/models/a/versions/1, , 60",
    "GET, 200, /v2/models/a/config, , 60",
    "GET, 200, /v2/models/a/ready, , 0",
    "GET, 200, /v2/models/a/stats, , 0",
    "GET, 200, /v2/models/stats, , 0",
    "GET, 200, /v2/health/live, , 0",
    "GET, 200, /v1/usage, , 0",
    "GET, 200, /v1/files, , 0",
    "GET, 200, /v1/batches, , 0",
    "GET, 200, /, , 0",
    "POST, 200, /v1/embeddings, , 0",
    "POST, 200, /predict, , 0",
    "GET, 400, /v1/embeddings, , 0",
    "GET, 401, /v1/embeddings, , 0",
    "GET, 404, RESULT, , 0",
    "GET, 429, RESULT, , 0",
    "GET, 500, RESULT, , 0",
    "GET, 200, RESULT, no-store, 0",
    "GET, 200, RESULT, no-cache, 0",
    "GET, 200, RESULT, max-age=0, 0",
    "GET, 200, RESULT, only-if-cached, 0",
    "GET, 200, RESULT, 'no-store, only-if-cached', 0",
  })
  void onlyAllowedAnswersAreCacheable(
      String method, int status, String path, String cacheControl, int seconds) {
    String target = path.equals("RESULT") ? RESULT : path;
    Map<String, String> sent = new HashMap<>(Map.of(EdgeOwner.OWNER, "ada#0:*"));
    if (cacheControl != null) {
      sent.put(CONTROL, cacheControl);
    }
    HttpRequest request = Requests.of(method, target, sent, "");
    HttpResponse answer = edge.withCacheControl(answer(status), request, () -> key(null, null));
    String expected =
        seconds == 0 ? "no-store" : "max-age=0, s-maxage=" + seconds + ", must-revalidate";
    assertThat(answer.headers()).containsEntry(CONTROL, expected);
    assertThat(answer.headers()).containsEntry("etag", "W/\"x\"");
    assertThat(answer.headers().containsKey("x-request-id")).isEqualTo(seconds == 0);
    assertThat(answer.headers().containsKey("cache-status")).isEqualTo(seconds == 0);
    assertThat(answer.headers().containsKey("server-timing")).isEqualTo(seconds == 0);
    assertThat(answer.headers().containsKey("pilotlight-cost-usd")).isEqualTo(seconds == 0);
    assertThat(answer.headers().containsKey("ratelimit-policy")).isEqualTo(seconds == 0);
    assertThat(answer.headers().containsKey("x-ratelimit-limit-tokens")).isEqualTo(seconds == 0);
  }

  @Test
  void requestWithoutCopiedKeyIsNotCached() {
    HttpRequest request = Requests.of("GET", RESULT, Map.of(EdgeOwner.OWNER, "ada#0:*"), "");
    assertThat(edge.withCacheControl(answer(200), request, () -> null).headers())
        .containsEntry(CONTROL, "no-store");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ada#1:*", "eve#0:*", "ada#0", "ada#0:x"})
  void ownerMismatchIsLoggedAndNotCached(String owner) {
    HttpRequest request = Requests.of("GET", RESULT, Map.of(EdgeOwner.OWNER, owner), "");
    HttpResponse answer = edge.withCacheControl(answer(200), request, () -> key(null, null));
    assertThat(answer.headers()).containsEntry(CONTROL, "no-store");
    assertThat(logged.toString(StandardCharsets.UTF_8)).contains("KeyValueStore", "0123abcd");
  }

  @Test
  void aKeyWithFewerRightsSharesNothingWithAKeyThatHasAll() {
    HttpRequest request = Requests.of("GET", RESULT, Map.of(EdgeOwner.OWNER, "ada#0:*"), "");
    for (KnownKey limited : List.of(key(Set.of("m"), null), key(null, Set.of("results")))) {
      assertThat(edge.withCacheControl(answer(200), request, () -> limited).headers())
          .containsEntry(CONTROL, "no-store");
    }
  }

  @Test
  void cacheablePathsMatchTheTemplate() throws IOException {
    List<String> patterns = TemplateEdge.keptPaths();
    for (Router.Template route : Router.routes()) {
      String path = path(route);
      HttpRequest request =
          Requests.of(route.method(), path, Map.of(EdgeOwner.OWNER, "ada#0:*"), "");
      HttpResponse answer = edge.withCacheControl(answer(200), request, () -> key(null, null));
      if (!"no-store".equals(answer.headers().get(CONTROL))) {
        assertThat(patterns).as(path).anyMatch(each -> TemplateEdge.fits(each, path));
      }
    }
    for (String pattern : patterns) {
      assertThat(Router.routes())
          .as(pattern)
          .anyMatch(each -> each.method().equals("GET") && TemplateEdge.fits(pattern, path(each)));
    }
  }

  /// A path of a route, with an id and a version that are well-formed.
  private static String path(Router.Template route) {
    return route
        .path()
        .replace("/results/{id}", RESULT.substring("/v1".length()))
        .replace("/versions/{version}", "/versions/1")
        .replaceAll("\\{[a-z_]+}", "x");
  }

  private static KnownKey key(@Nullable Set<String> models, @Nullable Set<String> routes) {
    Caller caller = new Caller("key:ada", "0123abcd", "", 0, models, routes);
    return new KnownKey(caller, models, Long.MAX_VALUE, Moment.Clocks.SYSTEM.now());
  }

  private static final String CONTROL = "cache-control";

  private static HttpResponse answer(int status) {
    return HttpResponse.json(status, new byte[] {'{', '}'})
        .with(CONTROL, "private, no-cache")
        .with("etag", "W/\"x\"")
        .with("x-request-id", "r-1")
        .with("cache-status", "pilotlight; hit")
        .with("server-timing", "run;dur=1")
        .with("pilotlight-cost-usd", "0.1")
        .with("ratelimit-policy", "x")
        .with("x-ratelimit-limit-tokens", "1");
  }

  private void assertRefused(HttpRequest request) {
    assertThat(Requests.refusal(() -> edge.admit(request)).reason()).isEqualTo(Reason.FORBIDDEN);
  }

  private static HttpRequest with(String name, String value) {
    return Requests.withHeader(name, value);
  }
}
