package dev.pilotlight.handler.files;

import static dev.pilotlight.handler.files.FileFunction.form;
import static dev.pilotlight.handler.files.FileFunction.get;
import static dev.pilotlight.handler.files.FileFunction.post;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.runtime.Between.Fate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests for files and batches while S3 fails.
final class FileFaultsIT {
  private static final String ADA = "ada";

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static FileFunction files;

  @SuppressWarnings("NullAway.Init")
  private static Between s3;

  @SuppressWarnings("NullAway.Init")
  private static Harness function;

  @BeforeAll
  static void start() throws IOException {
    files = new FileFunction(root);
    s3 = new Between(files.s3.endpoint());
    function =
        files.with(
            "AWS_ENDPOINT_URL_S3",
            s3.endpoint().toString(),
            "PILOTLIGHT_BATCH_INPUT_BUCKET",
            FileFunction.OUT);
  }

  @AfterAll
  static void stop() {
    function.close();
    s3.close();
    files.close();
  }

  @Test
  void cancelFailsUntilThePartsAreDeleted() {
    String begin = "{'filename':'a.jsonl','purpose':'batch','mime_type':'text/jsonl','bytes':4}";
    String upload = send(post("/v1/uploads", begin)).json().path("id").asText();
    String parts = "/v1/uploads/" + upload + "/parts";
    assertThat(send(form(parts, FileFunction.part("data", "blob", "abcd"))).status())
        .isEqualTo(200);
    TestRequest cancel = post("/v1/uploads/" + upload + "/cancel", "");
    deletionsFailBy("InternalError");
    Reply failed = send(cancel);
    assertThat(failed.status()).as(failed.text()).isEqualTo(503);
    assertThat(failed.header("retry-after")).isEqualTo("1");
    deletionsFailBy("AccessDenied");
    Reply refused = send(cancel);
    assertThat(refused.status()).as(refused.text()).isEqualTo(503);
    assertThat(refused.headers().has("retry-after")).isFalse();
    assertThat(files.objects(upload)).hasSize(1);

    s3.rule(_ -> new Fate.Pass());
    assertThat(send(cancel).json().path("status").asText()).isEqualTo("cancelled");
    assertThat(files.objects(upload)).isEmpty();
  }

  @Test
  void retryWithSameKeyCopiesFileAgain() {
    String file = files.upload(ADA, "{}");
    TestRequest create =
        post(
                "/v1/batches",
                "{'input_file_id':'%s','endpoint':'/v1/embeddings','completion_window':'24h'}"
                    .formatted(file))
            .with("idempotency-key", "once-1");
    s3.rule(call -> isCopy(call) ? new Fate.Fail(500, "") : new Fate.Pass());
    Reply failed = send(create);
    assertThat(failed.status()).as(failed.text()).isEqualTo(503);
    assertThat(failed.text()).contains("the input file could not be copied");
    JsonNode row = send(get("/v1/batches")).json().at("/data/0");
    assertThat(row.path("status").asText()).isEqualTo("failed");
    assertThat(row.at("/errors/data/0/code").asText()).isEqualTo("copy_failed");

    s3.rule(_ -> new Fate.Pass());
    Reply made = send(create);
    assertThat(made.status()).as(made.text()).isEqualTo(200);
    assertThat(made.headers().has("idempotent-replayed")).isFalse();
    assertThat(made.json().path("id")).isEqualTo(row.path("id"));
    assertThat(made.json().path("status").asText()).isEqualTo("validating");
    assertThat(made.json().path("failed_at").isNull()).isTrue();
    assertThat(made.json().path("errors").isNull()).isTrue();
    assertThat(files.objects("openai/" + row.path("id").asText())).hasSize(1);

    Reply repeated = send(create);
    assertThat(repeated.json()).isEqualTo(made.json());
    assertThat(repeated.header("idempotent-replayed")).isEqualTo("true");
  }

  @Test
  void refusalByTheBucketIsNotAnsweredAsRetryable() {
    String file =
        send(post("/v1/files", "{'filename':'b.jsonl','purpose':'batch','bytes':10}"))
            .json()
            .path("id")
            .asText();
    s3.rule(call -> call.method().equals("HEAD") ? new Fate.Fail(403, "") : new Fate.Pass());
    String batch =
        "{'input_file_id':'%s','endpoint':'/rerank','completion_window':'24h'}".formatted(file);
    for (TestRequest request : List.of(get("/v1/files/" + file), post("/v1/batches", batch))) {
      Reply refused = send(request);
      assertThat(refused.status()).as(refused.text()).isEqualTo(503);
      assertThat(refused.text()).contains("refuses this function");
      assertThat(refused.headers().has("retry-after")).isFalse();
    }
  }

  private static boolean isCopy(Between.Call call) {
    return call.method().equals("PUT") && call.uri().getPath().contains("/openai/batch_");
  }

  private static void deletionsFailBy(String code) {
    s3.rule(
        call ->
            call.method().equals("POST") && "delete".equals(call.uri().getQuery())
                ? new Fate.Fail(
                    200,
                    "<DeleteResult><Error><Key>k</Key><Code>%s</Code></Error></DeleteResult>"
                        .formatted(code))
                : new Fate.Pass());
  }

  private static Reply send(TestRequest request) {
    return FileFunction.send(function, ADA, request);
  }
}
