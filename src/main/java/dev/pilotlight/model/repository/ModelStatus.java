package dev.pilotlight.model.repository;

import org.jspecify.annotations.Nullable;

/// One version of a model in the repository and whether it can answer.
///
/// @param reason in words that a caller may read: why it is [State#UNAVAILABLE], or why its newer
///   files do not answer; absent otherwise
public record ModelStatus(String name, String version, State state, @Nullable String reason) {
  /// Whether a version can answer.
  public enum State {
    /// Loaded.
    READY,
    /// Loaded on first use.
    UNLOADED,
    /// It could not be loaded, or is not complete.
    UNAVAILABLE
  }

  ModelStatus unavailable(String why) {
    return new ModelStatus(name, version, State.UNAVAILABLE, why);
  }

  ModelStatus because(@Nullable String why) {
    return new ModelStatus(name, version, state, why);
  }
}
