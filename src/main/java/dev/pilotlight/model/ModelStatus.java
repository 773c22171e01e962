package dev.pilotlight.model;

import org.jspecify.annotations.Nullable;

/// One version of a model in the repository and whether it can answer.
///
/// @param reason why it is [State#UNAVAILABLE], in words a caller may read; absent otherwise
public record ModelStatus(String name, String version, State state, @Nullable String reason) {
  public enum State {
    /// Loaded.
    READY,
    /// Loaded on first use.
    UNLOADED,
    /// It could not be loaded; tried again on later calls.
    UNAVAILABLE
  }
}
