package dev.pilotlight.cli.quantize;

import dev.pilotlight.domain.Refusal;
import java.nio.FloatBuffer;

/// Finite weights, as a view of the file that holds them.
///
/// @param values as many as rows times columns
/// @param transposed whether the values are the columns of the matrix, one after the other
/// @param factor of every value
record Matrix(FloatBuffer values, int rows, int columns, boolean transposed, float factor) {

  /// @param name of the weights, for a refusal
  /// @throws Refusal if one of the weights is NaN or infinite
  static Matrix of(
      String name, FloatBuffer values, int rows, int columns, boolean transposed, float factor) {
    for (int i = 0; i < values.limit(); i++) {
      float weight = values.get(i) * factor;
      if (!Float.isFinite(weight)) {
        throw Refusal.broken("the weights %s hold %s".formatted(name, weight), null);
      }
    }
    return new Matrix(values, rows, columns, transposed, factor);
  }

  float at(int row, int column) {
    return values.get(transposed ? column * rows + row : row * columns + column) * factor;
  }
}
