package dev.pilotlight.model.head;

import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.Optional;

/// One way to turn the vectors of a text's tokens into one vector, in the order in which
/// sentence-transformers concatenates the legacy `pooling_mode_*` booleans.
///
/// Sums are in double. Source: `Pooling.forward` of sentence-transformers 5.4.
public enum PoolingMode {
  CLS("pooling_mode_cls_token"),
  MAX("pooling_mode_max_tokens"),
  MEAN("pooling_mode_mean_tokens"),
  MEAN_SQRT_LEN_TOKENS("pooling_mode_mean_sqrt_len_tokens"),
  /// Each token weighs as much as its position, counted from 1.
  WEIGHTEDMEAN("pooling_mode_weightedmean_tokens"),
  LASTTOKEN("pooling_mode_lasttoken");

  private final String legacyKey;

  PoolingMode(String legacyKey) {
    this.legacyKey = legacyKey;
  }

  /// The boolean key that stands for the mode before sentence-transformers 5.4.
  String legacyKey() {
    return legacyKey;
  }

  /// The name in `pooling_mode`.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<PoolingMode> named(String label) {
    for (PoolingMode mode : values()) {
      if (mode.label().equals(label)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }

  /// Pools the tokens of a span.
  ///
  /// @param hidden `[tokens, size]`, row-major
  /// @param result receives `size` values from `at`
  void pool(FloatBuffer hidden, int size, TokenSpan span, float[] result, int at) {
    switch (this) {
      case CLS -> hidden.get(span.pooledFrom() * size, result, at, size);
      case LASTTOKEN -> hidden.get((span.to() - 1) * size, result, at, size);
      case MAX -> max(hidden, size, span, result, at);
      case MEAN, MEAN_SQRT_LEN_TOKENS, WEIGHTEDMEAN -> mean(hidden, size, span, result, at);
    }
  }

  private static void max(FloatBuffer hidden, int size, TokenSpan span, float[] result, int at) {
    hidden.get(span.pooledFrom() * size, result, at, size);
    float[] row = new float[size];
    for (int token = span.pooledFrom() + 1; token < span.to(); token++) {
      hidden.get(token * size, row);
      for (int place = 0; place < size; place++) {
        result[at + place] = Math.max(result[at + place], row[place]);
      }
    }
  }

  /// Row by row as they lie in memory; each place is summed in the order of the tokens.
  private void mean(FloatBuffer hidden, int size, TokenSpan span, float[] result, int at) {
    double[] sums = new double[size];
    float[] row = new float[size];
    double weights = 0;
    for (int token = span.pooledFrom(); token < span.to(); token++) {
      double weight = this == WEIGHTEDMEAN ? token - span.from() + 1 : 1;
      weights += weight;
      hidden.get(token * size, row);
      for (int place = 0; place < size; place++) {
        sums[place] += weight * row[place];
      }
    }
    double divisor = this == MEAN_SQRT_LEN_TOKENS ? Math.sqrt(weights) : weights;
    for (int place = 0; place < size; place++) {
      result[at + place] = (float) (sums[place] / divisor);
    }
  }
}
