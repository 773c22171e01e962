package dev.pilotlight.protocol.http;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.support.json.JsonBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/// Converts API Gateway's events to requests, and responses to API Gateway's response events.
///
/// It supports two event formats: HTTP API payload v2.0 (also sent by function URLs) and REST API
/// v1 (also HTTP API payload v1.0 and load balancers). A response has the format of its request.
///
/// **Paths are never decoded here.** HTTP API decodes `rawPath` once before it calls; REST APIs and
/// function URLs pass on what the client sent. Our routes and names contain no percent-encoding, so
/// both give the same path, and a second decoding could only open a hole. The stage that HTTP API
/// puts before `rawPath` (unless it is `$default`) is removed.
///
/// Sources: <https://docs.aws.amazon.com/apigateway/latest/developerguide/>, pages
/// `http-api-develop-integrations-lambda` and `set-up-lambda-proxy-integrations`.
public final class LambdaEvents {
  /// The form of an event, which its response has to match.
  public enum Format {
    HTTP_API_V2,
    REST_API_V1,
    /// No event: a server has read the request, whose body is in the head as it was sent.
    NONE
  }

  /// A decoded event, its body still encoded; [Bodies#read] gives the request.
  ///
  /// @param head the request without its body: enough for an error about the body
  /// @param base64 whether `body` is base64
  /// @param malformed why the event cannot be answered, if one of its fields is of a wrong type
  public record Incoming(
      Format format, HttpRequest head, String body, boolean base64, Optional<Refusal> malformed) {
    /// Shows neither headers nor body, as the request itself.
    @Override
    public String toString() {
      return head.toString();
    }
  }

  /// A request that no event carried.
  ///
  /// @param request with its body as it was sent
  public static Incoming without(HttpRequest request) {
    return new Incoming(Format.NONE, request, "", true, Optional.empty());
  }

  /// Writes failures in the form of a request's path.
  public interface Failures {
    HttpResponse failed(Refusal refusal, HttpRequest head);
  }

  private static final int HEAD_BYTES = 1024;

  private final int responseBytesMax;

  public LambdaEvents(ProtocolSettings settings) {
    responseBytesMax = settings.responseBytesMax();
  }

  /// Reads an event, but does not decode its body.
  ///
  /// @param invocationId Lambda's own id, for requests that come without one
  /// @return empty for a ping that only keeps the environment warm
  /// @throws IllegalArgumentException if it is not an HTTP event; the invocation then has to fail,
  ///   because nobody can be answered
  public static Optional<Incoming> decode(InputStream event, String invocationId)
      throws IOException {
    return decode(event.readAllBytes(), invocationId);
  }

  static Optional<Incoming> decode(byte[] event, String invocationId) {
    return EventReader.read(event, invocationId);
  }

  /// Writes the event that answers `incoming`. A response over Lambda's limit, which Lambda would
  /// drop, is replaced by a 413 that names smaller forms; the cost header stays.
  ///
  /// @param failures writes the 413
  /// @return the status that the caller sees
  public int encode(HttpResponse response, Incoming incoming, OutputStream out, Failures failures)
      throws IOException {
    boolean head =
        incoming.head().method().equals("HEAD") && response.status() != EntityTags.NOT_MODIFIED;
    long bytes = bytesLeast(response);
    if (bytes <= responseBytesMax) {
      JsonBytes event = event(response, incoming.format());
      if (event.length() <= responseBytesMax) {
        (head ? event(withoutBody(response), incoming.format()) : event).writeTo(out);
        return response.status();
      }
      bytes = event.length();
    }
    HttpResponse all = refused(response, bytes, incoming, failures);
    event(head ? withoutBody(all) : all, incoming.format()).writeTo(out);
    return all.status();
  }

  /// Returns the answer to a request that no event carried, or the 413 in its place.
  ///
  /// @param failures writes the 413
  public HttpResponse bounded(HttpResponse response, Incoming incoming, Failures failures) {
    long bytes = bytesLeast(response);
    return bytes <= responseBytesMax ? response : refused(response, bytes, incoming, failures);
  }

  private HttpResponse refused(
      HttpResponse response, long bytes, Incoming incoming, Failures failures) {
    HttpResponse refused =
        failures
            .failed(tooLarge(bytes, responseBytesMax), incoming.head())
            .with(ResponseHeaders.REQUEST_ID, ResponseHeaders.requestId(incoming.head()));
    String cost = response.headers().get(ResponseHeaders.COST);
    return cost == null ? refused : refused.with(ResponseHeaders.COST, cost);
  }

  /// The answer to `HEAD`: as to `GET`, but with the length instead of the body.
  private static HttpResponse withoutBody(HttpResponse response) {
    return response
        .with("content-length", Integer.toString(response.body().length))
        .withBody(new byte[0], false);
  }

  /// Refuses a response for its size.
  public static Refusal tooLarge(long bytes, long bytesMax) {
    return Refusal.tooLarge(
        null,
        ("the response has %d bytes or more as Lambda counts it; accepted: up to %d. Smaller are"
                + " binary output (binary_data_output, or encoding_format base64), accept-encoding:"
                + " gzip, fewer items in one request; or use a batch")
            .formatted(bytes, bytesMax));
  }

  private static JsonBytes event(HttpResponse response, Format format) {
    // room for base64, or for the escapes of an ordinary text
    int expected = HEAD_BYTES + response.body().length / 3 * 4;
    JsonBytes json = new JsonBytes(expected).object();
    json.field("statusCode", response.status()).name("headers").object();
    response.headers().forEach(json::field);
    json.endObject();
    if (format == Format.REST_API_V1) {
      // REST APIs take either; a load balancer in multi-value mode takes only this
      json.name("multiValueHeaders").object();
      response.headers().forEach((name, value) -> json.name(name).array().string(value).endArray());
      json.endObject();
    }
    json.name("isBase64Encoded").literal(Boolean.toString(response.binary())).name("body");
    if (response.binary()) {
      json.base64(response.body());
    } else {
      json.string(response.body());
    }
    return json.endObject();
  }

  /// The body's minimum size in an event: a body that is far too large is not even encoded.
  private static long bytesLeast(HttpResponse response) {
    long length = response.body().length;
    return response.binary() ? JsonBytes.base64Length(length) : length;
  }
}
