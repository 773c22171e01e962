package dev.pilotlight.protocol.tei.inputs;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import java.util.Set;

/// The fields by which other servers change a vector or its form. Text-embeddings-inference ignores
/// them; here they are refused, because ignoring one would give another answer than the caller
/// wants.
public final class OtherVectors {
  private static final Set<String> NAMES =
      Set.of(
          "input_type",
          "task",
          "prompt",
          "instruction",
          "pooling",
          "prompt_name",
          "normalize",
          "dimensions",
          "truncate",
          "truncation_direction",
          "encoding_format",
          "embedding_types",
          "output_dtype",
          "output_dimension",
          "max_length",
          "truncate_prompt_tokens",
          "add_special_tokens");

  private OtherVectors() {}

  /// Refuses a field that would change a vector.
  ///
  /// @param name of the field under the cursor, which the route does not have
  /// @throws Refusal INVALID if it is one of them
  public static void refuse(JsonReader json, String name, Iterable<String> accepted) {
    if (NAMES.contains(name) && !json.isNull()) {
      throw Refusal.invalid(
          json.path(),
          "%s is not supported and would change the vectors; leave it out; accepted: %s"
              .formatted(json.path(), String.join(", ", accepted)));
    }
  }
}
