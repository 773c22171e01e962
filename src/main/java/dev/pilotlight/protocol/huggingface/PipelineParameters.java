package dev.pilotlight.protocol.huggingface;

import dev.pilotlight.protocol.door.PromptName;
import dev.pilotlight.protocol.door.TruncationSide;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The parameters of a pipeline that a request chooses.
///
/// @param truncate whether texts over the model's limit are truncated; empty if not chosen
/// @param side where they lose tokens; empty if not chosen
/// @param prompt its name; null for the model's default
/// @param normalise whether embeddings have unit length; empty for the model's own rule
/// @param dimensions of embeddings; empty for all
/// @param function from logits to scores; empty for the model's own
/// @param top how many labels to answer; 0 for all
record PipelineParameters(
    Optional<Boolean> truncate,
    Optional<TruncationSide> side,
    @Nullable PromptName prompt,
    Optional<Boolean> normalise,
    OptionalInt dimensions,
    Optional<Function> function,
    int top) {
  /// The function that makes scores of logits.
  enum Function {
    SIGMOID,
    SOFTMAX,
    NONE
  }
}
