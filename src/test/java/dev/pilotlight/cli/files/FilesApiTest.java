package dev.pilotlight.cli.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.pilotlight.cli.aws.CallSigner;
import dev.pilotlight.suite.LoopbackServer;
import dev.pilotlight.support.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/// The calls of a stack with `Auth=iam`, against a server that checks the signature itself.
@Timeout(30)
final class FilesApiTest {
  private static final CallSigner SIGNER =
      new CallSigner(
          StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "secret")),
          "execute-api",
          "eu-west-1",
          Clock.fixed(Instant.parse("2026-11-30T01:02:03Z"), ZoneOffset.UTC));

  @TempDir private Path folder;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> refused = new ArrayList<>();

  /// The thread that an upload interrupts.
  private volatile @Nullable Thread interrupted;

  @SuppressWarnings("NullAway.Init")
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = LoopbackServer.create();
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().toString();
          String method = exchange.getRequestMethod();
          byte[] body = exchange.getRequestBody().readAllBytes();
          Headers headers = exchange.getRequestHeaders();
          asked.add(method + " " + path);
          boolean isPlace = path.startsWith("/s3/");
          boolean isAllowed =
              isPlace
                  ? headers.getFirst("authorization") == null
                  : isSigned(method, exchange.getRequestURI(), headers, body);
          String answer =
              path.equals("/v1/files") && method.equals("GET")
                  ? "{\"data\":[],\"has_more\":false}"
                  : """
                    {"id":"file-1","status":"processed",
                     "upload":{"url":"%s/s3/x","method":"PUT","headers":{}}}"""
                      .formatted(url());
          Thread thread = interrupted;
          if (method.equals("PUT") && thread != null) {
            thread.interrupt();
            return; // no answer: the client stops waiting
          }
          boolean isOk = isAllowed && !refused.contains(method);
          byte[] bytes = (isOk ? answer : "{}").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(isOk ? 200 : isAllowed ? 500 : 403, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void callsAreSignedButNotTheUpload() throws Exception {
    Path file = Files.writeString(folder.resolve("a.jsonl"), "{}");
    try (FilesApi api = new FilesApi(url(), "", SIGNER)) {
      assertThat(api.upload(file, "a.jsonl", null, _ -> {})).containsEntry("id", "file-1");
      assertThat(api.list()).isEmpty();
      var _ = api.delete("file-1");
    }
    assertThat(asked)
        .containsExactly(
            "POST /v1/files",
            "PUT /s3/x",
            "GET /v1/files/file-1",
            "GET /v1/files",
            "DELETE /v1/files/file-1");
  }

  @Test
  void failedUploadIsDeletedAndItsReasonIsReported() throws Exception {
    Path file = Files.writeString(folder.resolve("a.jsonl"), "{}");
    refused.add("PUT");
    try (FilesApi api = new FilesApi(url(), "", SIGNER)) {
      assertThatThrownBy(() -> api.upload(file, "a.jsonl", null, _ -> {}))
          .hasMessage("S3 answered the upload with status 500");
      assertThat(asked).containsExactly("POST /v1/files", "PUT /s3/x", "DELETE /v1/files/file-1");
      refused.add("DELETE");
      assertThatThrownBy(() -> api.upload(file, "a.jsonl", null, _ -> {}))
          .hasMessage(
              "S3 answered the upload with status 500; the file file-1 could not be deleted:"
                  + " the server answered with status 500");
    }
  }

  @Test
  void interruptedUploadIsDeleted() throws Exception {
    Path file = Files.writeString(folder.resolve("a.jsonl"), "{}");
    interrupted = Thread.currentThread();
    try (FilesApi api = new FilesApi(url(), "", SIGNER)) {
      assertThatThrownBy(() -> api.upload(file, "a.jsonl", null, _ -> {}))
          .isInstanceOf(InterruptedException.class);
    }
    assertThat(asked).containsExactly("POST /v1/files", "PUT /s3/x", "DELETE /v1/files/file-1");
  }

  @Test
  void withoutKeyAndSignatureTheReasonNamesBoth() {
    try (FilesApi api = new FilesApi(url(), "", null)) {
      assertThatThrownBy(api::list)
          .hasMessageContaining("--iam")
          .hasMessageContaining("--key-file");
    }
  }

  @Test
  void theHostNamesServiceAndRegion() {
    assertThat(CallSigner.ofProcess("a1.execute-api.eu-west-1.amazonaws.com", Optional.empty()))
        .hasValueSatisfying(signer -> assertThat(signer.region()).isEqualTo("eu-west-1"))
        .hasValueSatisfying(signer -> assertThat(signer.service()).isEqualTo("execute-api"));
    assertThat(CallSigner.ofProcess("a1.lambda-url.us-east-2.on.aws", Optional.of("x")))
        .hasValueSatisfying(signer -> assertThat(signer.region()).isEqualTo("us-east-2"))
        .hasValueSatisfying(signer -> assertThat(signer.service()).isEqualTo("lambda"));
    assertThat(CallSigner.ofProcess("api.example.com", Optional.of("eu-north-1")))
        .hasValueSatisfying(signer -> assertThat(signer.region()).isEqualTo("eu-north-1"));
    assertThat(CallSigner.ofProcess("api.example.com", Optional.empty())).isEmpty();
  }

  private URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// Computes the signature as AWS's documentation has it.
  private static boolean isSigned(String method, URI uri, Headers headers, byte[] body) {
    String given = headers.getFirst("authorization");
    if (given == null) {
      return false;
    }
    String names = given.replaceAll(".*SignedHeaders=([^,]*),.*", "$1");
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    StringBuilder canonical = new StringBuilder(method + "\n" + uri.getRawPath());
    canonical.append('\n').append(query).append('\n');
    for (String name : names.split(";", -1)) {
      canonical.append(name).append(':').append(headers.getFirst(name)).append('\n');
    }
    String digest = HexFormat.of().formatHex(Sha256.of(body));
    canonical.append('\n').append(names).append('\n').append(digest);
    String scope = "20261130/eu-west-1/execute-api/aws4_request";
    byte[] hashed = Sha256.of(canonical.toString().getBytes(StandardCharsets.UTF_8));
    String text =
        "AWS4-HMAC-SHA256\n20261130T010203Z\n" + scope + "\n" + HexFormat.of().formatHex(hashed);
    byte[] key = "AWS4secret".getBytes(StandardCharsets.UTF_8);
    for (String part : scope.split("/", -1)) {
      key = hmac(key, part);
    }
    return given.startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/" + scope)
        && given.endsWith("Signature=" + HexFormat.of().formatHex(hmac(key, text)));
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
