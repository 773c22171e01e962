package dev.pilotlight.e2e.batch.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.MultipartField;
import com.openai.core.http.HttpResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import dev.pilotlight.e2e.Client;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.suite.Soak;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A batch from upload to result by the official OpenAI client, of which only the base URL and the
/// key are set.
@Timeout(1_200)
public class OpenAiBatchIT {
  private static final Set<Batch.Status> FINAL =
      Set.of(
          Batch.Status.COMPLETED,
          Batch.Status.FAILED,
          Batch.Status.EXPIRED,
          Batch.Status.CANCELLED);

  /// The soak form is the limit of a file; its upload is under the most that an event holds.
  private static final int REQUESTS = Soak.amount(60, 20_000);

  private static LocalStack stack;
  private static OpenAIClient client;

  @BeforeAll
  static void start() {
    stack = LocalStack.start(Options.onFreePorts());
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl(stack.gatewayUrl().resolve("/v1").toString())
            .apiKey("any")
            .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    stack.close();
  }

  @Test
  void officialClientRunsBatchFromUploadToResult() throws Exception {
    String lines =
        IntStream.range(0, REQUESTS)
            .mapToObj(i -> line(i, i % 20 == 19 ? "none" : Client.MODEL))
            .collect(Collectors.joining());
    Batch made = create(upload(lines).id());
    assertThat(made.status()).isEqualTo(Batch.Status.VALIDATING);
    Batch batch = awaitEnd(made.id());
    assertThat(batch.status()).as("%s", batch).isEqualTo(Batch.Status.COMPLETED);
    int bad = REQUESTS / 20;
    assertThat(batch.requestCounts().orElseThrow().total()).isEqualTo(REQUESTS);
    assertThat(batch.requestCounts().orElseThrow().completed()).isEqualTo(REQUESTS - bad);
    assertThat(batch.requestCounts().orElseThrow().failed()).isEqualTo(bad);
    assertThat(content(batch.outputFileId().orElseThrow()).lines()).hasSize(REQUESTS - bad);
    assertThat(content(batch.errorFileId().orElseThrow()).lines())
        .hasSize(bad)
        .allMatch(line -> line.contains("\"status_code\":404"));
    assertThat(client.batches().list().items().getFirst().id()).isEqualTo(batch.id());
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> client.batches().cancel(batch.id()))
        .withMessageContaining("cannot cancel a batch with status 'completed'");
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> create(batch.outputFileId().orElseThrow()))
        .withMessageContaining("the file has the purpose batch_output; accepted: batch");
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> client.batches().retrieve("batch_none"));
  }

  private static FileObject upload(String lines) {
    return client
        .files()
        .create(
            FileCreateParams.builder()
                .purpose(FilePurpose.BATCH)
                .file(
                    MultipartField.<InputStream>builder()
                        .value(new ByteArrayInputStream(lines.getBytes(UTF_8)))
                        .filename("requests.jsonl")
                        .build())
                .build());
  }

  private static Batch create(String fileId) {
    return client
        .batches()
        .create(
            BatchCreateParams.builder()
                .inputFileId(fileId)
                .endpoint(BatchCreateParams.Endpoint.V1_EMBEDDINGS)
                .completionWindow(BatchCreateParams.CompletionWindow._24H)
                .build());
  }

  private static Batch awaitEnd(String id) throws InterruptedException {
    Batch batch = client.batches().retrieve(id);
    while (!FINAL.contains(batch.status())) {
      Thread.sleep(300);
      batch = client.batches().retrieve(id);
    }
    return batch;
  }

  private static String content(String fileId) throws Exception {
    try (HttpResponse response = client.files().content(fileId);
        InputStream body = response.body()) {
      return new String(body.readAllBytes(), UTF_8);
    }
  }

  private static String line(int i, String model) {
    return """
        {"custom_id":"r%d","method":"POST","url":"/v1/embeddings",\
        "body":{"model":"%s","input":"text %d"}}
        """
        .formatted(i, model, i % 500);
  }
}
