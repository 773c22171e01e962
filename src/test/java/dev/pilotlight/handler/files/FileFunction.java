package dev.pilotlight.handler.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.Metrics;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.suite.leaks.Planted;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A function with files, over a real table and a real bucket with versions.
final class FileFunction implements AutoCloseable {
  static final String OUT = "out";
  static final String TABLE = "pilotlight-results";
  private static final String BOUNDARY = "XyZ";

  final DynamoLocal dynamo;
  final S3Local s3;
  private final Map<String, String> settings = new HashMap<>();
  private final Harness function;

  FileFunction(Path root) {
    var _ = new TestModels(root).with("identity", OnnxModels.identity(Datatype.FP32, "n"));
    dynamo = DynamoLocal.start(0);
    dynamo.createTable(TABLE, "pk", "expires_at");
    s3 = S3Local.start(0, OUT);
    s3.keepVersions(OUT);
    settings.put("PILOTLIGHT_MODELS", root.toString());
    settings.put("PILOTLIGHT_STORE", "required");
    settings.put("PILOTLIGHT_FILES_BUCKET", OUT);
    settings.put("PILOTLIGHT_TENANT_FROM", "claim:tenant");
    settings.put("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString());
    settings.put("AWS_ENDPOINT_URL_S3", s3.endpoint().toString());
    settings.put("AWS_REGION", "eu-west-1");
    settings.put("AWS_ACCESS_KEY_ID", "local");
    settings.put("AWS_SECRET_ACCESS_KEY", Planted.PASSWORD);
    function = with();
  }

  /// Another function on the same table and bucket; the caller closes it.
  Harness with(String... more) {
    return new Harness(new Metrics(), settings, more);
  }

  Reply send(TestRequest request) {
    return send("ada", request);
  }

  /// Sends a request of a tenant.
  Reply send(String tenant, TestRequest request) {
    return send(function, tenant, request);
  }

  static Reply send(Harness function, String tenant, TestRequest request) {
    var event = Harness.JSON.createObjectNode().put("version", "2.0");
    int query = request.path().indexOf('?');
    String path = query < 0 ? request.path() : request.path().substring(0, query);
    event.put("rawPath", path).put("isBase64Encoded", true);
    event.put("body", Base64.getEncoder().encodeToString(request.body()));
    event.set("headers", Harness.JSON.valueToTree(request.headers()));
    var parameters = event.putObject("queryStringParameters");
    if (query >= 0) {
      for (String pair : request.path().substring(query + 1).split("&", -1)) {
        int equals = pair.indexOf('=');
        parameters.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    var context = event.putObject("requestContext").put("requestId", "r").put("stage", "$default");
    context.putObject("http").put("method", request.method()).put("path", path);
    context.putObject("authorizer").putObject("lambda").put("tenant", tenant);
    return function.send(event.toString().getBytes(StandardCharsets.UTF_8));
  }

  JsonNode json(TestRequest request) {
    Reply reply = send(request);
    if (reply.status() != 200) {
      throw new AssertionError(reply.status() + ": " + reply.text());
    }
    return reply.json();
  }

  /// Sends a file, and returns its id.
  String upload(String tenant, String content) {
    return send(tenant, form("/v1/files", purpose("batch"), file("a.jsonl", content)))
        .json()
        .path("id")
        .asText();
  }

  /// A request that sends a part of an upload.
  static TestRequest part(String upload, String content) {
    return form("/v1/uploads/" + upload + "/parts", part("data", "blob", content));
  }

  /// Begins an upload, and returns its id.
  String begin(long bytes) {
    return json(post(
            "/v1/uploads",
            ("{'filename':'c.jsonl','purpose':'batch','mime_type':'text/jsonl','bytes':%d,"
                    + "'expires_after':{'anchor':'created_at','seconds':7200}}")
                .formatted(bytes)))
        .path("id")
        .asText();
  }

  /// Adds a part to an upload, and returns its id.
  String add(String upload, String content) {
    JsonNode part = json(part(upload, content));
    assertThat(part.path("object").asText()).isEqualTo("upload.part");
    assertThat(part.path("upload_id").asText()).isEqualTo(upload);
    return part.path("id").asText();
  }

  static String purpose(String purpose) {
    return field("purpose", purpose);
  }

  static String field(String name, String value) {
    return "Content-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value;
  }

  static String file(String filename, String content) {
    return part("file", filename, content);
  }

  static String part(String name, String filename, String content) {
    return "Content-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n"
            .formatted(name, filename)
        + "Content-Type: application/octet-stream\r\n\r\n"
        + content;
  }

  /// A form of parts, each its headers, an empty line and its content.
  static TestRequest form(String path, String... parts) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (String part : parts) {
      body.writeBytes(("--" + BOUNDARY + "\r\n" + part + "\r\n").getBytes(StandardCharsets.UTF_8));
    }
    body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return TestRequest.post(path, body.toByteArray())
        .with("content-type", "multipart/form-data; boundary=" + BOUNDARY);
  }

  /// JSON with single quotes.
  static TestRequest post(String path, String json) {
    return TestRequest.post(path, json.replace('\'', '"'));
  }

  static TestRequest get(String path) {
    return TestRequest.of("GET", path);
  }

  static List<String> ids(JsonNode list) {
    return list.path("data").findValuesAsText("id");
  }

  /// The keys of objects that have a text.
  List<String> objects(String text) {
    try (var client = S3Local.client(s3.endpoint())) {
      return client.listObjectsV2(l -> l.bucket(OUT)).contents().stream()
          .map(object -> object.key())
          .filter(key -> key.contains(text))
          .toList();
    }
  }

  static int put(JsonNode upload, byte[] content) throws IOException, InterruptedException {
    HttpRequest.Builder put = HttpRequest.newBuilder(URI.create(upload.path("url").asText()));
    put.method(upload.path("method").asText(), HttpRequest.BodyPublishers.ofByteArray(content));
    put.header("if-none-match", upload.at("/headers/if-none-match").asText());
    return client().send(put.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  static HttpClient client() {
    return HttpClient.newHttpClient();
  }

  @Override
  public void close() {
    function.close();
    s3.close();
    dynamo.close();
  }
}
