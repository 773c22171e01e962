package dev.pilotlight.serve;

import dev.pilotlight.support.json.JsonBytes;
import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Responses to requests that never reach the API, with API Gateway's messages.
final class Refused {
  private static final int URI_TOO_LONG = 414;
  private static final int HEAD_TOO_LARGE = 431;

  private Refused() {}

  /// Answers what is not HTTP, or has a head that is too large. Returns the status.
  static int unparsed(Response response, Callback callback) {
    int found = response.getStatus();
    int status = found == URI_TOO_LONG ? HEAD_TOO_LARGE : found;
    send(response, callback, status);
    return status;
  }

  static void send(Response response, Callback callback, int status) {
    byte[] body =
        new JsonBytes(0).object().field("message", message(status)).endObject().toByteArray();
    response.setStatus(status);
    response.getHeaders().put("content-type", "application/json");
    response.getHeaders().put("content-length", body.length);
    response.getHeaders().put("connection", "close");
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  private static String message(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 404 -> "Not Found";
      case 408 -> "Request Timeout";
      case 413 -> "Request Entity Too Large";
      case 426 -> "Upgrade Required";
      case HEAD_TOO_LARGE -> "Request Header Fields Too Large";
      case 501 -> "Not Implemented";
      case 503 -> "Service Unavailable";
      case 505 -> "HTTP Version Not Supported";
      default -> status < 500 ? "Bad Request" : "Internal Server Error";
    };
  }
}
