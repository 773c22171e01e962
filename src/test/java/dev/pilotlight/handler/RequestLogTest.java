package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.Later;
import dev.pilotlight.protocol.http.TraceHeader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/// The log's line about a request.
final class RequestLogTest {
  private static final String PATH = "/v1/embeddings";
  private static final String SECRET = "a-very-private-text";
  private static final String BODY =
      "{\"model\":\"all-minilm-l6-v2\",\"input\":[\"%s\",\"b\"]}".formatted(SECRET);

  private final Metrics metrics = new Metrics();

  @Test
  void slowRequestHasEveryIdAndWhatItDid() {
    try (Harness function = function("PILOTLIGHT_LOG_SLOW_MS", "0")) {
      Harness.Reply reply =
          function.send(
              "POST",
              PATH,
              Map.of("content-type", "application/json", "x-request-id", "caller-1"),
              BODY.getBytes(StandardCharsets.UTF_8));
      assertThat(reply.status()).isEqualTo(200);
      JsonNode line = only();
      assertThat(line.path("level").asText()).isEqualTo("INFO");
      assertThat(line.path("reason").asText()).isEqualTo("slow");
      assertThat(line.path("status").asInt()).isEqualTo(200);
      assertThat(line.path("requestId").asText())
          .isEqualTo("caller-1")
          .isEqualTo(reply.header("x-request-id"));
      assertThat(line.path("gatewayRequestId").asText()).isEqualTo("r-1");
      assertThat(line.path("lambdaRequestId").asText()).isEqualTo(Harness.INVOCATION_ID);
      assertThat(line.path("traceId").asText()).isEqualTo(Harness.TRACE_ID);
      assertThat(line.path("route").asText()).isEqualTo("POST /v1/embeddings");
      assertThat(line.path("model").asText()).isEqualTo("all-minilm-l6-v2");
      assertThat(line.path("modelVersion").asText()).isEqualTo("1");
      assertThat(line.path("items").asInt()).isEqualTo(2);
      assertThat(line.path("tokens").asInt())
          .isEqualTo(reply.json().at("/usage/prompt_tokens").asInt())
          .isPositive();
      assertThat(line.path("tier").asText()).isEqualTo("run");
      double stages =
          List.of("decodeMs", "lookupMs", "tokenizeMs", "runMs", "encodeMs").stream()
              .peek(stage -> assertThat(line.path(stage).isNumber()).as(stage).isTrue())
              .mapToDouble(stage -> line.path(stage).asDouble())
              .sum();
      assertThat(line.path("ms").asDouble()).isGreaterThanOrEqualTo(stages);
      assertThat(line.has("_aws")).as("no value is a dimension or a metric").isFalse();
    }
  }

  /// docs/costs.md has the cost of these bytes.
  @Test
  void lineIsAboutAsLongAsTheCostsAssume() throws IOException {
    Properties workload = new Properties();
    try (InputStream in = RequestLogTest.class.getResourceAsStream("/costs/workload.properties")) {
      workload.load(Objects.requireNonNull(in));
    }
    try (Harness function = function("PILOTLIGHT_LOG_SLOW_MS", "0")) {
      function.post(PATH, BODY);
      assertThat((double) only().toString().length())
          .isCloseTo(
              Double.parseDouble(
                  Objects.requireNonNull(workload.getProperty("request.line.bytes"))),
              Percentage.withPercentage(10));
    }
  }

  @Test
  void refusedRequestIsOnlyInTheSample() {
    try (Harness function = function()) {
      assertThat(function.post(PATH, "{").status()).isEqualTo(400);
      Map<String, String> cached =
          Map.of("content-type", "application/json", "cache-control", "only-if-cached");
      byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
      assertThat(function.send("POST", PATH, cached, body).status()).isEqualTo(504);
      assertThat(function.send("GET", "/nowhere", Map.of(), new byte[0]).status()).isEqualTo(404);
      assertThat(lines()).isEmpty();
    }
  }

  @Test
  void sampledRefusalHasALineWithoutWhatTheCallerWrote() {
    try (Harness function = function("PILOTLIGHT_LOG_SAMPLE", "1")) {
      String wrong = "{\"model\":\"%s\",\"input\":\"x\"}".formatted(SECRET);
      assertThat(function.post(PATH, wrong).status()).isEqualTo(404);
      assertThat(only().path("reason").asText()).isEqualTo("sample");
      assertThat(only().path("status").asInt()).isEqualTo(404);
      assertThat(only().has("model")).isFalse();
      assertThat(only().path("tier").asText()).isEqualTo("none");

      Map<String, String> headers = Map.of("authorization", SECRET, "x-request-id", "ä " + SECRET);
      function.send("GET", "/" + SECRET, headers, new byte[0]);
      function.send("GET", "/v1/results/" + SECRET, headers, new byte[0]);
      assertThat(lines()).hasSize(3);
      assertThat(lines().getLast().path("route").asText()).isEqualTo("GET /v1/results/{id}");
      assertThat(lines().get(1).path("route").asText()).isEqualTo("none");
      assertThat(lines().get(1).path("requestId").asText()).isEqualTo("r-1");
      assertThat(metrics.lines()).noneMatch(line -> line.contains(SECRET));
    }
  }

