package dev.pilotlight.support.http;

import java.io.IOException;

/// Thrown when an exchange has no complete answer: the connection broke, time ran out, or the
/// answer is not HTTP/1.1 within the limits. The connection is closed.
public final class HttpFailure extends IOException {
  private static final long serialVersionUID = 1;

  private final boolean answerBegun;

  HttpFailure(String message, boolean answerBegun, IOException cause) {
    super(message, cause);
    this.answerBegun = answerBegun;
  }

  /// Whether any byte of the answer had been read. If not, and the connection had been used before,
  /// the server may have closed it while it was idle: one new attempt on a new connection is usual.
  public boolean answerBegun() {
    return answerBegun;
  }
}
