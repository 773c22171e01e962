package dev.pilotlight.handler.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.handler.ApiHandler;
import dev.pilotlight.handler.App;
import dev.pilotlight.handler.BatchHandler;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Metrics;
import dev.pilotlight.handler.TestContext;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.suite.leaks.Planted;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A ping that keeps an environment warm is answered by both functions, and counts as nothing.
class WarmUpIT {
  private static final String WARM = "{\"warm\":true}";

  private static final Metrics METRICS = new Metrics();

  @SuppressWarnings("NullAway.Init")
  private static App app;

  @SuppressWarnings("NullAway.Init")
  private static BatchHandler batch;

  @BeforeAll
  static void start() {
    // no store answers: a ping asks none
    app =
        App.start(
            Map.of(
                "PILOTLIGHT_MODELS", "models",
                "PILOTLIGHT_TENANT_FROM", "principal",
                "PILOTLIGHT_STORE_READ_MS", "10",
                "PILOTLIGHT_STORE_ATTEMPT_MS", "10",
                "AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1",
                "AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1",
                "AWS_REGION", "eu-west-1",
                "AWS_ACCESS_KEY_ID", "local",
                "AWS_SECRET_ACCESS_KEY", Planted.PASSWORD),
            METRICS.out());
    batch = new BatchHandler(app);
  }

  @AfterAll
  static void stop() {
    app.close();
  }

  @BeforeEach
  void forget() {
    assertThat(METRICS.all()).isEmpty();
  }

  static Stream<String> pings() {
    return Stream.of(
        "",
        "  ",
        "{}",
        " { } ",
        "null",
        // EventBridge's rule, with and without a payload; EventBridge Scheduler
        """
        {"version":"0","id":"53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
         "detail-type":"Scheduled Event","source":"aws.events","account":"123456789012",
         "time":"2026-11-29T00:00:00Z","region":"eu-west-1",
         "resources":["arn:aws:events:eu-west-1:123456789012:rule/warm"],"detail":{}}""",
        "{\"source\":\"aws.events\"}",
        "{\"version\":\"0\",\"detail-type\":\"Scheduled Event\",\"source\":\"aws.scheduler\"}",
        // serverless-plugin-warmup and its forks
        "{\"source\":\"serverless-plugin-warmup\"}",
        "{\"Event\":{\"source\":\"x\"},\"source\":\"serverless-plugin-warmup\"}",
        "{\"source\":\"serverless-plugin-lambda-warmup\"}",
        "{\"source\":\"serverless-plugin-warmup-rfoel\"}",
        // lambda-warmer, which also calls the function itself
        "{\"warmer\":true,\"concurrency\":3}",
        """
        {"warmer":true,"concurrency":3,"__WARMER_INVOCATION__":2,"__WARMER_CONCURRENCY__":3,
         "__WARMER_CORRELATIONID__":"5f4dcc3b"}""",
        // OpenNext
        """
        {"type":"warmer","warmerId":"warmer-1","index":0,"concurrency":1,"delay":75}""",
        "{\"warmup\":true}");
  }

  @ParameterizedTest
  @MethodSource("pings")
  void aPingIsAnsweredByTheApi(String event) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    new ApiHandler(app).handleRequest(in(event), answer, new TestContext());
    assertThat(answer).hasToString(WARM);
    assertThat(METRICS.lines()).noneMatch(line -> line.contains("\"Requests\""));
  }

  @ParameterizedTest
  @MethodSource("pings")
  void aPingIsAnsweredByTheBatchFunction(String event) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    batch.handleRequest(in(event), answer, new TestContext());
    assertThat(answer).hasToString(WARM);
    assertThat(METRICS.lines()).noneMatch(line -> line.contains("\"Requests\""));
  }

  @Test
  void aRequestAfterAPingIsNotAColdStart() throws IOException {
    Metrics metrics = new Metrics();
    Map<String, String> onDemand = Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
    try (Harness function = new Harness(metrics, onDemand)) {
      function.ping(bytes("{\"source\":\"aws.events\"}"));
      assertThat(metrics.all()).isEmpty();
      assertThat(function.send(TestRequest.of("GET", "/v2").event()).status()).isEqualTo(200);
      assertThat(metrics.last().path("ColdStarts").asInt(-1)).isZero();
      assertThat(metrics.last().has("InitTime")).isFalse();
    }
  }

  /// An event that is none of ours and no ping fails, as before.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{\"hello\":1}",
        "{\"warmer\":false}",
        "{\"warmer\":\"true\"}",
        "{\"source\":\"aws.s3\",\"detail-type\":\"Object Created\"}",
        "{\"source\":[\"aws.events\"]}",
        "{\"detail\":{\"source\":\"aws.events\"}}",
        "{} {}",
        "{\"warmer\":true",
        "\"{}\"",
        "0",
      })
  void otherEventsAreNotPings(String event) {
    try (Harness function = new Harness()) {
      assertThatThrownBy(() -> function.ping(bytes(event)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("the event is not ");
    }
  }

  /// A request is not a ping, whatever else its event holds.
  @Test
  void aRequestIsNotAPing() throws IOException {
    try (Harness function = new Harness()) {
      for (String more : List.of("\"source\":\"aws.events\"", "\"warmer\":true")) {
        String event = new String(TestRequest.of("GET", "/v2").event(), StandardCharsets.UTF_8);
        byte[] both = bytes("{" + more + "," + event.substring(1));
        assertThat(function.send(both).json().get("name").asText()).isEqualTo("pilotlight");
      }
    }
  }

  private static ByteArrayInputStream in(String event) {
    return new ByteArrayInputStream(bytes(event));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
