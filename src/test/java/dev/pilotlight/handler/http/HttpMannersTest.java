package dev.pilotlight.handler.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.protocol.http.Router;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// HTTP features that clients expect: HEAD, slashes, encodings, Cache-Control.
class HttpMannersTest {
  private static final String EMBEDDINGS = "/v1/embeddings";
  private static final String INFER = "/v2/models/all-minilm-l6-v2/infer";
  private static final String CACHE_STATUS = "cache-status";
  private static final int BOMB_BYTES = 64 << 20;

  @SuppressWarnings("NullAway.Init")
  private static Harness harness;

  @BeforeAll
  static void start() {
    harness = new Harness("PILOTLIGHT_GZIP_BYTES_MIN", "100");
  }

  @AfterAll
  static void stop() {
    harness.close();
  }

  @Test
  void theRootListsTheRoutes() {
    Reply reply = harness.send(TestRequest.of("GET", "/").event());
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("content-type")).isEqualTo("application/json");
    JsonNode root = reply.json();
    assertThat(root.get("name").asText()).isEqualTo("pilotlight");
    assertThat(root.get("routes")).hasSize(Router.routes().size());
    assertThat(root.at("/routes/0").toString())
        .isEqualTo("{\"method\":\"POST\",\"path\":\"/v1/embeddings\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "/, ''",
    "/v2, ''",
    "/v1/models, ''",
    "/v2/models/all-minilm-l6-v2, gzip",
    "/v2/health/ready, ''",
    "/v1/models/none, ''",
    "/nothing, ''",
    "/v1/embeddings, ''",
  })
  void headHasTheHeadersOfGetAndItsLength(String path, String encoding) {
    Map<String, String> headers = Map.of("accept-encoding", encoding, "x-request-id", "r");
    Reply get = harness.send("GET", path, headers, new byte[0]);
    Reply head = harness.send("HEAD", path, headers, new byte[0]);
    assertThat(head.status()).isEqualTo(get.status());
    assertThat(head.body()).isEmpty();
    assertThat(head.header("content-encoding")).isEqualTo(get.header("content-encoding"));
    if (get.status() != 405) { // whose message names the method
      int length = get.header("content-encoding").isEmpty() ? get.body().length : sentBytes(get);
      assertThat(head.header("content-length")).isEqualTo(Integer.toString(length));
    }
    assertThat(get.headers().has("content-length")).isFalse();
  }

  private static int sentBytes(Reply reply) {
    return reply.body().length;
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/embeddings/", "/v1/embeddings//"})
  void aTrailingSlashIsTheSameEndpoint(String path) {
    assertThat(harness.post(path, text("slash")).status()).isEqualTo(200);
    assertThat(harness.send(TestRequest.of("GET", "/v2/health/ready/").event()).status())
        .isEqualTo(200);
    assertThat(harness.post(INFER + "/", infer("slash")).status()).isEqualTo(200);
  }

  @Test
  void aDeflatedBodyIsInflatedInBothForms() {
    byte[] plain = TestRequest.utf8(text("deflate ".repeat(20)));
    for (byte[] body : new byte[][] {Deflated.zlib(plain), Deflated.bare(plain)}) {
      assertThat(harness.send(deflated(body)).status()).isEqualTo(200);
    }
  }

  @Test
  void aDeflatedBodyThatIsNotIsRefusedAndABombIsTooLarge() {
    byte[] good = Deflated.zlib(TestRequest.utf8(text("x")));
    assertThat(harness.send(deflated(Arrays.copyOf(good, good.length - 1))).status())
        .isEqualTo(400);
    assertThat(harness.send(deflated(Arrays.copyOf(good, good.length + 1))).status())
        .isEqualTo(400);
    assertThat(harness.send(deflated(Arrays.copyOf(good, good.length + 9_999))).status())
        .isEqualTo(400);
    assertThat(harness.send(deflated(TestRequest.utf8(text("x")))).status()).isEqualTo(400);
    assertThat(harness.send(deflated(new byte[] {0x78, (byte) 0xBB, 1, 2, 3, 4})).status())
        .as("with an unknown dictionary")
        .isEqualTo(400);
    assertThat(harness.send(deflated(Deflated.zlib(new byte[BOMB_BYTES]))).status()).isEqualTo(413);
    assertThat(harness.send(deflated(Deflated.bare(new byte[BOMB_BYTES]))).status()).isEqualTo(413);
  }

  private static byte[] deflated(byte[] body) {
    return TestRequest.post(EMBEDDINGS, body)
        .with("content-type", "application/json")
        .with("content-encoding", "deflate")
        .event();
  }

  @Test
  void inferNeedsNoContentType() {
    TestRequest json = TestRequest.post(INFER, TestRequest.utf8(infer("untyped")));
    assertThat(harness.send(json.event()).status()).isEqualTo(200);
    assertThat(harness.send(json.restEvent()).status()).isEqualTo(200);
    assertThat(harness.send(json.with("content-type", "").event()).status()).isEqualTo(200);
    assertThat(harness.send(json.compressed().event()).status()).isEqualTo(200);
    int length = json.body().length;
    TestRequest binary = json.with("inference-header-content-length", Integer.toString(length));
    assertThat(harness.send(binary.event()).status()).isEqualTo(200);
  }

  @Test
  void onlyIfCachedAnswersWhatIsKeptAndRunsNothing() {
    Reply miss = post(text("kept"), "only-if-cached");
    assertThat(miss.status()).isEqualTo(504);
    assertThat(miss.text()).contains("\"param\":\"cache-control\"", "\"code\":\"not_cached\"");
    assertThat(post(text("kept"), "only-if-cached").status()).as("nothing ran").isEqualTo(504);

    assertThat(post(text("kept"), "").status()).isEqualTo(200);
    Reply hit = post(text("kept"), "Only-If-Cached, max-stale=60");
    assertThat(hit.status()).isEqualTo(200);
    assertThat(hit.header(CACHE_STATUS)).isEqualTo("pilotlight; hit; detail=\"memory\"");

    Reply some =
        post("{\"model\":\"all-minilm-l6-v2\",\"input\":[\"kept\",\"not\"]}", "only-if-cached");
    assertThat(some.status()).isEqualTo(504);
    assertThat(some.text()).contains("1 of 2 items are not kept");
  }

  @Test
  void onlyIfCachedFindsATextUnderItsTruncatedForm() {
    String body =
        "{\"model\":\"all-minilm-l6-v2\",\"truncate\":true,\"input\":\"%s\"}"
            .formatted("word ".repeat(600));
    assertThat(post(body, "only-if-cached").status()).isEqualTo(504);
    assertThat(post(body, "").status()).isEqualTo(200);
    assertThat(post(body, "only-if-cached").header(CACHE_STATUS)).contains("; hit;");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-cache", "no-store", "max-age=0"})
  void onlyIfCachedWithWhatForbidsTheCacheAllowsNoAnswer(String other) {
    assertThat(post(text("both"), "").status()).isEqualTo(200);
    assertThat(post(text("both"), other + ", only-if-cached").status()).isEqualTo(504);
    assertThat(post(text("both"), "only-if-cached, " + other).status()).isEqualTo(504);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max-age=0         | pilotlight; fwd=request",
        "Max-Age=0         | pilotlight; fwd=request",
        "max-age=\"0\"     | pilotlight; fwd=request",
        "max-age=00        | pilotlight; fwd=request",
        "private, max-age=0| pilotlight; fwd=request",
        "no-cache          | pilotlight; fwd=request",
        "max-age=1         | pilotlight; hit; detail=\"memory\"",
        "max-age=          | pilotlight; hit; detail=\"memory\"",
        "max-age           | pilotlight; hit; detail=\"memory\"",
        "max-age=x         | pilotlight; hit; detail=\"memory\"",
        "s-maxage=0        | pilotlight; hit; detail=\"memory\"",
      })
  void maxAgeOfZeroRecomputesAsNoCacheDoes(String directives, String status) {
    assertThat(post(text("age"), "").status()).isEqualTo(200);
    assertThat(post(text("age"), directives).header(CACHE_STATUS)).isEqualTo(status);
  }

  private static Reply post(String body, String cacheControl) {
    TestRequest request = TestRequest.post(EMBEDDINGS, body);
    return harness.send(
        (cacheControl.isEmpty() ? request : request.with("cache-control", cacheControl)).event());
  }

  private static String text(String text) {
    return "{\"model\":\"all-minilm-l6-v2\",\"input\":\"%s\"}".formatted(text);
  }

  private static String infer(String text) {
    return "{\"inputs\":[%s]}"
        .formatted(
            "{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"" + text + "\"]}");
  }
}
