package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.s3.S3Client;

/// The events of `events/`, sent as `aws lambda invoke --endpoint-url` sends them.
@Timeout(120)
class SampleEventsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String API = "ApiFunction";
  private static final String BATCH = "BatchFunction";
  private static final String REVIEWS = "reviews.jsonl";

  private static LocalStack stack;
  private static Client lambda;
  private static Client gateway;

  @BeforeAll
  static void start() {
    // one environment: events are handled one after the other
    stack = LocalStack.start(Options.onFreePorts().withEnvironmentsMax(1));
    lambda = new Client(stack.invokeUrl());
    gateway = new Client(stack.gatewayUrl());
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void embeddings() throws IOException {
    JsonNode answer = JSON.readTree(body(answer("embeddings.json")));
    assertThat(Floats.of(answer.at("/data/0/embedding"))).isEqualTo(expected("hello world"));
    assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(4);
  }

  @Test
  void inferInJson() throws IOException {
    JsonNode answer = JSON.readTree(body(answer("infer.json")));
    assertThat(answer.get("id").asText()).isEqualTo("42");
    assertThat(Floats.of(answer.at("/outputs/0/data")))
        .isEqualTo(expected("hello world", "a second text"));
  }

  @Test
  void inferInBinary() throws IOException {
    JsonNode response = answer("infer-binary.json");
    assertThat(response.get("isBase64Encoded").asBoolean()).isTrue();
    int json = response.at("/headers/inference-header-content-length").asInt();
    byte[] body = body(response);
    assertThat(Floats.of(Arrays.copyOfRange(body, json, body.length)))
        .isEqualTo(expected("hello world", "grüße 🌍"));
  }

  @Test
  void restApi() throws IOException {
    JsonNode answer = JSON.readTree(body(answer("rest-v1.json")));
    List<byte[]> vectors =
        Stream.of("/data/0/embedding", "/data/1/embedding")
            .map(path -> Base64.getDecoder().decode(answer.at(path).asText()))
            .toList();
    assertThat(Floats.of(vectors)).isEqualTo(expected("hello world", "a second text"));
  }

  /// `aws s3 cp events/reviews.jsonl s3://pilotlight-in/`, and then the event once more by hand.
  @Test
  void anObjectOfLines() throws Exception {
    try (S3Client s3 = stack.s3().client()) {
      s3.putObject(to -> to.bucket("pilotlight-in").key(REVIEWS), event(REVIEWS));
      assertThat(stack.awaitIdle(Duration.ofSeconds(60))).isTrue();
      String answers = output(s3, ".out.jsonl");
      assertReviews(answers.lines().map(SampleEventsIT::parsed).toList());
      assertThat(output(s3, ".errors.jsonl")).isEqualTo(answers.lines().toList().getLast() + "\n");
      assertThat(parsed(output(s3, ".summary.json")).get("failed").asInt()).isOne();

      Client.Reply reply = invoke(BATCH, Files.readAllBytes(event("s3-put.json")));
      JsonNode batch = reply.json().at("/batches/0");
      assertThat(batch.get("object").asText()).isEqualTo("s3://pilotlight-in/reviews.jsonl");
      assertThat(batch.get("ending").asText()).isEqualTo("done-before");
      assertThat(output(s3, ".out.jsonl")).isEqualTo(answers);
    }
    assertThat(stack.failures()).isEmpty();
  }

  private static void assertReviews(List<JsonNode> answers) {
    assertThat(answers).hasSize(6);
    assertThat(Floats.of(answers.get(0).at("/response/body/data/0/embedding")))
        .isEqualTo(expected("Delivered in two days, and it works."));
    assertThat(answers.get(1).at("/response/body/usage/total_tokens").asInt()).isPositive();
    assertThat(answers.get(2).get("custom_id").asText()).isEqualTo("review-3");
    assertThat(Floats.of(answers.get(2).at("/response/body/outputs/0/data")))
        .isEqualTo(expected("The battery lasts a week."));
    assertThat(Floats.of(answers.get(3).get("embedding")))
        .isEqualTo(expected("Broke after a month; the shop replaced it."));
    assertThat(answers.get(4).get("id").asInt()).isEqualTo(5);
    assertThat(Floats.of(answers.get(4).at("/embeddings/1"))).isEqualTo(expected("写真の通りでした。"));
    assertThat(answers.get(5).at("/error/message").asText()).contains("text is empty");
  }

  private static String output(S3Client s3, String suffix) {
    return s3.getObjectAsBytes(of -> of.bucket("pilotlight-out").key(REVIEWS + suffix))
        .asUtf8String();
  }

  private static JsonNode parsed(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(json, e);
    }
  }

  @Test
  void everyEventIsAcceptedForLater() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("events"))) {
      List<Path> events =
          files
              .filter(file -> file.toString().endsWith(".json"))
              // neither is an event of the function
              .filter(file -> !file.endsWith("env.json") && !file.endsWith("tune.json"))
              .toList();
      assertThat(events).hasSizeGreaterThanOrEqualTo(5);
      for (Path event : events) {
        String function = event.endsWith("s3-put.json") ? BATCH : API;
        Client.Reply reply =
            invoke(function, Files.readAllBytes(event), "X-Amz-Invocation-Type", "Event");
        assertThat(reply.status()).as(event.toString()).isEqualTo(202);
        assertThat(reply.body()).isEmpty();
      }
    }
  }

  @Test
  void anEventForLaterIsRun() throws IOException {
    String text = "embedded while nobody waits";
    ObjectNode event = (ObjectNode) JSON.readTree(Files.readAllBytes(event("embeddings.json")));
    event.put("body", event.get("body").asText().replace("hello world", text));
    Client.Reply reply =
        invoke(API, JSON.writeValueAsBytes(event), "X-Amz-Invocation-Type", "Event");
    assertThat(reply.status()).isEqualTo(202);
    // queued after the event, so that its answer is there already
    assertThat(gateway.embeddings(List.of(text)).cacheStatus()).startsWith("pilotlight; hit");
  }

  /// The function's answer to an event that is waited for.
  private static JsonNode answer(String event) throws IOException {
    Client.Reply reply = invoke(API, Files.readAllBytes(event(event)));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.header("x-amz-function-error")).as(reply.text()).isEmpty();
    assertThat(reply.header("x-amz-executed-version")).isEqualTo("$LATEST");
    JsonNode response = reply.json();
    assertThat(response.get("statusCode").asInt()).as(reply.text()).isEqualTo(200);
    return response;
  }

  /// The CLI sends a payload without content type, and signs.
  private static Client.Reply invoke(String function, byte[] payload, String... headers) {
    String signature =
        "AWS4-HMAC-SHA256 Credential=AKID/20261123/us-east-1/lambda/aws4_request,"
            + " SignedHeaders=host;x-amz-date, Signature="
            + "0".repeat(64);
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("X-Amz-Date", "20261123T120000Z", "Authorization", signature));
    return lambda.post(
        "/2015-03-31/functions/%s/invocations".formatted(function),
        payload,
        all.toArray(String[]::new));
  }

  private static byte[] body(JsonNode response) {
    String body = response.get("body").asText();
    return response.path("isBase64Encoded").asBoolean()
        ? Base64.getDecoder().decode(body)
        : body.getBytes(StandardCharsets.UTF_8);
  }

  private static Path event(String name) {
    return Path.of("events", name);
  }

  private static List<Float> expected(String... texts) {
    return Floats.of(gateway.embeddings(List.of(texts)).vectors());
  }
}
