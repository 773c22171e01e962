package dev.pilotlight.cli;

import dev.pilotlight.cli.folder.ModelFolder;
import dev.pilotlight.cli.inspect.Answer;
import dev.pilotlight.domain.ModelInfo;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The findings of `pilotlight inspect`.
///
/// @param folder may be closed
record Inspection(ModelFolder folder, List<Answer> answers, Optional<Comparison> comparison) {
  Inspection {
    answers = List.copyOf(answers);
  }

  ModelInfo info() {
    return folder.model().info();
  }

  List<String> warnings() {
    return Stream.of(
            folder.warnings(),
            info().warnings(),
            comparison.map(Comparison::warnings).orElse(List.of()))
        .flatMap(List::stream)
        .toList();
  }

  /// @param strict whether a warning is a failure
  boolean passes(boolean strict) {
    return answers.stream().allMatch(Answer.Given.class::isInstance)
        && comparison.map(Comparison::passes).orElse(true)
        && !(strict && !warnings().isEmpty());
  }
}
