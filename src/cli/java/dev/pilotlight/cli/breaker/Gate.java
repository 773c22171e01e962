package dev.pilotlight.cli.breaker;

import java.util.List;

/// The part of a stack that the breaker closes.
public sealed interface Gate permits Stage, UrlFunction {
  String CLOSED = "closed: the API answers 429";

  /// How it is now.
  ///
  /// @param lines the same in words; the first has whether it is open
  record State(boolean isClosed, List<String> lines) {}

  State state() throws Refused;

  /// Gives it what the stack's parameters choose.
  void open() throws Refused;

  /// Closes it, as the breaker does.
  void close() throws Refused;

  /// The parameter that decides whether it is open, and its value.
  String chosen();
}
