package dev.pilotlight.e2e.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.MultipartField;
import com.openai.core.http.HttpResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.uploads.Upload;
import com.openai.models.uploads.UploadCompleteParams;
import com.openai.models.uploads.UploadCreateParams;
import com.openai.models.uploads.parts.PartCreateParams;
import dev.pilotlight.e2e.JavaScriptClientsIT;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Files and uploads by OpenAI's official clients, with API keys.
@Timeout(180)
class OpenAiFilesIT {
  private static LocalStack stack;
  private static OpenAIClient client;

  @BeforeAll
  static void start() {
    stack = LocalStack.start(Options.onFreePorts().withKeys());
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl(stack.gatewayUrl().resolve("/v1").toString())
            .apiKey(stack.developmentKey().orElseThrow())
            .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    stack.close();
  }

  @Test
  void theJavaClientUploadsListsReadsAndDeletes(@TempDir Path folder) throws IOException {
    byte[] lines = "{\"custom_id\":\"ü\"}\n".getBytes(StandardCharsets.UTF_8);
    Path file = Files.write(folder.resolve("requests.jsonl"), lines);
    FileObject made =
        client
            .files()
            .create(
                FileCreateParams.builder()
                    .file(file)
                    .purpose(FilePurpose.BATCH)
                    .expiresAfter(FileCreateParams.ExpiresAfter.builder().seconds(7_200).build())
                    .build());
    assertThat(made.validate().filename()).isEqualTo("requests.jsonl");
    assertThat(made.bytes()).isEqualTo(lines.length);
    assertThat(made.expiresAt().orElseThrow() - made.createdAt()).isEqualTo(7_200);
    assertThat(client.files().retrieve(made.id()).validate()).isEqualTo(made);
    assertThat(client.files().list().autoPager().stream().map(FileObject::id)).contains(made.id());
    assertThat(content(made.id())).isEqualTo(lines);
    assertThat(client.files().delete(made.id()).validate().deleted()).isTrue();
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> client.files().retrieve(made.id()));
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(
            () ->
                client
                    .files()
                    .create(
                        FileCreateParams.builder()
                            .file(file)
                            .purpose(FilePurpose.ASSISTANTS)
                            .build()));
  }

  @Test
  void theJavaClientUploadsInPartsAndFollowsToS3() throws IOException {
    byte[] all = new byte[9_000_000]; // over what an answer may have
    new Random(1).nextBytes(all);
    Upload upload =
        client
            .uploads()
            .create(
                UploadCreateParams.builder()
                    .filename("large.jsonl")
                    .purpose(FilePurpose.BATCH)
                    .mimeType("text/jsonl")
                    .bytes(all.length)
                    .build());
    List<String> parts = List.of(part(upload, all, 0), part(upload, all, 1), part(upload, all, 2));
    Upload done =
        client
            .uploads()
            .complete(UploadCompleteParams.builder().uploadId(upload.id()).partIds(parts).build());
    assertThat(done.validate().status()).isEqualTo(Upload.Status.COMPLETED);
    assertThat(content(done.file().orElseThrow().id())).isEqualTo(all);
  }

  @Test
  @EnabledIfSystemProperty(named = JavaScriptClientsIT.SCRIPTS, matches = ".+")
  void javaScriptClientUploadsListsReadsAndDeletes() throws Exception {
    String key = stack.developmentKey().orElseThrow();
    JsonNode answer = JavaScriptClientsIT.run(stack, "files.mjs", List.of(key));
    assertThat(answer.path("read").asText()).isEqualTo("{\"custom_id\":\"1\"}\n");
    assertThat(answer.path("listed").asBoolean()).isTrue();
    assertThat(answer.path("deleted").asBoolean()).isTrue();
    assertThat(answer.path("gone").asInt()).isEqualTo(404);
    assertThat(answer.path("upload").asText()).isEqualTo("completed");
    assertThat(answer.path("large").asInt()).isEqualTo(9_000_000);
    assertThat(answer.path("same").asBoolean()).isTrue();
  }

  private static String part(Upload upload, byte[] all, int number) {
    int from = number * 4_194_304;
    int length = Math.min(4_194_304, all.length - from);
    InputStream data = new ByteArrayInputStream(all, from, length);
    return client
        .uploads()
        .parts()
        .create(
            PartCreateParams.builder()
                .uploadId(upload.id())
                .data(MultipartField.<InputStream>builder().value(data).filename("p").build())
                .build())
        .id();
  }

  private static byte[] content(String id) throws IOException {
    try (HttpResponse answer = client.files().content(id)) {
      return answer.body().readAllBytes();
    }
  }
}
