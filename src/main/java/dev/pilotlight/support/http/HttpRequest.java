package dev.pilotlight.support.http;

import java.nio.charset.StandardCharsets;

/// Assembles a request with head and body in one array, so that it is sent by one write.
public final class HttpRequest {
  private final StringBuilder head = new StringBuilder(1_024);

  private HttpRequest() {}

  /// Begins a request.
  ///
  /// @param method such as `GET`
  /// @param target path and query, encoded
  public static HttpRequest of(String method, String target) {
    HttpRequest request = new HttpRequest();
    request.append("the request line", method).append(' ');
    request.append("the request line", target).append(" HTTP/1.1\r\n");
    return request;
  }

  /// Adds a header.
  ///
  /// @throws IllegalArgumentException naming the header, if a character of it is not visible ASCII
  ///   or a space
  public HttpRequest header(String name, String value) {
    append("a header's name", name).append(": ");
    append(name, value).append("\r\n");
    return this;
  }

  /// Returns the request without a body.
  public byte[] bytes() {
    head.append("\r\n");
    return head.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /// Returns the request with a body and its `Content-Length`.
  ///
  /// @param length of the body, which begins at the array's start
  public byte[] bytes(byte[] body, int length) {
    head.append("Content-Length: ").append(length).append("\r\n\r\n");
    byte[] request = new byte[head.length() + length];
    for (int i = 0; i < head.length(); i++) {
      request[i] = (byte) head.charAt(i);
    }
    System.arraycopy(body, 0, request, head.length(), length);
    return request;
  }

  /// A line break would begin another header.
  ///
  /// @param part what the text is; the text itself may be a secret
  private StringBuilder append(String part, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        throw new IllegalArgumentException(part + " must be visible ASCII");
      }
    }
    return head.append(text);
  }
}
