package dev.pilotlight.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The part that a graph's input plays for a tokenised text, by the names that exporters give it.
enum InputRole {
  IDS("input_ids", "input_word_ids"),
  /// 1 for the text's tokens, 0 for padding.
  MASK("attention_mask", "input_mask"),
  TYPES("token_type_ids", "segment_ids", "input_type_ids", "input_type"),
  POSITIONS("position_ids");

  private static final String TF_PREFIX = "serving_default_";
  private static final String TF_SUFFIX = ":0";

  private final Set<String> names;

  InputRole(String... names) {
    this.names = Set.of(names);
  }

  static Optional<InputRole> of(String input) {
    String name = bareName(input);
    return Stream.of(values()).filter(role -> role.names.contains(name)).findFirst();
  }

  /// A name without what TensorFlow puts around it.
  static String bareName(String input) {
    String name =
        input.endsWith(TF_SUFFIX)
            ? input.substring(0, input.length() - TF_SUFFIX.length())
            : input;
    return name.startsWith(TF_PREFIX) ? name.substring(TF_PREFIX.length()) : name;
  }

  /// All names, sorted, for messages.
  static List<String> allNames() {
    return Stream.of(values()).flatMap(role -> role.names.stream()).sorted().toList();
  }
}
