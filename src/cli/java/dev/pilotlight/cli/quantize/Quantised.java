package dev.pilotlight.cli.quantize;

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
    float[] scales = new float[weights.columns()];
    for (int row = 0; row < weights.rows(); row++) {
      for (int column = 0; column < scales.length; column++) {
        scales[column] = Math.max(scales[column], Math.abs(weights.at(row, column)));
      }
    }
    toScales(scales, max, 1);
    byte[] numbers = new byte[weights.values().length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (byte) number(weights.values()[i], scales[i % scales.length], max);
    }
    return new Quantised(numbers, scales);
  }

  /// One scale for each group of consecutive values.
  ///
  /// @param size of a group: a divisor of the number of values
  static Quantised byGroup(float[] values, int size, int max) {
    return byGroup(values, size, max, 1);
  }

  /// @param zero the scale of a group of zeros
  private static Quantised byGroup(float[] values, int size, int max, float zero) {
    float[] scales = new float[values.length / size];
    for (int i = 0; i < values.length; i++) {
      scales[i / size] = Math.max(scales[i / size], Math.abs(values[i]));
    }
    toScales(scales, max, zero);
    byte[] numbers = new byte[values.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (byte) number(values[i], scales[i / size], max);
    }
    return new Quantised(numbers, scales);
  }

  /// One scale for each block of a column; the last block of a column is filled with zeros. A block
  /// of zeros has the scale 0, because kernels subtract the zero point after they multiply.
  ///
  /// @return the columns one after the other, each in whole blocks, unsigned
  static Quantised byBlock(Matrix weights, int size) {
    int blocks = Math.ceilDiv(weights.rows(), size);
    float[] filled = new float[Math.multiplyExact(weights.columns(), blocks * size)];
    for (int column = 0; column < weights.columns(); column++) {
      for (int row = 0; row < weights.rows(); row++) {
        filled[column * blocks * size + row] = weights.at(row, column);
      }
    }
    Quantised signed = byGroup(filled, size, MAX, 0);
    byte[] numbers = signed.numbers;
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (byte) (numbers[i] + ZERO_POINT);
    }
    return new Quantised(numbers, signed.scales);
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
