package dev.pilotlight.cli.quantize;

import dev.pilotlight.model.Model;
import java.util.List;

/// The effect of quantising a model.
///
/// @param originalBytes of the graph and its external data
/// @param quantisedBytes the same of the result
public record Measurement(
    long originalBytes, long quantisedBytes, List<Speed> speeds, Accuracy accuracy) {
  public Measurement {
    speeds = List.copyOf(speeds);
  }

  /// Runs both models in turn.
  ///
  /// @param texts at least three
  public static Measurement of(
      Model original,
      long originalBytes,
      Model quantised,
      long quantisedBytes,
      List<String> texts) {
    Accuracy accuracy = Accuracy.measure(original, quantised, texts);
    return new Measurement(
        originalBytes, quantisedBytes, Speed.measure(original, quantised), accuracy);
  }
}
