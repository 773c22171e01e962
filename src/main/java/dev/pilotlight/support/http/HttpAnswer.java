package dev.pilotlight.support.http;

import org.jspecify.annotations.Nullable;

/// An HTTP response.
public final class HttpAnswer {
  private final HttpHead head;
  private final byte[] body;

  HttpAnswer(HttpHead head, byte[] body) {
    this.head = head;
    this.body = body;
  }

  public int status() {
    return head.status();
  }

  /// Returns the value of a header without the white space around it, or null. It returns the first
  /// of several headers of one name.
  ///
  /// @param name in any case
  public @Nullable String header(String name) {
    return head.header(name);
  }

  /// Returns the body, not copied.
  public byte[] body() {
    return body;
  }
}
