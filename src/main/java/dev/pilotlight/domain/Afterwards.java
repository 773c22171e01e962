package dev.pilotlight.domain;

/// Work of an invocation that is done once its response has been sent, before the next event is
/// asked for. Confined to the invocation's thread.
public interface Afterwards {
  /// Adds work; it is done in the order in which it was added.
  void add(Runnable work);

  /// Whether Lambda took the response; known while the added work is done.
  boolean isAccepted();

  /// Returns the time at which Lambda ends the invocation.
  Deadline end();
}
