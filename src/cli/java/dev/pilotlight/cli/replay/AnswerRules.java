package dev.pilotlight.cli.replay;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// When two answers to the same request count as equal.
///
/// @param minCosine of two vectors
/// @param tolerance of two numbers: absolute up to 1, relative above
/// @param ignored fields of the outermost object
public record AnswerRules(double minCosine, double tolerance, Set<String> ignored) {
  /// Fields that differ from one answer to the next, or from one server to another.
  public static final Set<String> ALWAYS_IGNORED =
      Set.of(
          "created",
          "created_at",
          "id",
          "load_duration",
          "model",
          "model_name",
          "model_version",
          "total_duration");

  public AnswerRules {
    ignored = Set.copyOf(ignored);
  }

  /// The result of a comparison.
  ///
  /// @param reason empty if the answers are equal
  /// @param lowestCosine of all pairs of vectors; NaN if there is none
  public record Verdict(String reason, double lowestCosine) {
    /// Whether they are.
    public boolean equal() {
      return reason.isEmpty();
    }
  }

  /// Compares two answers, of which at least one has a status of 2xx.
  public Verdict compare(Reply first, Reply second) {
    if (first.status() != second.status()) {
      return differ("status: %d and %d".formatted(first.status(), second.status()));
    }
    if (first.json() && second.json()) {
      try {
        JsonComparison comparison = new JsonComparison(this);
        String reason =
            comparison.compare(JsonTree.read(first.body()), JsonTree.read(second.body()));
        return new Verdict(reason, comparison.lowestCosine());
      } catch (IOException e) {
        return bytes(first, second, "one is not valid JSON, and the bytes differ");
      }
    }
    return bytes(first, second, "the bytes differ");
  }

  private static Verdict bytes(Reply first, Reply second, String reason) {
    return Arrays.equals(first.body(), second.body())
        ? new Verdict("", Double.NaN)
        : differ("body: " + reason);
  }

  private static Verdict differ(String reason) {
    return new Verdict(reason, Double.NaN);
  }

  /// The rules in sentences, for reports.
  List<String> sentences() {
    return List.of(
        "Answers with different statuses differ. Two errors with the same status, and requests"
            + " without two answers, are not compared.",
        String.format(
            Locale.ROOT,
            "Embeddings, as numbers or base64, and rows of at least %d numbers with fractions: the"
                + " cosine is at least %s. The lengths of vectors are not compared. In rows, the"
                + " greatest number is at the same place, or tied within %s.",
            JsonComparison.VECTOR_MIN,
            minCosine,
            tolerance),
        String.format(
            Locale.ROOT,
            "Other numbers: within %s, relative to numbers above 1. Whole numbers, texts and"
                + " labels: equal.",
            tolerance),
        "Lists of scores with a label or an index are compared by label or index; other lists in"
            + " order, objects by field.",
        "Ignored fields of the outermost object: "
            + String.join(", ", new TreeSet<>(ignored))
            + ".",
        "Answers that are not JSON: equal bytes.");
  }
}
