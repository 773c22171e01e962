package dev.pilotlight.cli.files;

import dev.pilotlight.cli.aws.CallSigner;
import dev.pilotlight.cli.aws.SignedHeaders;
import dev.pilotlight.cli.aws.Urls;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.cli.replay.JsonTree;
import dev.pilotlight.support.json.JsonBytes;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/// Calls the files API. Transfers content through the pre-signed URLs in the API's answers; those
/// requests carry no key and no signature.
public final class FilesApi implements AutoCloseable {
  private static final int OK = 200;
  private static final int TEMPORARY_REDIRECT = 307;
  private static final int FORBIDDEN = 403;
  private static final byte[] NOTHING = {};
  private static final Duration TIMEOUT = Duration.ofSeconds(35);
  private static final Duration TRANSFER = Duration.ofHours(1);

  private final URI base;
  private final String key;
  private final @Nullable CallSigner signer;
  private final HttpClient client;

  /// @param base of the API, without `/v1`
  /// @param key an API key; empty for none
  /// @param signer signs in place of a key; null for none
  public FilesApi(URI base, String key, @Nullable CallSigner signer) {
    this.base = base;
    this.key = key;
    this.signer = signer;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER) // the client would send the API key to S3
            .connectTimeout(TIMEOUT)
            .build();
  }

  /// Uploads a file and returns its metadata.
  ///
  /// @param expiresSeconds null for the server's default
  /// @param sent receives the number of bytes sent so far
  /// @throws Refused with the reason; the upload has been deleted, or the message names its id
  public Map<String, Object> upload(
      Path file, String filename, @Nullable Long expiresSeconds, LongConsumer sent)
      throws Refused, InterruptedException, IOException {
    long bytes = Files.size(file);
    JsonBytes json = new JsonBytes().object().field("filename", filename);
    json.field("purpose", "batch").field("bytes", bytes);
    if (expiresSeconds != null) {
      json.name("expires_after").object().field("anchor", "created_at");
      json.field("seconds", expiresSeconds).endObject();
    }
    HttpRequest.Builder announce = request("POST", "/v1/files", json.endObject().toByteArray());
    announce.header("content-type", "application/json");
    Map<String, Object> created = object(send(announce.build()));
    String id = text(created, "id");
    try {
      put(file, bytes, map(created, "upload"), sent);
      Map<String, Object> found = object(send(get("/v1/files/" + id).build()));
      if (!"processed".equals(found.get("status"))) {
        throw new Refused("S3 accepted the upload, but the API cannot find the file");
      }
      return found;
    } catch (Refused | InterruptedException | RuntimeException e) {
      deleteFailed(id, e);
      throw e;
    }
  }

  /// Deletes the file of an upload that failed.
  ///
  /// @throws Refused if the deletion fails as well; the message has both reasons and the file's id
  private void deleteFailed(String id, Exception failure) throws Refused, InterruptedException {
    try {
      var _ = delete(id);
    } catch (Refused e) {
      Refused both =
          new Refused(
              "%s; the file %s could not be deleted: %s"
                  .formatted(Refused.reason(failure), id, e.getMessage()));
      both.addSuppressed(failure);
      throw both;
    }
  }

  private void put(Path file, long bytes, Map<String, Object> ticket, LongConsumer sent)
      throws Refused, InterruptedException {
    HttpRequest.Builder put = HttpRequest.newBuilder(URI.create(text(ticket, "url")));
    map(ticket, "headers")
        .forEach(
            (name, value) -> {
              if (!SignedHeaders.isSetByClient(name)) {
                put.header(name, value.toString());
              }
            });
    BodyPublisher body =
        BodyPublishers.fromPublisher(
            BodyPublishers.ofInputStream(() -> new Counting(open(file), sent)), bytes);
    put.timeout(TRANSFER).method(text(ticket, "method"), body);
    HttpResponse<byte[]> answer = exchange(put.build(), BodyHandlers.ofByteArray());
    if (answer.statusCode() != OK) {
      throw new Refused("S3 answered the upload with status " + answer.statusCode());
    }
  }

  /// All files, newest first.
  public List<Object> list() throws Refused, InterruptedException {
    List<Object> all = new ArrayList<>();
    String after = "";
    while (true) {
      Map<String, Object> page = object(send(get("/v1/files" + after).build()));
      if (!(page.get("data") instanceof List<?> files)) {
        throw new Refused("the server's answer has no data");
      }
      all.addAll(files);
      if (!Boolean.TRUE.equals(page.get("has_more"))) {
        return all;
      }
      after = "?after=" + Urls.encode(text(page, "last_id"));
    }
  }

  public Map<String, Object> delete(String id) throws Refused, InterruptedException {
    return object(send(request("DELETE", "/v1/files/" + Urls.encode(id), NOTHING).build()));
  }

  /// The bytes of a file; the caller closes them.
  public InputStream content(String id) throws Refused, InterruptedException {
    HttpRequest request =
        get("/v1/files/" + Urls.encode(id) + "/content").timeout(TRANSFER).build();
    HttpResponse<InputStream> answer = exchange(request, BodyHandlers.ofInputStream());
    if (answer.statusCode() == TEMPORARY_REDIRECT) {
      discard(answer.body());
      String location = answer.headers().firstValue("location").orElse("");
      HttpRequest read = HttpRequest.newBuilder(base.resolve(location)).timeout(TRANSFER).build();
      answer = exchange(read, BodyHandlers.ofInputStream());
    }
    if (answer.statusCode() == OK) {
      return answer.body();
    }
    try (InputStream body = answer.body()) {
      throw refused(answer.statusCode(), body.readAllBytes());
    } catch (IOException e) {
      throw new Refused("the server's answer broke off: " + e.getMessage());
    }
  }

  /// Discards a response body; HttpClient.close() would otherwise wait for it.
  private static void discard(InputStream body) throws Refused {
    try {
      body.close();
    } catch (IOException e) {
      throw new Refused("the server's answer broke off: " + e.getMessage());
    }
  }

  private HttpRequest.Builder get(String path) throws Refused {
    return request("GET", path, NOTHING);
  }

  private HttpRequest.Builder request(String method, String path, byte[] body) throws Refused {
    URI uri = URI.create(base + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(TIMEOUT);
    request.method(
        method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    if (signer != null) {
      try {
        signer.sign(request, method, uri, body);
      } catch (SdkException e) {
        throw new Refused("no AWS credentials to sign with: set AWS_PROFILE, or give --key-file");
      }
    } else if (!key.isEmpty()) {
      request.header("authorization", "Bearer " + key);
    }
    return request;
  }

  private byte[] send(HttpRequest request) throws Refused, InterruptedException {
    HttpResponse<byte[]> answer = exchange(request, BodyHandlers.ofByteArray());
    if (answer.statusCode() != OK) {
      throw refused(answer.statusCode(), answer.body());
    }
    return answer.body();
  }

  private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws Refused, InterruptedException {
    try {
      return client.send(request, handler);
    } catch (IOException e) {
      throw new Refused("cannot reach " + request.uri().getHost() + ": " + Refused.reason(e));
    }
  }

  private Refused refused(int status, byte[] body) {
    try {
      return new Refused(text(map(object(body), "error"), "message"));
    } catch (Refused e) {
      if (status == FORBIDDEN && key.isEmpty() && signer == null) {
        return new Refused(
            "the API refused the request (403); use --iam for Auth=iam, --key-file for Auth=keys");
      }
      return new Refused("the server answered with status " + status);
    }
  }

  private static Map<String, Object> object(byte[] body) throws Refused {
    try {
      return map(Map.of("answer", JsonTree.read(body)), "answer");
    } catch (IOException e) {
      throw new Refused("the server's answer is not JSON");
    }
  }

  @SuppressWarnings("unchecked") // JSON's names are texts
  private static Map<String, Object> map(Map<String, Object> json, String name) throws Refused {
    if (json.get(name) instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new Refused("the server's answer has no object " + name);
  }

  private static String text(Map<String, Object> json, String name) throws Refused {
    if (json.get(name) instanceof String text) {
      return text;
    }
    throw new Refused("the server's answer has no text " + name);
  }

  private static InputStream open(Path file) {
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    client.close();
  }

  /// Reports the bytes that were read.
  private static final class Counting extends FilterInputStream {
    private final LongConsumer sent;
    private long count;

    Counting(InputStream in, LongConsumer sent) {
      super(in);
      this.sent = sent;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      if (read > 0) {
        count += read;
        sent.accept(count);
      }
      return read;
    }
  }
}
