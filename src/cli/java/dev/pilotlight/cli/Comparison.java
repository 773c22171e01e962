package dev.pilotlight.cli;

import dev.pilotlight.cli.inspect.Answer;
import dev.pilotlight.cli.inspect.ExpectedLine;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.Task;
import dev.pilotlight.model.Model;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Compares a model's embeddings with those of another implementation.
///
/// @param lines at least one
/// @param cosineMin the lowest cosine that passes
record Comparison(List<Line> lines, double cosineMin) {
  private static final double LENGTH_TOLERANCE = 1e-3;

  Comparison {
    lines = List.copyOf(lines);
  }

  /// One line of the file.
  sealed interface Line {
    int number();

    String text();
  }

  /// A line with vectors of the same size.
  ///
  /// @param cosine NaN if it is undefined: a vector of zeros, or one that holds NaN or infinity
  /// @param lengthRatio of the model's vector to the expected one
  record Compared(int number, String text, double cosine, double lengthRatio) implements Line {}

  /// A line that has no cosine.
  record Failed(int number, String text, String reason) implements Line {}

  /// Embeds each line's text.
  ///
  /// @throws ExpectedLine.Malformed if a line does not have the form of [ExpectedLine], or there is
  ///   none
  /// @throws Refusal if the model does not produce embeddings
  static Comparison of(Model model, Path file, double cosineMin, boolean truncate)
      throws IOException {
    if (model.info().task() != Task.EMBEDDING) {
      throw Refusal.invalid(
          "--against",
          "--against compares embeddings; the model's task is " + Texts.task(model.info().task()));
    }
    List<Line> lines = new ArrayList<>();
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (!line.isBlank()) {
          lines.add(compare(model, ExpectedLine.parse(number, line), truncate));
        }
      }
    }
    if (lines.isEmpty()) {
      throw new ExpectedLine.Malformed(1, "is missing");
    }
    return new Comparison(lines, cosineMin);
  }

  private static Line compare(Model model, ExpectedLine line, boolean truncate) {
    return switch (Answer.of(model, line.text(), truncate)) {
      case Answer.Refused(String text, String reason) -> new Failed(line.number(), text, reason);
      case Answer.Given(String text, Result result, var _) ->
          compare(line, result.output(ModelInfo.EMBEDDING_OUTPUT).floats());
    };
  }

  private static Line compare(ExpectedLine line, float[] actual) {
    double[] expected = line.embedding();
    if (expected.length != actual.length) {
      String reason =
          "the expected embedding has %d numbers, the model's %d"
              .formatted(expected.length, actual.length);
      return new Failed(line.number(), line.text(), reason);
    }
    double product = 0;
    double expectedSquares = 0;
    double actualSquares = 0;
    for (int i = 0; i < actual.length; i++) {
      product += expected[i] * actual[i];
      expectedSquares += expected[i] * expected[i];
      actualSquares += (double) actual[i] * actual[i];
    }
    return new Compared(
        line.number(),
        line.text(),
        product / Math.sqrt(expectedSquares * actualSquares),
        Math.sqrt(actualSquares / expectedSquares));
  }

  /// The line with the lowest cosine, if any line has one.
  Optional<Compared> worst() {
    return lines.stream()
        .filter(Compared.class::isInstance)
        .map(Compared.class::cast)
        .min(Comparator.comparingDouble(line -> Double.isNaN(line.cosine) ? -2 : line.cosine));
  }

  boolean passes(Line line) {
    // false for NaN, too
    return line instanceof Compared compared && compared.cosine >= cosineMin;
  }

  long failures() {
    return lines.stream().filter(line -> !passes(line)).count();
  }

  boolean passes() {
    return failures() == 0;
  }

  /// A cosine does not show whether vectors are normalised.
  List<String> warnings() {
    return lines.stream()
        .filter(Compared.class::isInstance)
        .map(Compared.class::cast)
        .filter(line -> Math.abs(line.lengthRatio - 1) > LENGTH_TOLERANCE)
        .findFirst()
        .map(
            line ->
                String.format(
                    Locale.ROOT,
                    "the model's vector is %.4g times as long as the expected one (line %d);"
                        + " compare `normalised`",
                    line.lengthRatio,
                    line.number))
        .stream()
        .toList();
  }
}
