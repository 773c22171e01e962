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
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FilesIT {
  private static final String LINES = "{\"custom_id\":\"1\"}\n{\"custom_id\":\"ü\"}\n";

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
  void aFileIsKeptListedReadAndDeleted() {
    JsonNode made = function.json(form("/v1/files", purpose("batch"), file("a.jsonl", LINES)));
    String id = made.path("id").asText();
    assertThat(id).matches("file-[0-9a-f]{32}");
    assertThat(made.path("object").asText()).isEqualTo("file");
    assertThat(made.path("bytes").asLong())
        .isEqualTo(LINES.getBytes(StandardCharsets.UTF_8).length);
    assertThat(made.path("filename").asText()).isEqualTo("a.jsonl");
    assertThat(made.path("status").asText()).isEqualTo("processed");
    long kept = made.path("expires_at").asLong() - made.path("created_at").asLong();
    assertThat(kept).isEqualTo(30 * 86_400);

    assertThat(function.json(get("/v1/files/" + id))).isEqualTo(made);
    Reply content = function.send(get("/v1/files/" + id + "/content"));
    assertThat(content.text()).isEqualTo(LINES);
    assertThat(content.header("content-type")).isEqualTo("application/octet-stream");
    assertThat(FileFunction.ids(function.json(get("/v1/files?purpose=batch")))).contains(id);
    assertThat(FileFunction.ids(function.json(get("/v1/files?purpose=batch_output"))))
        .doesNotContain(id);

    JsonNode deleted = function.json(TestRequest.of("DELETE", "/v1/files/" + id));
    assertThat(deleted.toString())
        .isEqualTo("{\"id\":\"%s\",\"object\":\"file\",\"deleted\":true}".formatted(id));
    assertThat(function.send(get("/v1/files/" + id)).status()).isEqualTo(404);
    assertThat(function.send(TestRequest.of("DELETE", "/v1/files/" + id)).status()).isEqualTo(404);
    assertThat(FileFunction.ids(function.json(get("/v1/files")))).doesNotContain(id);
    assertThat(function.objects(id)).isEmpty();
  }

  @Test
  void anotherTenantFindsNothing() {
    String id = function.upload("ada", LINES);
    for (TestRequest request :
        List.of(
            get("/v1/files/" + id),
            get("/v1/files/" + id + "/content"),
            TestRequest.of("DELETE", "/v1/files/" + id))) {
      assertThat(function.send("bob", request).status()).isEqualTo(404);
    }
    assertThat(FileFunction.ids(function.send("bob", get("/v1/files")).json())).isEmpty();
    assertThat(function.send(get("/v1/files/" + id)).status()).isEqualTo(200);
    String upload = begin(4);
    assertThat(function.send("bob", part(upload, "abcd")).status()).isEqualTo(404);
    assertThat(function.send("bob", post("/v1/uploads/" + upload + "/cancel", "")).status())
        .isEqualTo(404);
  }

  @Test
  void aListIsReadInPagesInBothOrders() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.add(function.upload("pages", "x" + i));
    }
    List<String> oldestFirst = pages("asc");
    assertThat(oldestFirst).containsExactlyInAnyOrderElementsOf(made);
    assertThat(pages("desc")).isEqualTo(oldestFirst.reversed());
  }

  private static List<String> pages(String order) {
    List<String> found = new ArrayList<>();
    String query = "/v1/files?limit=2&order=" + order;
    JsonNode page = function.send("pages", get(query)).json();
    while (true) {
      List<String> ids = FileFunction.ids(page);
      found.addAll(ids);
      assertThat(page.path("first_id").asText()).isEqualTo(ids.getFirst());
      assertThat(page.path("last_id").asText()).isEqualTo(ids.getLast());
      if (!page.path("has_more").asBoolean()) {
        return found;
      }
      page = function.send("pages", get(query + "&after=" + ids.getLast())).json();
    }
  }

  @Test
  void aLifeOverTheDeploymentsLimitIsRefusedWithTheFieldsName() {
    try (Harness week = function.with("PILOTLIGHT_FILE_DAYS", "7")) {
      Reply form =
          FileFunction.send(
              week,
              "ada",
              form(
                  "/v1/files",
                  purpose("batch"),
                  FileFunction.field("expires_after[anchor]", "created_at"),
                  FileFunction.field("expires_after[seconds]", "604801"),
                  file("a.jsonl", LINES)));
      assertThat(form.json().at("/error/param").asText()).isEqualTo("expires_after[seconds]");
      String json =
          "{'filename':'a.jsonl','purpose':'batch','bytes':9,"
              + "'expires_after':{'anchor':'created_at','seconds':604801}}";
      for (String path : List.of("/v1/files", "/v1/uploads")) {
        Reply refused = FileFunction.send(week, "ada", post(path, json));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().at("/error/param").asText()).isEqualTo("expires_after.seconds");
        assertThat(refused.text()).contains("expires_after.seconds is 604801", "3600 to 604800");
      }
    }
  }

  @Test
  void aFileTakesAShorterTime() {
    JsonNode made =
        function.json(
            form(
                "/v1/files",
                purpose("batch"),
                FileFunction.field("expires_after[anchor]", "created_at"),
                FileFunction.field("expires_after[seconds]", "3600"),
                file("a.jsonl", LINES)));
    assertThat(made.path("expires_at").asLong() - made.path("created_at").asLong()).isEqualTo(3600);
  }

  @Test
  void aLargeFileIsPutByTheUrlThatTheAnswerNames() throws Exception {
    byte[] content = "z".repeat(5_000_000).getBytes(StandardCharsets.UTF_8);
    JsonNode made =
        function.json(
            post("/v1/files", "{'filename':'b.jsonl','purpose':'batch','bytes':5000000}"));
    String id = made.path("id").asText();
    assertThat(made.path("status").asText()).isEqualTo("pending");
    assertThat(function.json(get("/v1/files/" + id)).path("status").asText()).isEqualTo("pending");
    assertThat(function.send(get("/v1/files/" + id + "/content")).status()).isEqualTo(404);
    JsonNode upload = made.path("upload");
    assertThat(upload.path("url").asText()).contains("X-Amz-SignedHeaders=content-length");
    assertThat(upload.path("headers").toString())
        .isEqualTo("{\"content-length\":\"5000000\",\"if-none-match\":\"*\"}");

    assertThat(FileFunction.put(upload, content)).isEqualTo(200);
    JsonNode found = function.json(get("/v1/files/" + id));
    assertThat(found.path("status").asText()).isEqualTo("processed");
    assertThat(FileFunction.put(upload, content)).as("a second upload").isEqualTo(412);

    Reply place = function.send(get("/v1/files/" + id + "/content"));
    assertThat(place.status()).isEqualTo(307);
    assertThat(place.body()).isEmpty();
    HttpRequest read = HttpRequest.newBuilder(URI.create(place.header("location"))).build();
    assertThat(FileFunction.client().send(read, HttpResponse.BodyHandlers.ofByteArray()).body())
        .isEqualTo(content);
  }

  @Test
  void anUploadOfAnotherSizeDoesNotCount() throws Exception {
    JsonNode made =
        function.json(post("/v1/files", "{'filename':'b.jsonl','purpose':'batch','bytes':10}"));
    String id = made.path("id").asText();
    // S3 itself refuses it by the signature, which the emulator does not check
    assertThat(FileFunction.put(made.path("upload"), new byte[9])).isEqualTo(200);
    assertThat(function.json(get("/v1/files/" + id)).path("status").asText()).isEqualTo("pending");
    assertThat(FileFunction.put(made.path("upload"), new byte[10])).isEqualTo(200);
    assertThat(function.json(get("/v1/files/" + id)).path("status").asText())
        .isEqualTo("processed");
  }

  @Test
  void partsAreJoinedInTheGivenOrder() throws Exception {
    String text = "a".repeat(4_194_304);
    String upload = begin(3L * 4_194_304 + 1);
    String last = add(upload, "!");
    String first = add(upload, text);
    String third = add(upload, text.replace('a', 'c'));
    String second = add(upload, text.replace('a', 'b'));
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
    assertThat(function.send(part(upload, "x")).status()).isEqualTo(400);
    assertThat(function.send(post("/v1/uploads/" + upload + "/cancel", "")).status())
        .isEqualTo(400);
    assertThat(function.objects(upload)).as("parts").isEmpty();
    assertThat(FileFunction.ids(function.json(get("/v1/files")))).contains(file);
  }

  @Test
  void wrongPartsCompleteNothing() {
    String upload = begin(8);
    String one = add(upload, "abcd");
    String path = "/v1/uploads/" + upload + "/complete";
    for (String body :
        List.of(
            "{'part_ids':['" + one + "']}",
            "{'part_ids':['" + one + "','" + one + "']}",
            "{'part_ids':['part_00000000000000000000000000000000']}",
            "{'part_ids':['"
                + one
                + "','"
                + add(upload, "efgh")
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
    String upload = begin(4);
    String part = add(upload, "abcd");
    String cancel = "/v1/uploads/" + upload + "/cancel";
    assertThat(function.json(post(cancel, "")).path("status").asText()).isEqualTo("cancelled");
    assertThat(function.json(post(cancel, "")).path("status").asText()).isEqualTo("cancelled");
    assertThat(function.send(part(upload, "abcd")).status()).isEqualTo(400);
    TestRequest complete =
        post("/v1/uploads/" + upload + "/complete", "{'part_ids':['" + part + "']}");
    assertThat(function.send(complete).status()).isEqualTo(400);
    assertThat(function.objects(part)).isEmpty();
  }

  @Test
  void withoutTableOrBucketTheReasonIsNamed() {
    try (Harness off = function.with("PILOTLIGHT_STORE", "off");
        Harness none = function.with("PILOTLIGHT_FILES_BUCKET", "")) {
      Reply store = FileFunction.send(off, "ada", get("/v1/files"));
      assertThat(store.status()).isEqualTo(404);
      assertThat(store.text()).contains("PILOTLIGHT_STORE is off");
      Reply bucket = FileFunction.send(none, "ada", get("/v1/files"));
      assertThat(bucket.status()).isEqualTo(404);
      assertThat(bucket.text()).contains("PILOTLIGHT_FILES_BUCKET is not set");
    }
  }

  @Test
  void tooLargeBodiesNameBothOtherWays() {
    try (Harness small = function.with("PILOTLIGHT_REQUEST_BYTES_MAX", "1024")) {
      TestRequest large = form("/v1/files", purpose("batch"), file("a.jsonl", "x".repeat(2_000)));
      Reply refused = FileFunction.send(small, "ada", large);
      assertThat(refused.status()).isEqualTo(413);
      assertThat(refused.json().at("/error/code").asText()).isEqualTo("too_large");
      assertThat(refused.text()).contains("/v1/uploads").contains("pilotlight files upload");
    }
  }

  private static TestRequest part(String upload, String content) {
    return form("/v1/uploads/" + upload + "/parts", FileFunction.part("data", "blob", content));
  }

  private static String begin(long bytes) {
    return function
        .json(
            post(
                "/v1/uploads",
                ("{'filename':'c.jsonl','purpose':'batch','mime_type':'text/jsonl','bytes':%d,"
                        + "'expires_after':{'anchor':'created_at','seconds':7200}}")
                    .formatted(bytes)))
        .path("id")
        .asText();
  }

  private static String add(String upload, String content) {
    JsonNode part = function.json(part(upload, content));
    assertThat(part.path("object").asText()).isEqualTo("upload.part");
    assertThat(part.path("upload_id").asText()).isEqualTo(upload);
    return part.path("id").asText();
  }
}
