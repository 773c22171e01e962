package dev.pilotlight.handler.refusals;

import static dev.pilotlight.handler.TestRequest.utf8;
import static dev.pilotlight.handler.refusals.BadEmbeddings.PATH;

import dev.pilotlight.handler.TestRequest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Requests that are refused before the body is read: encodings, media types, methods, routes and
/// names in paths, in both forms of events.
final class BadTransport {
  private static final String GOOD = BadEmbeddings.sample("\"input\":\"x\"");
  private static final String INFER = "/v2/models/%s/infer";
  private static final int TOO_LARGE_BYTES = 7_000_000;
  private static final int BOMB_BYTES = 200_000_000;
  private static final int GZIP_TRAILER_BYTES = 8;

  private BadTransport() {}

  static Stream<BadInput> all() {
    return Stream.of(
            bodies(), compressed(), mediaTypes(), methods(), routes(), names(), results(), rest())
        .flatMap(List::stream);
  }

  private static List<BadInput> bodies() {
    return List.of(
        event("base64 that is none", "\"isBase64Encoded\":true,\"body\":\"{}{}\"", "body"),
        event("base64 cut off", "\"isBase64Encoded\":true,\"body\":\"abcde\"", "body"),
        event("base64 taken for text", "\"isBase64Encoded\":false,\"body\":\"e30=\"", "body"),
        event("half a surrogate pair", "\"body\":\"{\\\"model\\\":\\\"\\ud83d\\\"}\"", "body"),
        event("null as body", "\"body\":null", "body"),
        event("no body", "\"isBase64Encoded\":true", "body"),
        bad("7 MB", post(utf8("x".repeat(TOO_LARGE_BYTES))), 413, "body").saying("batch"));
  }

  private static List<BadInput> compressed() {
    byte[] good = TestRequest.gzip(utf8(GOOD));
    byte[] wrongSum = good.clone();
    wrongSum[good.length - GZIP_TRAILER_BYTES] ^= 1;
    return List.of(
        gzip("gzip that is none", utf8(GOOD), 400),
        gzip("gzip cut off", Arrays.copyOf(good, good.length / 2), 400),
        gzip("gzip without its end", Arrays.copyOf(good, good.length - 1), 400),
        gzip("gzip with a wrong checksum", wrongSum, 400),
        gzip("only gzip's magic", Arrays.copyOf(good, 2), 400),
        gzip("gzip of nothing", TestRequest.gzip(new byte[0]), 400),
        gzip("nothing as gzip", new byte[0], 400),
        gzip("a gzip bomb", TestRequest.gzip(new byte[BOMB_BYTES]), 413),
        gzip("a bomb in a bomb", TestRequest.gzip(TestRequest.gzip(new byte[BOMB_BYTES])), 400),
        bad("brotli", json().with("content-encoding", "br"), 415, "content-encoding"),
        bad("deflate that is none", json().with("content-encoding", "deflate"), 400, "body"),
        bad("gzip twice", json().with("content-encoding", "gzip, gzip"), 415, "content-encoding"));
  }

  private static List<BadInput> mediaTypes() {
    return Stream.of(
            "text/plain",
            "application/xml",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/octet-stream",
            "application/jsonp",
            "application/json; charset=utf-16",
            "application/json, text/plain",
            "*/*",
            "a".repeat(5000))
        .map(type -> bad("type " + type, json().with("content-type", type), 415, "content-type"))
        .toList();
  }

  private static List<BadInput> methods() {
    return List.of(
        method("GET", "/score"),
        method("HEAD", "/score"),
        method("PUT", PATH),
        method("PATCH", PATH),
        method("DELETE", PATH),
        method("OPTIONS", PATH),
        method("TRACE", PATH),
        method("post", PATH),
        method("", PATH),
        method("POST", "/v2/"),
        method("POST", "/v2/models/"),
        method("GET", "/score/"),
        method("POST", "/v1/models"),
        method("POST", "/v1/results/" + "a".repeat(43)),
        method("POST", "/v2"),
        method("POST", "/v2/health/live"),
        method("DELETE", "/v2/models/sum"),
        method("GET", INFER.formatted("sum")),
        method("HEAD", INFER.formatted("sum")),
        method("OPTIONS", INFER.formatted("sum")));
  }

  private static List<BadInput> routes() {
    return Stream.of(
            "/v1",
            "//v1/embeddings",
            "/v1/../v1/embeddings",
            "/V1/embeddings",
            "/v1/embeddings\0",
            "/v1/results",
            "/v1/results/",
            "/v1/models/a/b/c/d/e",
            "/v2/models//infer",
            "/v2/models/sum/versions/1/2/infer",
            "/v2/models/../models/sum/infer",
            "/v2/repository/other/index",
            "/" + "a/".repeat(50_000),
            "/v2/" + "a".repeat(100_000))
        .map(path -> bad("path " + path, TestRequest.post(path, GOOD), 404, null))
        .toList();
  }

