package dev.pilotlight.domain;

import java.util.Locale;

/// How long one stage of a request took.
public record Timing(Stage stage, long nanos) {
  /// A stage of a request, in the order in which a request passes them.
  public enum Stage {
    /// Waiting for a model to be loaded.
    LOAD,
    /// Reading the request and checking it against its model.
    DECODE,
    LOOKUP,
    TOKENIZE,
    /// Running the model, without the part of an early run that overlaps with the look-up; with
    /// several items, storing overlaps with it.
    RUN,
    /// Storing the result of a single item.
    STORE,
    /// Writing the body of the answer.
    ENCODE;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /// The name in `Server-Timing`, such as `lookup`.
    public String wireName() {
      return wireName;
    }
  }
}
