package dev.pilotlight.support.json;

/// The characters that are escaped, besides those that JSON requires.
public enum Escapes {
  /// No others.
  UTF_8,
  /// Characters over U+FFFF, as two escapes; hex digits are upper case. The answers of the Open
  /// Inference Protocol have always been so.
  PAIRS,
  /// All that are not visible ASCII or a space.
  ASCII
}