  @Test
  void sampleIsOneInSoMany() {
    try (Harness function = function("PILOTLIGHT_LOG_SAMPLE", "2")) {
      for (int i = 0; i < 100; i++) {
        function.send("GET", "/v2/health/live", Map.of(), new byte[0]);
      }
      // fewer than 20 or more than 80 of 100: once in 10^8 runs
      assertThat(lines()).hasSizeBetween(20, 80);
      assertThat(lines())
          .allSatisfy(line -> assertThat(line.path("reason").asText()).isEqualTo("sample"));
    }
  }

  @Test
  void otherRequestsHaveNone() {
    try (Harness function = function()) {
      assertThat(function.post(PATH, BODY).status()).isEqualTo(200);
      assertThat(lines()).isEmpty();
    }
  }

  @Test
  void neitherHasOneWithLinesOfWarningsOnly() {
    try (Harness function =
        function("PILOTLIGHT_LOG_LEVEL", "warn", "PILOTLIGHT_LOG_SAMPLE", "1")) {
      assertThat(function.post(PATH, "{").status()).isEqualTo(400);
      assertThat(lines()).isEmpty();
    }
  }

  @Test
  void rehearsalHasNone() {
    try (Harness function =
        function(
            "AWS_LAMBDA_INITIALIZATION_TYPE",
            "provisioned-concurrency",
            "PILOTLIGHT_LOG_SLOW_MS",
            "0")) {
      assertThat(lines()).isEmpty();
      function.post(PATH, BODY);
      assertThat(lines()).hasSize(1);
    }
  }

  @Test
  void eventThatIsNotARequestHasLambdasIds() {
    try (Harness function = function()) {
      byte[] noEvent = "{\"hello\":1}".getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> function.send(noEvent)).isInstanceOf(IllegalArgumentException.class);
      assertThat(only().path("reason").asText()).isEqualTo("error");
      assertThat(only().path("status").asInt()).isEqualTo(500);
      assertThat(only().path("lambdaRequestId").asText()).isEqualTo(Harness.INVOCATION_ID);
      assertThat(only().has("requestId")).isFalse();
    }
  }

  @Test
  void lineComesAfterTheAnswerIfItIsFirst() {
    Later later = new Later();
    try (Harness function = function("PILOTLIGHT_LOG_SAMPLE", "1")) {
      byte[] event =
          """
          {"version":"2.0","rawPath":"/v2/health/live","rawQueryString":"","headers":{},
           "requestContext":{"requestId":"r-2","http":{"method":"GET","path":"/v2/health/live"}}}"""
              .getBytes(StandardCharsets.UTF_8);
      later.refuse();
      assertThat(function.send(event, later).status()).isEqualTo(200);
      assertThat(lines()).isEmpty();
      later.run();
      assertThat(only().path("status").asInt()).as("Lambda refused the answer").isEqualTo(500);
      assertThat(only().path("gatewayRequestId").asText()).isEqualTo("r-2");
    }
  }

  @Test
  void traceIdIsTheRootOfXRaysHeader() {
    assertThat(TraceHeader.root("Root=1-a-b;Parent=c;Sampled=0")).isEqualTo("1-a-b");
    assertThat(TraceHeader.root("Parent=c;Root=1-a-b")).isEqualTo("1-a-b");
    assertThat(TraceHeader.root("Parent=c")).isNull();
    assertThat(TraceHeader.root("OtherRoot=1-x;Root=1-a-b")).isEqualTo("1-a-b");
    assertThat(TraceHeader.root("OtherRoot=1-x")).isNull();
    assertThat(TraceHeader.root(null)).isNull();
  }

  private JsonNode only() {
    assertThat(lines()).hasSize(1);
    return lines().getFirst();
  }

  private List<JsonNode> lines() {
    return metrics.lines().stream()
        .filter(line -> line.contains("\"message\":\"request\""))
        .map(RequestLogTest::parse)
        .toList();
  }

  private static JsonNode parse(String line) {
    try {
      return Harness.JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }

  /// Without a sample, unless `more` has one.
  private Harness function(String... more) {
    return new Harness(
        metrics, Map.of("PILOTLIGHT_LOG_SAMPLE", "0", "PILOTLIGHT_LOG_SLOW_MS", "600000"), more);
  }
}
