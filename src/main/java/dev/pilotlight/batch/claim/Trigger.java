package dev.pilotlight.batch.claim;

import java.util.UUID;

/// What started an invocation: an event, which Lambda retries, or a message, which its queue
/// delivers again unless the invocation succeeds.
///
/// @param message its id; empty if there is none
/// @param again whether the queue may have delivered the message before
public record Trigger(boolean isMessage, String message, boolean again) {
  public static final Trigger EVENT = new Trigger(false, "", false);

  /// A step of the state machine. It must wait for the result, because nothing else continues the
  /// batch.
  static final Trigger STEP = new Trigger(true, "", true);

  /// Before the message of an owner.
  private static final String STARTED = "/";

  /// Instead of [#STARTED] if the queue may not have the message any more.
  private static final String MAYBE_DELETED = "//";

  public static Trigger message(String id, boolean again) {
    return new Trigger(true, id, again);
  }

  /// A new owner of a batch: a random id, and after a slash the message that started it. Owners of
  /// earlier releases have no message, and neither have those that an event started.
  ///
  /// There are two slashes if another delivery of the message may have ended as done, so that the
  /// message may be deleted while the owner works.
  ///
  /// @param last owner of the batch
  /// @param atOnce whether the claim found the batch free when it first read it
  String newOwner(String last, boolean atOnce) {
    String random = UUID.randomUUID().toString();
    if (!isMessage) {
      return random;
    }
    boolean isOnly = !again && !message.isEmpty() && atOnce && !hasStarted(last);
    return random + (isOnly ? STARTED : MAYBE_DELETED) + message;
  }

  private boolean hasStarted(String owner) {
    return owner.endsWith(STARTED + message);
  }

  /// Whether this event or message must come again if the owner is killed, because nothing else may
  /// continue the batch then.
  ///
  /// @param before whether the queue may have delivered this message before; that decides for an
  ///   owner without a message
  boolean isNeededAfter(String owner, boolean before) {
    int slash = owner.indexOf(STARTED);
    if (slash < 0) {
      return isMessage && before;
    }
    String started = owner.substring(slash);
    return started.startsWith(MAYBE_DELETED)
        || (isMessage && (message.isEmpty() || started.equals(STARTED + message)));
  }
}
