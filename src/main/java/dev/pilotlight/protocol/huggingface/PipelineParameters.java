package dev.pilotlight.protocol.huggingface;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.door.Aggregation;
import dev.pilotlight.protocol.door.Entities;
import dev.pilotlight.protocol.door.PromptName;
import dev.pilotlight.protocol.door.TruncationSide;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
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
/// @param aggregation of the labels of tokens
/// @param ignored the labels of tokens that are left out
/// @param targets the tokens among which masks are filled; empty for all
/// @param given all of these that the request has
record PipelineParameters(
    Optional<Boolean> truncate,
    Optional<TruncationSide> side,
    @Nullable PromptName prompt,
    Optional<Boolean> normalise,
    OptionalInt dimensions,
    Optional<Function> function,
    int top,
    Aggregation aggregation,
    Set<String> ignored,
    List<String> targets,
    List<Given> given) {
  /// A parameter of a request.
  ///
  /// @param path where it stands in the body
  record Given(String name, String path) {}

  /// The function that makes scores of logits.
  enum Function {
    SIGMOID,
    SOFTMAX,
    NONE;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Those of a request that has none.
  static final PipelineParameters NONE =
      new PipelineParameters(
          Optional.empty(),
          Optional.empty(),
          null,
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          0,
          Aggregation.SIMPLE,
          Entities.OUTSIDE,
          List.of(),
          List.of());

  PipelineParameters {
    ignored = Set.copyOf(ignored);
    targets = List.copyOf(targets);
    given = List.copyOf(given);
  }

  /// The path at which a parameter stands; its name if the request has none.
  String path(String name) {
    for (Given parameter : given) {
      if (parameter.name().equals(name)) {
        return parameter.path();
      }
    }
    return name;
  }

  /// Refuses the parameters of other tasks, which would change nothing.
  ///
  /// @throws Refusal INVALID, naming the parameter
  void require(PipelineTask task) {
    for (Given parameter : given) {
      if (!task.uses(parameter.name())) {
        throw Refusal.invalid(
            parameter.path(),
            "%s is not a parameter of the task %s; accepted: %s"
                .formatted(parameter.path(), task.wireName(), task.accepted()));
      }
    }
  }
}
