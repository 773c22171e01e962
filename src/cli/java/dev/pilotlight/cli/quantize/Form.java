package dev.pilotlight.cli.quantize;

import dev.pilotlight.cli.onnx.ModelFile;

/// How a model is quantised.
///
/// @param kind of the matrix products
/// @param perTensor whether a weight has one scale, not one for each column or row
/// @param max the largest number: [Quantised#MAX] or [Quantised#REDUCED_MAX]
/// @param elementsMin smaller weights stay as they are
/// @param inlineBytesMax the largest graph that holds its initialisers itself
public record Form(Kind kind, boolean perTensor, int max, int elementsMin, long inlineBytesMax) {
  /// Quantising smaller weights saves nothing that counts, and heads of classifiers are small.
  private static final int ELEMENTS_MIN = 4096;

  /// The operator that computes a product of activations and weights.
  public enum Kind {
    /// `MatMulInteger`, on activations quantised by each run.
    DYNAMIC,
    /// `MatMulNBits`: weights in blocks.
    WEIGHTS_ONLY
  }

  public static Form dynamic(boolean perTensor, boolean reduced) {
    int max = reduced ? Quantised.REDUCED_MAX : Quantised.MAX;
    return new Form(Kind.DYNAMIC, perTensor, max, ELEMENTS_MIN, ModelFile.INLINE_BYTES_MAX);
  }

  public static Form weightsOnly() {
    return new Form(
        Kind.WEIGHTS_ONLY, false, Quantised.MAX, ELEMENTS_MIN, ModelFile.INLINE_BYTES_MAX);
  }

  /// In words.
  public String label() {
    if (kind == Kind.WEIGHTS_ONLY) {
      return "weights of 8 bits in blocks of " + Products.BLOCK;
    }
    return "dynamic int8, %s%s"
        .formatted(
            perTensor ? "per tensor" : "per channel",
            max == Quantised.REDUCED_MAX ? ", 7 bits" : "");
  }
}
