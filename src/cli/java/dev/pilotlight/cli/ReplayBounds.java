package dev.pilotlight.cli;

import dev.pilotlight.cli.replay.AnswerRules;
import dev.pilotlight.cli.replay.Campaign;
import dev.pilotlight.cli.replay.TargetResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// The options of a replay by which answers are compared, and the bounds of its exit code.
final class ReplayBounds {
  private static final int DIFFERENT = 3;
  private static final int ERRORS = 4;

  @Option(
      names = "--min-cosine",
      paramLabel = "COSINE",
      defaultValue = "0.9999",
      description = "The lowest cosine of equal vectors; default: ${DEFAULT-VALUE}.")
  private double minCosine;

  @Option(
      names = "--tolerance",
      paramLabel = "NUMBER",
      defaultValue = "0.001",
      description = "How far equal scores are apart at most; default: ${DEFAULT-VALUE}.")
  private double tolerance;

  @Option(
      names = "--ignore",
      paramLabel = "FIELDS",
      split = ",",
      description = "Further fields of the outermost object that are not compared.")
  private List<String> ignored = new ArrayList<>();

  @Option(
      names = "--max-different",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = "The share of answers that may differ, 0 to 1; default: ${DEFAULT-VALUE}.")
  private double maxDifferent;

  @Option(
      names = "--max-errors",
      paramLabel = "SHARE",
      defaultValue = "0.01",
      description =
          "The share of a server's requests that may be without an answer of 2xx, 0 to 1; default:"
              + " ${DEFAULT-VALUE}.")
  private double maxErrors;

  /// @throws ParameterException if an option is out of its range
  AnswerRules rules(CommandSpec spec) {
    within(spec, "--min-cosine", minCosine, -1, 1);
    within(spec, "--tolerance", tolerance, 0, Double.MAX_VALUE);
    within(spec, "--max-different", maxDifferent, 0, 1);
    within(spec, "--max-errors", maxErrors, 0, 1);
    Set<String> all = new HashSet<>(AnswerRules.ALWAYS_IGNORED);
    all.addAll(ignored);
    return new AnswerRules(minCosine, tolerance, all);
  }

  private static void within(
      CommandSpec spec, String option, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      String accepted = most == 1 ? "%.0f to 1".formatted(least) : "0 or more";
      throw new ParameterException(
          spec.commandLine(), "%s is %s; accepted: %s".formatted(option, value, accepted));
    }
  }

  /// 0 if the results are within the bounds. Errors come before differences.
  int exitCode(Campaign.Outcome outcome) {
    for (TargetResult target : outcome.targets()) {
      if (target.errorShare() > maxErrors) {
        return ERRORS;
      }
    }
    boolean different =
        outcome.differences().stream()
            .anyMatch(
                result ->
                    result.compared() == 0
                        || result.share() > maxDifferent
                        || result.notKeptShare() > maxDifferent);
    return different ? DIFFERENT : 0;
  }
}
