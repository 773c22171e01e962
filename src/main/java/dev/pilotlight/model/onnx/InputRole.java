package dev.pilotlight.model.onnx;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The role of a graph's input for a tokenised text.
public enum InputRole {
  IDS,
  /// 1 for the text's tokens, 0 for padding.
  MASK,
  TYPES,
  POSITIONS;

  /// By the names that exporters give the inputs.
  private static final Map<String, InputRole> NAMES =
      Map.of(
          "input_ids", IDS,
          "input_word_ids", IDS,
          "attention_mask", MASK,
          "input_mask", MASK,
          "token_type_ids", TYPES,
          "segment_ids", TYPES,
          "input_type_ids", TYPES,
          "input_type", TYPES,
          "position_ids", POSITIONS);

  private static final String TF_PREFIX = "serving_default_";
  private static final String TF_SUFFIX = ":0";

  public static Optional<InputRole> of(String input) {
    return Optional.ofNullable(NAMES.get(bareName(input)));
  }

  /// A name without TensorFlow's prefix and suffix.
  public static String bareName(String input) {
    String name =
        input.endsWith(TF_SUFFIX) ? input.substring(0, input.length() - TF_SUFFIX.length()) : input;
    return name.startsWith(TF_PREFIX) ? name.substring(TF_PREFIX.length()) : name;
  }

  /// All names, sorted, for messages.
  public static List<String> allNames() {
    return NAMES.keySet().stream().sorted().toList();
  }
}
