package dev.pilotlight.model.head;

import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.format.LoadFailure;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Turns the vectors of a text's tokens into one.
///
/// @param modes their results are concatenated in this order; at least one
/// @param includesPrompt whether the tokens of the model's own prompt are pooled too
public record Pooling(List<PoolingMode> modes, boolean includesPrompt) {
  private static final String KEY = "pooling_mode";
  private static final String LEGACY = KEY + "_";
  // the former name of the mode in pilotlight.json
  private static final String LAST = "last";
  private static final String ACCEPTED =
      Arrays.stream(PoolingMode.values()).map(PoolingMode::label).collect(Collectors.joining(", "))
          + "; or a list of them";

  public Pooling {
    modes = List.copyOf(modes);
  }

  public static Pooling of(PoolingMode mode) {
    return new Pooling(List.of(mode), true);
  }

  /// Reads the configuration of a Pooling module, as any version of sentence-transformers writes
  /// it.
  ///
  /// @throws LoadFailure if it names a mode that is not known
  public static Pooling read(JsonFile file) {
    List<PoolingMode> modes = file.value(KEY).isPresent() ? modes(file, KEY) : legacy(file);
    return new Pooling(modes, file.flag("include_prompt").orElse(true));
  }

  /// The modes under a key: a name or a list of names.
  public static List<PoolingMode> modes(JsonFile file, String key) {
    Object value = file.value(key).orElse(List.of());
    List<PoolingMode> modes = new ArrayList<>();
    for (Object name : value instanceof List<?> names ? names : List.of(value)) {
      String label = LAST.equals(name) ? PoolingMode.LASTTOKEN.label() : String.valueOf(name);
      modes.add(PoolingMode.named(label).orElseThrow(() -> wrong(file, key, name)));
    }
    if (modes.isEmpty()) {
      throw wrong(file, key, "[]");
    }
    return modes;
  }

  private static LoadFailure wrong(JsonFile file, String key, Object value) {
    return new LoadFailure(
        "%s: %s is %s, which is not accepted; it takes %s"
            .formatted(file.name(), key, value, ACCEPTED));
  }

  /// The modes of the booleans, in the order of the modes and not of the file; the mean if none is
  /// set.
  private static List<PoolingMode> legacy(JsonFile file) {
    List<String> asked =
        file.keys().stream()
            .filter(key -> key.startsWith(LEGACY))
            .filter(key -> file.flag(key).orElse(false))
            .toList();
    List<PoolingMode> modes =
        Arrays.stream(PoolingMode.values()).filter(m -> asked.contains(m.legacyKey())).toList();
    if (modes.size() < asked.size()) {
      throw new LoadFailure(
          "%s asks for %s; it takes %s"
              .formatted(
                  file.name(),
                  String.join(" and ", asked),
                  Arrays.stream(PoolingMode.values())
                      .map(PoolingMode::legacyKey)
                      .collect(Collectors.joining(", "))));
    }
    return modes.isEmpty() ? List.of(PoolingMode.MEAN) : modes;
  }

  /// @param hidden `[tokens, size]`, row-major
  float[] pool(FloatBuffer hidden, int size, TokenSpan span) {
    float[] vector = new float[size * modes.size()];
    for (int i = 0; i < modes.size(); i++) {
      modes.get(i).pool(hidden, size, span, vector, i * size);
    }
    return vector;
  }

  /// As metadata shows it: `mean`, or `mean, max`.
  public String label() {
    return modes.stream().map(PoolingMode::label).collect(Collectors.joining(", "));
  }
}
