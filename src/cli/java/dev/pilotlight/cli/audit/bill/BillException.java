package dev.pilotlight.cli.audit.bill;

/// A bill cannot be read without the risk of a wrong figure. The message is one line: the file, the
/// line and column, the mistake, and what is accepted.
public final class BillException extends RuntimeException {

  public BillException(String message) {
    super(message);
  }

  public BillException(String message, Throwable cause) {
    super(message, cause);
  }
}
