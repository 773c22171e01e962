package dev.pilotlight.cli.replay;

/// A file of the user that does not have the form that its reader accepts. The message names the
/// file and the line.
public final class Malformed extends Exception {
  private static final long serialVersionUID = 1;

  Malformed(String place, String reason) {
    super(place + " " + reason);
  }

  Malformed(Object file, int line, String reason) {
    this("%s, line %d".formatted(file, line), reason);
  }
}
