package dev.pilotlight.store;

import org.jspecify.annotations.Nullable;

/// The outcome of a conditional write.
///
/// @param existing the item that exists instead; null if DynamoDB did not send it
public record PutOutcome(boolean written, @Nullable TableItem existing) {
  public static final PutOutcome WRITTEN = new PutOutcome(true, null);

  public static PutOutcome exists(@Nullable TableItem existing) {
    return new PutOutcome(false, existing);
  }
}
