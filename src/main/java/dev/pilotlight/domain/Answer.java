package dev.pilotlight.domain;

import org.jspecify.annotations.Nullable;

/// The answer to one item.
///
/// @param key of its result
/// @param id by which callers fetch the result; null if it is not kept
public record Answer(ResultKey key, Result result, Tier tier, @Nullable String id) {
  /// An answer whose result is kept under its key.
  public Answer(ResultKey key, Result result, Tier tier) {
    this(key, result, tier, key.id());
  }

  /// The same answer with another id.
  ///
  /// @param other null if its result is not kept
  public Answer withId(@Nullable String other) {
    return new Answer(key, result, tier, other);
  }
}
