package dev.pilotlight.local.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/// A batch that is not answered ends with a reason, and not at all while an attempt is due.
@Timeout(180)
class FailedBatchIT {
  private static final String BROKEN = "broken";

  @TempDir private static Path models;

  @SuppressWarnings("NullAway.Init")
  private static LocalStack stack;

  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws IOException {
    new TestModels(models).withSample().with(BROKEN, "model.onnx", "not ONNX");
    makeOld();
    Options options = Options.onFreePorts().withModels(models);
    stack = LocalStack.start(options.withRetryPause(Duration.ofMillis(50)));
  }

  /// A model whose files are new is not loaded yet, and the short pauses here do not wait for it.
  private static void makeOld() throws IOException {
    try (Stream<Path> files = Files.walk(models)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        var _ = Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
      }
    }
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void aBatchThatIsGivenUpHasFailed() throws Exception {
    JsonNode state = end(put("lines.txt?model=" + BROKEN));
    assertThat(state.get("state").asText()).isEqualTo("failed");
    assertThat(state.get("reason").asText()).contains(BROKEN);
    assertThat(stack.failures()).isNotEmpty();
  }

  @Test
  void aBatchThatIsGivenUpIsListedWithItsReasonAndCanBeRetried() throws Exception {
    String batch = put("more.txt?model=" + BROKEN);
    assertThat(end(batch).get("state").asText()).isEqualTo("failed");
    JsonNode row = row("local/" + batch);
    assertThat(row.get("state").asText()).as(row.toString()).isEqualTo("failing");
    assertThat(row.get("reason").asText()).contains(BROKEN);

    HttpRequest retry =
        HttpRequest.newBuilder(uri("retry?key=local/" + batch))
            .POST(BodyPublishers.noBody())
            .build();
    HttpResponse<String> answer = http.send(retry, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(stack.awaitIdle(Duration.ofSeconds(60))).isTrue();
    JsonNode again = row("local/" + batch);
    assertThat(again.get("put").asText()).isNotEqualTo(row.get("put").asText());
    assertThat(again.get("state").asText()).as(again.toString()).isEqualTo("failing");
  }

  private JsonNode row(String key) throws Exception {
    for (JsonNode row : Json.read(get("").body()).orElseThrow().get("batches")) {
      if (row.get("key").asText().equals(key)) {
        return row;
      }
    }
    throw new AssertionError(key + " is not listed");
  }

  @Test
  @OnlyInFaults
  void aBatchWithoutAnAnswerHasFailedAndOneWithoutAnObjectIsNotFound() throws Exception {
    String batch = put("lines.txt?model=" + TestModels.SAMPLE);
    JsonNode first = end(batch);
    assertThat(first.get("state").asText()).as(first.toString()).isEqualTo("done");
    assertThat(stack.awaitIdle(Duration.ofSeconds(30))).isTrue();
    delete("-out", batch + ".summary.json");
    JsonNode state = end(batch);
    assertThat(state.get("state").asText()).isEqualTo("failed");
    assertThat(state.get("reason").asText()).contains("ended without an answer");

    delete("-in", batch);
    assertThat(get(batch).statusCode()).isEqualTo(404);
    assertThat(get(batch).body()).contains("was deleted, or never put");
  }

  private static void delete(String bucketEnd, String name) {
    String bucket =
        stack.buckets().stream().filter(it -> it.endsWith(bucketEnd)).findFirst().orElseThrow();
    try (S3Client s3 = stack.s3().client()) {
      var _ = s3.deleteObject(of -> of.bucket(bucket).key("local/" + name));
    }
  }

  private String put(String file) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri(file)).PUT(BodyPublishers.ofString("a")).build();
    String answer = http.send(request, BodyHandlers.ofString()).body();
    return Json.read(answer).orElseThrow().get("batch").asText();
  }

  /// Its first state that is an end.
  private JsonNode end(String batch) throws Exception {
    while (true) {
      JsonNode state = Json.read(get(batch).body()).orElseThrow();
      if (!List.of("running", "failing").contains(state.get("state").asText())) {
        return state;
      }
      Thread.sleep(50);
    }
  }

  private HttpResponse<String> get(String batch) throws Exception {
    return http.send(HttpRequest.newBuilder(uri(batch)).build(), BodyHandlers.ofString());
  }

  private static URI uri(String name) {
    return URI.create(stack.gatewayUrl() + "/playground/batches/" + name);
  }
}
