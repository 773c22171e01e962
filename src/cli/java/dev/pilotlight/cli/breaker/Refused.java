package dev.pilotlight.cli.breaker;

/// AWS refused a call, or its answer lacks something. The message is for people.
public final class Refused extends Exception {
  private static final long serialVersionUID = 1;

  public Refused(String message) {
    super(message);
  }

  /// A failure's message; its class if it has none.
  public static String reason(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }
}
