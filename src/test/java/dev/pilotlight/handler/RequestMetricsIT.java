package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.suite.leaks.Planted;
import dev.pilotlight.support.Usd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The metrics of each request to the whole function, with a real table.
final class RequestMetricsIT {
  private static final String PATH = "/v1/embeddings";
  private static final String COST = "pilotlight-cost-usd";
  private static final double INVOCATION_AND_REQUEST = 0.0000002 + 0.000001;
  private static final double READ = 0.5 * 0.000000125;
  private static final double WRITE = 0.000000625;

  @SuppressWarnings("NullAway.Init")
  private static DynamoLocal dynamo;

  @BeforeAll
  static void start() {
    dynamo = DynamoLocal.start(0);
    dynamo.createTable("pilotlight-results", "pk", "expires_at");
  }

  @AfterAll
  static void stop() {
    dynamo.close();
  }

  @Test
  void lineHasTiersStagesAndCost() {
    Metrics metrics = new Metrics();
    try (Harness function = function(metrics, "PILOTLIGHT_MEMORY_CACHE_BYTES", "0")) {
      // a look-up in vain and a write of two units: 1,536 bytes are the vector alone
      function.post(PATH, body("\"tiers\""));
      JsonNode miss = metrics.last();
      assertThat(miss.path("Tier").asText()).isEqualTo("run");
      assertThat(counts(miss)).containsExactly(1, 0, 0, 0, 1);
      requireCost(miss, READ + 2 * WRITE);
      assertThat(miss.path("StoreTime").isNumber()).isTrue();

      Harness.Reply known = function.post(PATH, body("\"tiers\""));
      JsonNode hit = metrics.last();
      assertThat(hit.path("Tier").asText()).isEqualTo("dynamodb");
      assertThat(counts(hit)).containsExactly(1, 0, 0, 1, 0);
      requireCost(hit, READ);
      assertThat(hit.has("RunTime")).isFalse();
      assertThat(known.header(COST)).isEqualTo(Usd.format(hit.path("EstimatedCost").asDouble()));

      // of three items one is known, one is new, and one is a repeat of that
      function.post(PATH, body("[\"tiers\", \"new\", \"new\"]"));
      JsonNode mixed = metrics.last();
      assertThat(mixed.path("Tier").asText()).isEqualTo("run");
      assertThat(counts(mixed)).containsExactly(3, 1, 0, 1, 1);
      assertThat(mixed.has("WastedRuns")).isFalse();
      requireCost(mixed, 2 * READ + 2 * WRITE);

      // strongly consistent: twice a half
      String id = known.json().at("/data/0/id").asText();
      Harness.Reply stored = function.send("GET", "/v1/results/" + id, Map.of(), new byte[0]);
      assertThat(stored.status()).as(stored.text()).isEqualTo(200);
      requireCost(metrics.last(), 2 * READ);
    }
  }

  @Test
  void onlyTheFirstRequestReportsTheStart() throws InterruptedException {
    Metrics metrics = new Metrics();
    try (Harness function = function(metrics, "AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")) {
      List<Thread> threads =
          IntStream.range(0, 6)
              .mapToObj(i -> Thread.ofPlatform().start(() -> function.post(PATH, body("\"x\""))))
              .toList();
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertThat(metrics.all()).hasSize(6);
    List<JsonNode> firsts =
        metrics.all().stream().filter(line -> line.path("ColdStarts").asInt() > 0).toList();
    assertThat(firsts).hasSize(1);
    assertThat(metrics.all().stream().filter(line -> line.has("InitTime"))).isEqualTo(firsts);
    assertThat(firsts.getFirst().path("ColdStarts").asInt()).isEqualTo(1);
    double init = firsts.getFirst().path("InitTime").asDouble();
    double gbSeconds = init / 1_000;
    assertThat(firsts.getFirst().path("EstimatedCost").asDouble())
        .as("the start is paid for")
        .isGreaterThan(gbSeconds * 0.0000133334 * 0.999);
  }

  @Test
  void provisionedEnvironmentReportsNoColdStartAndNoRehearsal() {
    Metrics metrics = new Metrics();
    try (Harness function =
        function(metrics, "AWS_LAMBDA_INITIALIZATION_TYPE", "provisioned-concurrency")) {
      assertThat(metrics.all()).isEmpty();
      function.post(PATH, body("\"provisioned\""));
      assertThat(metrics.last().path("ColdStarts").asInt(-1)).isZero();
      assertThat(metrics.last().path("InitTime").asDouble()).isPositive();
      assertThat(metrics.last().path("EstimatedCost").asDouble()).isLessThan(0.00001);
    }
  }

  @Test
  void failedRequestsAreCounted() {
    Metrics metrics = new Metrics();
    try (Harness function = function(metrics, "PILOTLIGHT_RESPONSE_BYTES_MAX", "16384")) {
      requireErrors(function.post(PATH, "{"), metrics, 400);
      requireErrors(function.post("/v1/nothing", "{}"), metrics, 404);
      String many = "[\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\"]";
      requireErrors(function.post(PATH, body(many)), metrics, 413);
      assertThat(metrics.last().has("Items")).as("it is refused before it is run").isFalse();

      int before = metrics.all().size();
      byte[] noEvent = "{\"hello\":1}".getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> function.send(noEvent)).isInstanceOf(IllegalArgumentException.class);
      assertThat(metrics.all()).hasSize(before + 1);
      assertThat(metrics.last().path("ServerErrors").asInt()).isEqualTo(1);
      assertThat(metrics.last().path("Tier").asText()).isEqualTo("none");
      assertThat(metrics.last().path("EstimatedCost").asDouble()).isGreaterThanOrEqualTo(0.0000002);
    }
  }

