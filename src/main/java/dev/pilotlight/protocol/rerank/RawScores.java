package dev.pilotlight.protocol.rerank;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.task.Labels.Scoring;
import java.util.Optional;

/// A request's choice between logits and their sigmoid.
///
/// @param field that has the choice
/// @param wanted whether the scores are the logits
record RawScores(String field, boolean wanted) {
  /// Adds a field's choice to that of the fields before it.
  ///
  /// @throws Refusal INVALID if it is another one
  static Optional<RawScores> agreed(Optional<RawScores> before, String field, boolean wanted) {
    if (before.isPresent() && before.get().wanted != wanted) {
      throw Refusal.invalid(
          field, "%s contradicts %s; accepted: one of them".formatted(field, before.get().field));
    }
    return Optional.of(new RawScores(field, wanted));
  }

  /// @throws Refusal INVALID if logits are wanted of a graph that gives probabilities
  static void requireGiven(Optional<RawScores> asked, ModelInfo model, Labels labels) {
    boolean wanted = asked.isPresent() && asked.get().wanted;
    if (wanted && labels.scoring() == Scoring.PROBABILITIES) {
      String field = asked.get().field;
      throw Refusal.invalid(
          field,
          "%s asks for logits, but the graph of %s gives probabilities; accepted: no %s"
              .formatted(field, model.name(), field));
    }
  }

  /// Whether the scores of a model are its logits.
  static boolean of(Optional<RawScores> asked, ModelInfo model) {
    return asked.map(RawScores::wanted).orElse(model.policy().rawScores());
  }
}
