package dev.pilotlight.model.onnx;

import dev.pilotlight.domain.Refusal;

/// How large an output may be: its size may follow from the values of the inputs, and a copy that
/// does not fit memory would end the process.
final class OutputLimit {
  /// More than any response carries, compressed ones included.
  static final long BYTES_MAX = 64L << 20;

  private OutputLimit() {}

  /// Asked before an output is copied out of the runtime.
  ///
  /// @throws Refusal `TOO_LARGE`
  static void require(String output, long bytes) {
    if (bytes > BYTES_MAX) {
      throw Refusal.tooLarge(
          "inputs",
          "on these inputs the model's output %s has %d bytes; up to %d are carried"
              .formatted(output, bytes, BYTES_MAX));
    }
  }
}
