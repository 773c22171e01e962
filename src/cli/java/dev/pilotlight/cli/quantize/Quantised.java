package dev.pilotlight.cli.quantize;

import java.util.Arrays;
import java.util.function.IntBinaryOperator;

/// Weights as whole numbers of 8 bits, and the scales that give the weights back.
///
/// The numbers are symmetric, as `onnxruntime.quantization` makes them of signed weights: a scale
/// is the largest absolute weight of its group divided by the largest number, and a number is the
/// weight divided by the scale, rounded half to even. Zero stays zero.
///
/// @param numbers row-major; signed, or in blocks with [#ZERO_POINT] added
/// @param scales one for each group
record Quantised(byte[] numbers, float[] scales) {
  /// The largest number of 8 bits.
  static final int MAX = 127;

  /// The largest number of 7 bits: two products of it and an unsigned number of 8 bits fit 16 bits.
  static final int REDUCED_MAX = 63;

  /// Added to numbers that are stored unsigned.
  static final int ZERO_POINT = 128;

  /// One scale for each column.
  ///
  /// @param max the largest number
  static Quantised byColumn(Matrix weights, int max) {
    return of(weights, max, weights.columns(), (_, column) -> column);
  }

  /// One scale for each row.
  static Quantised byRow(Matrix weights) {
    return of(weights, MAX, weights.rows(), (row, _) -> row);
  }

  /// One scale for all.
  static Quantised byTensor(Matrix weights, int max) {
    return of(weights, max, 1, (_, _) -> 0);
  }

  /// @param groups how many scales there are
  /// @param group the place of the scale, by row and column
  private static Quantised of(Matrix weights, int max, int groups, IntBinaryOperator group) {
    int rows = weights.rows();
    int columns = weights.columns();
    float[] scales = new float[groups];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int at = group.applyAsInt(row, column);
        scales[at] = Math.max(scales[at], Math.abs(weights.at(row, column)));
      }
    }
    toScales(scales, max, 1);
    byte[] numbers = new byte[Math.multiplyExact(rows, columns)];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        float scale = scales[group.applyAsInt(row, column)];
        numbers[row * columns + column] = (byte) number(weights.at(row, column), scale, max);
      }
    }
    return new Quantised(numbers, scales);
  }

  /// One scale for each block of a column; the last block of a column is filled with zeros. A block
  /// of zeros has the scale 0, because kernels subtract the zero point after they multiply.
  ///
  /// @return the columns one after the other, each in whole blocks, unsigned
  static Quantised byBlock(Matrix weights, int size) {
    int rows = weights.rows();
    int blocks = Math.ceilDiv(rows, size);
    float[] scales = new float[Math.multiplyExact(weights.columns(), blocks)];
    for (int column = 0; column < weights.columns(); column++) {
      for (int row = 0; row < rows; row++) {
        int at = column * blocks + row / size;
        scales[at] = Math.max(scales[at], Math.abs(weights.at(row, column)));
      }
    }
    toScales(scales, MAX, 0);
    byte[] numbers = new byte[Math.multiplyExact(scales.length, size)];
    Arrays.fill(numbers, (byte) ZERO_POINT);
    for (int column = 0; column < weights.columns(); column++) {
      for (int row = 0; row < rows; row++) {
        float scale = scales[column * blocks + row / size];
        int number = number(weights.at(row, column), scale, MAX);
        numbers[column * blocks * size + row] = (byte) (number + ZERO_POINT);
      }
    }
    return new Quantised(numbers, scales);
  }

  /// @param largest absolute values, replaced by the scales
  /// @param zero the scale of a group of zeros
  private static void toScales(float[] largest, int max, float zero) {
    for (int i = 0; i < largest.length; i++) {
      float scale = largest[i] / max;
      // a runtime may take smaller numbers for 0
      largest[i] = scale < Float.MIN_NORMAL ? zero : scale;
    }
  }

  private static int number(float weight, float scale, int max) {
    return scale == 0 ? 0 : (int) Math.clamp(Math.rint(weight / scale), -max, max);
  }
}
