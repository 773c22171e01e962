package dev.pilotlight.batch.claim;

import java.util.UUID;

/// What started an invocation: an event, which Lambda retries, or a message, which its queue
/// delivers again unless the invocation succeeds.
///
/// @param message its id; empty if there is none
/// @param again whether the queue may have delivered the message before
public record Trigger(boolean isMessage, String message, boolean again) {
  public static final Trigger EVENT = new Trigger(false, "", false);

  private static final char SEPARATOR = '/';

  public static Trigger message(String id, boolean again) {
    return new Trigger(true, id, again);
  }

  /// A new owner of a batch: a random id, and after a slash the message that started it. Owners of
  /// earlier releases have no message, and neither have those that an event started.
  String newOwner() {
    String random = UUID.randomUUID().toString();
    return message.isEmpty() ? random : random + SEPARATOR + message;
  }

  /// Whether another delivery of this message may have started the owner. Then the message must not
  /// be deleted: if the owner is killed, nothing else continues the batch.
  boolean mayHaveStarted(String owner) {
    String started = owner.substring(owner.indexOf(SEPARATOR) + 1);
    boolean isKnown = started.length() < owner.length();
    return isMessage && (message.isEmpty() || !isKnown || message.equals(started));
  }
}