  /// How large an answer is that is compressed is known only when there is one.
  @Test
  void runsForATooLargeAnswerAreCounted() {
    Metrics metrics = new Metrics();
    String[] limits = {"PILOTLIGHT_RESPONSE_BYTES_MAX", "16384", "PILOTLIGHT_GZIP_BYTES_MIN", "1"};
    try (Harness function = function(metrics, limits)) {
      String many = "[\"i\", \"j\", \"k\", \"l\", \"m\", \"n\", \"o\", \"p\"]";
      Harness.Reply reply =
          function.send(
              "POST",
              PATH,
              Map.of("content-type", "application/json", "accept-encoding", "gzip"),
              body(many).getBytes(StandardCharsets.UTF_8));
      requireErrors(reply, metrics, 413);
      JsonNode line = metrics.last();
      assertThat(counts(line)).containsExactly(8, 0, 0, 0, 8);
      assertThat(line.path("Tier").asText()).isEqualTo("run");
      requireCost(line, 8 * READ + 8 * 2 * WRITE);
      assertThat(reply.header(COST)).isEqualTo(Usd.format(line.path("EstimatedCost").asDouble()));
    }
  }

  @Test
  void logAndMetricLinesNeverMix() throws InterruptedException {
    Metrics metrics = new Metrics();
    try (Harness function = function(metrics, "AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")) {
      List<Thread> threads =
          IntStream.range(0, 8)
              .mapToObj(i -> Thread.ofPlatform().start(() -> fail(function, i)))
              .toList();
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertThat(metrics.all()).hasSize(8 * 10);
    assertThat(metrics.lines()).allSatisfy(Harness.JSON::readTree);
    assertThat(metrics.lines().stream().mapToInt(RequestMetricsIT::failures).sum())
        .as("each request that fails is logged or counted")
        .isGreaterThanOrEqualTo(8 * 10);
  }

  private static int failures(String line) {
    try {
      JsonNode json = Harness.JSON.readTree(line);
      return json.path("level").asText().equals("WARN") ? json.path("repeats").asInt(1) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }

  private static void fail(Harness function, int thread) {
    for (int i = 0; i < 10; i++) {
      assertThat(function.post(PATH, body("\"lost %d %d\"".formatted(thread, i))).status())
          .isEqualTo(503);
    }
  }

  @Test
  void requestThatCannotBeStoredIsAServerError() {
    Metrics metrics = new Metrics();
    try (Harness function = function(metrics, "AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")) {
      Harness.Reply reply = function.post(PATH, body("\"lost\""));
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header(COST)).matches("0\\.\\d{10}");
      assertThat(metrics.last().path("ServerErrors").asInt()).isEqualTo(1);
      assertThat(metrics.last().path("ClientErrors").asInt()).isZero();
      // what was never read is not paid for
      requireCost(metrics.last(), 0);
    }
  }

  @Test
  void healthRequestsHaveACostAndNoItems() {
    Metrics metrics = new Metrics();
    try (Harness function = function(metrics)) {
      Harness.Reply reply = function.send("GET", "/v2/health/live", Map.of(), new byte[0]);
      assertThat(reply.header(COST)).matches("0\\.\\d{10}");
      assertThat(metrics.last().path("Tier").asText()).isEqualTo("none");
      assertThat(metrics.last().has("Items")).isFalse();
    }
  }

  @Test
  void metricsOffKeepsOnlyTheHeader() {
    Metrics metrics = new Metrics();
    try (Harness function = function(metrics, "PILOTLIGHT_METRICS", "off")) {
      assertThat(function.post(PATH, body("\"off\"")).header(COST)).matches("0\\.\\d{10}");
      assertThat(metrics.all()).isEmpty();
    }
  }

  private static void requireErrors(Harness.Reply reply, Metrics metrics, int status) {
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.header(COST)).matches("0\\.\\d{10}");
    assertThat(metrics.last().path("ClientErrors").asInt()).isEqualTo(1);
    assertThat(metrics.last().path("ServerErrors").asInt()).isZero();
    assertThat(metrics.last().path("Requests").asInt()).isEqualTo(1);
  }

  /// Items, and how many of them each tier knew.
  private static List<Integer> counts(JsonNode line) {
    return List.of("Items", "MemoryHits", "RedisHits", "DynamoDbHits", "Inferences").stream()
        .map(name -> line.get(name).asInt())
        .toList();
  }

  /// 1,024 MB are one GB; the time is that of the line, but for what came after the header was
  /// made.
  private static void requireCost(JsonNode line, double store) {
    double init = line.path("ColdStarts").asInt() > 0 ? line.path("InitTime").asDouble() : 0;
    double seconds = (line.path("Duration").asDouble() + init) / 1_000;
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    double time = seconds * (arm ? 0.0000133334 : 0.0000166667);
    double wholeMillis = 0.0000166667 * 0.003;
    assertThat(line.path("EstimatedCost").asDouble())
        .isCloseTo(time + INVOCATION_AND_REQUEST + store, within(wholeMillis));
  }

  private static String body(String input) {
    return "{\"model\":\"all-minilm-l6-v2\",\"encoding_format\":\"float\",\"input\":%s}"
        .formatted(input);
  }

  private static Harness function(Metrics metrics, String... more) {
    return new Harness(
        metrics,
        Map.of(
            "PILOTLIGHT_STORE", "required",
            "AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString(),
            "AWS_REGION", "eu-west-1",
            "AWS_ACCESS_KEY_ID", "local",
            "AWS_SECRET_ACCESS_KEY", Planted.PASSWORD,
            "AWS_LAMBDA_FUNCTION_NAME", "api",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024"),
        more);
  }
}
