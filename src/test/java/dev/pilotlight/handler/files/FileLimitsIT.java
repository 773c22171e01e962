package dev.pilotlight.handler.files;

import static dev.pilotlight.handler.files.FileFunction.file;
import static dev.pilotlight.handler.files.FileFunction.form;
import static dev.pilotlight.handler.files.FileFunction.get;
import static dev.pilotlight.handler.files.FileFunction.post;
import static dev.pilotlight.handler.files.FileFunction.purpose;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.TestRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Limits of files, and calls at the same time.
final class FileLimitsIT {
  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static FileFunction function;

  @BeforeAll
  static void start() {
    function = new FileFunction(root);
  }

  @AfterAll
  static void stop() {
    function.close();
  }

  @Test
  void listContinuesAfterDeletedFile() {
    String tenant = "deleter";
    for (int i = 0; i < 5; i++) {
      var _ = function.upload(tenant, "x".repeat(i + 1));
    }
    String after = "";
    int deleted = 0;
    boolean more;
    do {
      JsonNode page = function.send(tenant, get("/v1/files?limit=2" + after)).json();
      for (String id : FileFunction.ids(page)) {
        assertThat(function.send(tenant, TestRequest.of("DELETE", "/v1/files/" + id)).status())
            .isEqualTo(200);
        assertThat(function.send(tenant, get("/v1/files/" + id)).status()).isEqualTo(404);
        deleted++;
      }
      after = "&after=" + page.path("last_id").asText();
      more = page.path("has_more").asBoolean();
    } while (more);
    assertThat(deleted).isEqualTo(5);
    assertThat(function.send("other", get("/v1/files?limit=2" + after)).status()).isEqualTo(400);
  }

  @Test
  void theFilesOfATenantHaveALimitTogether() {
    try (Harness small = function.with("PILOTLIGHT_FILES_BYTES_MAX", "10")) {
      var six = form("/v1/files", purpose("batch"), file("a.jsonl", "123456"));
      String id = FileFunction.send(small, "small", six).json().path("id").asText();
      Reply refused = FileFunction.send(small, "small", six);
      assertThat(refused.status()).as(refused.text()).isEqualTo(400);
      assertThat(refused.text())
          .contains("6 bytes", "up to 10 together (PILOTLIGHT_FILES_BYTES_MAX)");
      String begin = "{'filename':'a.jsonl','purpose':'batch','bytes':5,'mime_type':'text/jsonl'}";
      assertThat(FileFunction.send(small, "small", post("/v1/uploads", begin)).status())
          .isEqualTo(400);
      assertThat(FileFunction.send(small, "large", six).status()).isEqualTo(200);
      FileFunction.send(small, "small", TestRequest.of("DELETE", "/v1/files/" + id));
      assertThat(FileFunction.send(small, "small", post("/v1/uploads", begin)).status())
          .isEqualTo(200);
      assertThat(FileFunction.send(small, "small", six).status()).as("parts count").isEqualTo(400);
    }
  }
}