  private static List<BadInput> names() {
    return Stream.of(
            infer("nobody", 404, "model"),
            infer("..", 404, "model"),
            infer(".", 404, "model"),
            infer("%2e%2e", 404, "model"),
            infer("..%2F..%2Fetc%2Fpasswd", 404, "model"),
            infer("sum%2F1", 404, "model"),
            infer("..\\..\\windows", 404, "model"),
            infer("sum%00", 404, "model"),
            infer("sum\0", 404, "model"),
            infer("sum ", 404, "model"),
            infer("s\u00fcm", 404, "model"),
            infer("a".repeat(129), 404, "model"),
            infer("a".repeat(100_000), 404, "model"),
            infer("sum/versions/2", 404, "version"),
            infer("sum/versions/999999999999999999", 404, "version"),
            infer("sum/versions/0", 400, "version"),
            infer("sum/versions/-1", 400, "version"),
            infer("sum/versions/01", 400, "version"),
            infer("sum/versions/1.0", 400, "version"),
            infer("sum/versions/newest", 400, "version"),
            infer("sum/versions/\u0661", 400, "version"),
            infer("sum/versions/..", 400, "version"),
            infer("sum/versions/99999999999999999999", 400, "version"),
            bad("no such model", TestRequest.of("GET", "/v2/models/nobody"), 404, "model"),
            bad("is it ready", TestRequest.of("GET", "/v2/models/nobody/ready"), 404, "model"),
            bad("to OpenAI", TestRequest.of("GET", "/v1/models/nobody"), 404, "model"),
            bad("two dots", TestRequest.of("GET", "/v1/models/.."), 404, "model"))
        .toList();
  }

  private static List<BadInput> results() {
    return Stream.of(
            "a".repeat(42),
            "a".repeat(44),
            "a".repeat(43),
            "a".repeat(42) + "+",
            "..",
            "%2e%2e%2f" + "a".repeat(34),
            "a".repeat(42) + "\0",
            "\u00e4".repeat(43))
        .map(id -> bad("id " + id, TestRequest.of("GET", "/v1/results/" + id), 404, "id"))
        .toList();
  }

  private static List<BadInput> rest() {
    TestRequest infer = TestRequest.post(INFER.formatted("sum"), "{}");
    return List.of(
        BadInput.ofRest("no JSON", post(utf8("hello")), 400, "body"),
        BadInput.ofRest("no input", TestRequest.post(PATH, "{\"model\":\"m\"}"), 400, "input"),
        BadInput.ofRest("no inputs", infer, 400, "inputs"),
        BadInput.ofRest("no route", TestRequest.of("GET", "/nothing"), 404, null),
        BadInput.ofRest("a wrong method", TestRequest.of("PUT", PATH), 405, null),
        BadInput.ofRest("no media type", json().with("content-type", "a/b"), 415, "content-type"),
        BadInput.ofRest("gzip that is none", json().with("content-encoding", "gzip"), 400, "body"),
        BadInput.ofRest("7 MB", post(utf8("x".repeat(TOO_LARGE_BYTES))), 413, "body"),
        BadInput.ofRest(
            "an encoded way up", infer.withPath("/v2/models/%2e%2e%2fsum/infer"), 404, "model"));
  }

  private static TestRequest post(byte[] body) {
    return TestRequest.post(PATH, body);
  }

  private static TestRequest json() {
    return TestRequest.post(PATH, GOOD);
  }

  private static BadInput gzip(String name, byte[] body, int status) {
    return bad(name, post(body).with("content-encoding", "gzip"), status, "body");
  }

  private static BadInput method(String method, String path) {
    return bad(method + " " + path, TestRequest.of(method, path), 405, null);
  }

  private static BadInput infer(String name, int status, String field) {
    return bad("name " + name, TestRequest.post(INFER.formatted(name), "{}"), status, field);
  }

  /// An event with a given body.
  private static BadInput event(String name, String body, String field) {
    String event =
        """
        {"rawPath":"/v1/embeddings","headers":{},%s,
         "requestContext":{"requestId":"r-1","http":{"method":"POST"}}}
        """
            .formatted(body);
    return new BadInput(name, utf8(event), true, 400, field, "");
  }

  private static BadInput bad(
      String name, TestRequest request, int status, @Nullable String field) {
    return BadInput.of(name, request, status, field);
  }
}
