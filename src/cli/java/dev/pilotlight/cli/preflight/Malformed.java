package dev.pilotlight.cli.preflight;

/// A file of the project that cannot be read as expected; the message names it.
public final class Malformed extends Exception {
  private static final long serialVersionUID = 1;

  Malformed(String message) {
    super(message);
  }
}
