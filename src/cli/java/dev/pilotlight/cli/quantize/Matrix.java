package dev.pilotlight.cli.quantize;

import dev.pilotlight.domain.Refusal;

/// Finite weights, row-major.
///
/// @param values as many as rows times columns
record Matrix(float[] values, int rows, int columns) {

  /// @param name of the weights, for a refusal
  /// @param transposed whether the values are the columns of the matrix, one after the other
  /// @throws Refusal if one of the values is NaN or infinite
  static Matrix of(String name, float[] values, int rows, int columns, boolean transposed) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw Refusal.broken("the weights %s hold %s".formatted(name, value), null);
      }
    }
    return transposed
        ? new Matrix(values, columns, rows).transpose()
        : new Matrix(values, rows, columns);
  }

  float at(int row, int column) {
    return values[row * columns + column];
  }

  Matrix transpose() {
    float[] swapped = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        swapped[column * rows + row] = at(row, column);
      }
    }
    return new Matrix(swapped, columns, rows);
  }
}
