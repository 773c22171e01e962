package dev.pilotlight.model;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How the vectors of a text's tokens become one.
///
/// Items are run alone and never padded, so every token is one the attention mask keeps.
enum Pooling {
  MEAN,
  CLS,
  LAST;

  private static final Map<String, Pooling> MODES =
      Map.of(
          "pooling_mode_mean_tokens", MEAN,
          "pooling_mode_cls_token", CLS,
          "pooling_mode_lasttoken", LAST);

  /// What `1_Pooling/config.json` asks for; empty if the file is absent or says nothing.
  ///
  /// @throws LoadFailure if it asks for a mode that is not here, or for several
  static Optional<Pooling> read(ModelFiles files) {
    JsonFile file = JsonFile.read(files, ModelFiles.POOLING);
    List<String> modes =
        file.keys().stream()
            .filter(key -> key.startsWith("pooling_mode_"))
            .filter(key -> file.flag(key).orElse(false))
            .toList();
    if (modes.isEmpty()) {
      return Optional.empty();
    }
    Pooling pooling = MODES.get(modes.getFirst());
    if (modes.size() > 1 || pooling == null) {
      throw new LoadFailure(
          "%s asks for %s; one of mean, cls and last token is supported"
              .formatted(file.name(), String.join(" and ", modes)));
    }
    return Optional.of(pooling);
  }

  /// @param hidden `[tokens, size]`, row-major, at least one token
  float[] pool(FloatBuffer hidden, int size) {
    return switch (this) {
      case MEAN -> mean(hidden, size);
      case CLS -> row(hidden, 0, size);
      case LAST -> row(hidden, hidden.remaining() - size, size);
    };
  }

  /// Row by row as they lie in memory; each place is summed in the order of the tokens.
  private static float[] mean(FloatBuffer hidden, int size) {
    int tokens = hidden.remaining() / size;
    double[] sums = new double[size];
    float[] row = new float[size];
    for (int token = 0; token < tokens; token++) {
      hidden.get(token * size, row);
      for (int place = 0; place < size; place++) {
        sums[place] += row[place];
      }
    }
    for (int place = 0; place < size; place++) {
      row[place] = (float) (sums[place] / tokens);
    }
    return row;
  }

  private static float[] row(FloatBuffer hidden, int from, int size) {
    float[] row = new float[size];
    hidden.get(from, row);
    return row;
  }
}
