package dev.pilotlight.handler.files;

import static dev.pilotlight.handler.files.FileFunction.file;
import static dev.pilotlight.handler.files.FileFunction.get;
import static dev.pilotlight.handler.files.FileFunction.post;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.TestRequest;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that are sent in parts.
final class UploadsIT {
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
  void partsAreJoinedInTheGivenOrder() throws Exception {
    String text = "a".repeat(4_194_304);
    String upload = function.begin(3L * 4_194_304 + 1);
    String last = function.add(upload, "!");
    String first = function.add(upload, text);
    String third = function.add(upload, text.replace('a', 'c'));
    String second = function.add(upload, text.replace('a', 'b'));
    String all = text + text.replace('a', 'b') + text.replace('a', 'c') + "!";
    String md5 =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("MD5").digest(all.getBytes(StandardCharsets.UTF_8)));
    String ids = "['%s','%s','%s','%s']".formatted(first, second, third, last);
    TestRequest complete =
        post("/v1/uploads/" + upload + "/complete", "{'part_ids':" + ids + ",'md5':'" + md5 + "'}");
    JsonNode done = function.json(complete);
    assertThat(done.path("status").asText()).isEqualTo("completed");
    String file = done.at("/file/id").asText();
    assertThat(file.substring("file-".length())).isEqualTo(upload.substring("upload_".length()));
    Reply place = function.send(get("/v1/files/" + file + "/content"));
    HttpRequest read = HttpRequest.newBuilder(URI.create(place.header("location"))).build();
    assertThat(FileFunction.client().send(read, HttpResponse.BodyHandlers.ofString()).body())
        .isEqualTo(all);

    assertThat(function.json(complete)).as("the same call again").isEqualTo(done);
    Reply other =
        function.send(
            post("/v1/uploads/" + upload + "/complete", "{'part_ids':['" + first + "']}"));
    assertThat(other.status()).isEqualTo(400);
    assertThat(function.send(FileFunction.part(upload, "x")).status()).isEqualTo(400);
    assertThat(function.send(post("/v1/uploads/" + upload + "/cancel", "")).status())
        .isEqualTo(400);
    assertThat(function.objects(upload)).as("parts").isEmpty();
    assertThat(FileFunction.ids(function.json(get("/v1/files")))).contains(file);
  }

  @Test
  void wrongPartsCompleteNothing() {
    String upload = function.begin(8);
    String one = function.add(upload, "abcd");
    String path = "/v1/uploads/" + upload + "/complete";
    for (String body :
        List.of(
            "{'part_ids':['" + one + "']}",
            "{'part_ids':['" + one + "','" + one + "']}",
            "{'part_ids':['part_00000000000000000000000000000000']}",
            "{'part_ids':['"
                + one
                + "','"
                + function.add(upload, "efgh")
                + "'],'md5':'"
                + "0".repeat(32)
                + "'}")) {
      Reply refused = function.send(post(path, body));
      assertThat(refused.status()).as(refused.text()).isEqualTo(400);
    }
    assertThat(FileFunction.ids(function.json(get("/v1/files"))))
        .doesNotContain("file-" + upload.substring("upload_".length()));
  }

  @Test
  void aCancelledUploadTakesNothing() {
    String upload = function.begin(4);
    String part = function.add(upload, "abcd");
    String cancel = "/v1/uploads/" + upload + "/cancel";
    assertThat(function.json(post(cancel, "")).path("status").asText()).isEqualTo("cancelled");
    assertThat(function.json(post(cancel, "")).path("status").asText()).isEqualTo("cancelled");
    assertThat(function.send(FileFunction.part(upload, "abcd")).status()).isEqualTo(400);
    TestRequest complete =
        post("/v1/uploads/" + upload + "/complete", "{'part_ids':['" + part + "']}");
    assertThat(function.send(complete).status()).isEqualTo(400);
    assertThat(function.objects(part)).isEmpty();
  }

  @Test
  void refusesPartsOverThreeTimesTheAnnouncedSize() {
    String upload = function.begin(4);
    for (int i = 0; i < 3; i++) {
      function.add(upload, "abcd");
    }
    Reply refused = function.send(FileFunction.part(upload, "e"));
    assertThat(refused.status()).as(refused.text()).isEqualTo(413);
    assertThat(refused.text()).contains("the parts have 13 bytes together", "4 bytes");
    assertThat(function.objects(upload)).hasSize(3);
  }

  @Test
  void concurrentCompletesReturnSameAnswer() throws Exception {
    String upload = function.begin(4);
    String body = "{'part_ids':['" + function.add(upload, "abcd") + "']}";
    TestRequest complete = post("/v1/uploads/" + upload + "/complete", body);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Reply>> replies = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        replies.add(threads.submit(() -> function.send(complete)));
      }
      for (Future<Reply> reply : replies) {
        assertThat(reply.get().status()).as(reply.get().text()).isEqualTo(200);
        assertThat(reply.get().json()).isEqualTo(replies.getFirst().get().json());
      }
    }
  }
}
