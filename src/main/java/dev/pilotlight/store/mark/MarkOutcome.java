package dev.pilotlight.store.mark;

import org.jspecify.annotations.Nullable;

/// The outcome of a conditional write.
///
/// @param existing the item that exists instead; null if there is none, or DynamoDB did not send it
public record MarkOutcome(boolean written, @Nullable Mark existing) {
  public static final MarkOutcome WRITTEN = new MarkOutcome(true, null);

  public static MarkOutcome exists(@Nullable Mark existing) {
    return new MarkOutcome(false, existing);
  }
}
