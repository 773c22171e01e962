package dev.pilotlight.model.onnx;

import dev.pilotlight.domain.Refusal;

/// The limit on an output's size: the size may depend on the values of the inputs, and a copy that
/// does not fit memory would end the process.
final class OutputLimit {
  /// More than any response can carry, even compressed.
  static final long BYTES_MAX = 64L << 20;

  private OutputLimit() {}

  /// Called before an output is copied out of the runtime.
  ///
  /// @throws Refusal `TOO_LARGE`
  static void require(String output, long bytes) {
    if (bytes > BYTES_MAX) {
      throw Refusal.tooLarge(
          "inputs",
          "on these inputs the model's output %s has %d bytes; accepted: up to %d"
              .formatted(output, bytes, BYTES_MAX));
    }
  }
}
