package dev.pilotlight.handler.files;

import static dev.pilotlight.handler.files.FileFunction.form;
import static dev.pilotlight.handler.files.FileFunction.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.runtime.Between.Fate;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests for files while S3 fails.
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
    function = files.with("AWS_ENDPOINT_URL_S3", s3.endpoint().toString());
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
