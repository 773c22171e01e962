package dev.pilotlight.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.pilotlight.cli.quantize.Accuracy;
import dev.pilotlight.cli.quantize.Measurement;
import dev.pilotlight.cli.quantize.Quantizer;
import dev.pilotlight.cli.quantize.Scores;
import dev.pilotlight.cli.quantize.Speed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The result of `pilotlight quantize`.
///
/// @param name of the model
/// @param version of the original
/// @param form in words
/// @param bounds of the accuracy
/// @param target the folder of the new version
/// @param fault why it was not written there; empty if it was
record QuantizeReport(
    String name,
    String version,
    String form,
    Quantizer.Counts counts,
    Measurement measurement,
    List<String> warnings,
    List<Accuracy.Bound> bounds,
    Path target,
    Optional<String> fault) {
  private static final double NANOS_PER_MILLI = 1e6;

  QuantizeReport {
    warnings = List.copyOf(warnings);
    bounds = List.copyOf(bounds);
  }

  /// Prints it for people.
  ///
  /// @param out is flushed, not closed
  void print(Terminal terminal, PrintWriter out) {
    out.println(
        "%s, version %s: %s"
            .formatted(terminal.bold(Texts.oneLine(name)), version, terminal.bold(form)));
    line(
        out,
        "weights",
        "%d MatMul and Gemm, %d embedding look-ups; %d other products stay"
            .formatted(counts.products(), counts.lookups(), counts.productsLeft()));
    line(
        out,
        "size",
        "%s to %s, %s %%"
            .formatted(
                Texts.bytes(measurement.originalBytes()),
                Texts.bytes(measurement.quantisedBytes()),
                decimals(1, 100 * ratio())));
    for (Speed speed : measurement.speeds()) {
      line(
          out,
          speed.tokens() + " tokens",
          "%s ms to %s ms, %s times as fast"
              .formatted(
                  decimals(2, speed.originalNanos() / NANOS_PER_MILLI),
                  decimals(2, speed.quantisedNanos() / NANOS_PER_MILLI),
                  decimals(2, speed.factor())));
    }
    accuracy(out);
    for (Accuracy.Bound bound : bounds) {
      line(
          out,
          "bound",
          "%s %s of the %s".formatted(bound.option(), bound.least(), bound.measure()));
    }
    warnings.forEach(warning -> line(out, "warning", terminal.yellow(Texts.oneLine(warning))));
    if (fault.isEmpty()) {
      line(out, "written to", target.toString());
    }
    out.flush();
  }

  private double ratio() {
    return (double) measurement.quantisedBytes() / measurement.originalBytes();
  }

  private void accuracy(PrintWriter out) {
    switch (measurement.accuracy()) {
      case Accuracy.Embeddings(
              int texts,
              double cosineMean,
              double cosineMin,
              String lowest,
              double rankCorrelation) -> {
        line(out, "cosine", "mean %s over %d texts".formatted(decimals(4, cosineMean), texts));
        line(out, "lowest cosine", decimals(4, cosineMin) + ", " + Texts.excerpt(lowest));
        String correlation = decimals(4, rankCorrelation);
        line(out, "rank correlation", correlation + " of the texts' similarities");
      }
      case Accuracy.BestLabel(int texts, double agreement, double scoreMove) -> {
        line(out, "same label", "%s %% of %d texts".formatted(decimals(1, 100 * agreement), texts));
        line(out, "score", "moves by %s on average".formatted(decimals(4, scoreMove)));
      }
      case Scores scores -> scores(out, scores);
    }
  }

  private static void scores(PrintWriter out, Scores scores) {
    line(
        out,
        "rank correlation",
        "%s of the scores of %d %s"
            .formatted(decimals(4, scores.rankCorrelation()), scores.texts(), scores.kind()));
    line(
        out,
        "lowest label",
        "%s, %s".formatted(decimals(4, scores.rankMin()), Texts.excerpt(scores.lowest())));
    if (!Double.isNaN(scores.decisions())) {
      line(out, "same decision", decimals(1, 100 * scores.decisions()) + " % of scores, at 0.5");
    }
    line(
        out,
        "score",
        "moves by %s on average; the original's deviate by %s"
            .formatted(decimals(4, scores.scoreMove()), decimals(4, scores.spread())));
  }

  private static String decimals(int digits, double value) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private static void line(PrintWriter out, String title, String text) {
    out.println("  %-16s %s".formatted(title, text));
  }

  /// Prints it for programs: one JSON object.
  ///
  /// @param out is flushed, not closed
  void printJson(PrintWriter out) {
    JsonFactory factory =
        JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    try (JsonGenerator json = factory.createGenerator(out)) {
      json.useDefaultPrettyPrinter();
      write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.println();
    out.flush();
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", name);
    json.writeStringField("version", version);
    json.writeStringField("form", form);
    json.writeNumberField("products", counts.products());
    json.writeNumberField("products_left", counts.productsLeft());
    json.writeNumberField("lookups", counts.lookups());
    json.writeNumberField("original_bytes", measurement.originalBytes());
    json.writeNumberField("bytes", measurement.quantisedBytes());
    json.writeArrayFieldStart("speed");
    for (Speed speed : measurement.speeds()) {
      json.writeStartObject();
      json.writeNumberField("tokens", speed.tokens());
      json.writeNumberField("original_ms", speed.originalNanos() / NANOS_PER_MILLI);
      json.writeNumberField("ms", speed.quantisedNanos() / NANOS_PER_MILLI);
      json.writeEndObject();
    }
    json.writeEndArray();
    accuracy(json);
    bounds(json);
    json.writeFieldName("warnings");
    json.writeArray(warnings.toArray(String[]::new), 0, warnings.size());
    text(json, "fault", fault);
    text(json, "written", fault.isPresent() ? Optional.empty() : Optional.of(target.toString()));
    json.writeEndObject();
  }

  private void accuracy(JsonGenerator json) throws IOException {
    json.writeNumberField("texts", measurement.accuracy().texts());
    switch (measurement.accuracy()) {
      case Accuracy.Embeddings embeddings -> {
        number(json, "cosine_mean", embeddings.cosineMean());
        number(json, "cosine_min", embeddings.cosineMin());
        number(json, "rank_correlation", embeddings.rankCorrelation());
      }
      case Accuracy.BestLabel labels -> {
        number(json, "label_agreement", labels.agreement());
        number(json, "score_move", labels.scoreMove());
      }
      case Scores scores -> {
        json.writeStringField("compared", scores.kind());
        number(json, "rank_correlation", scores.rankCorrelation());
        number(json, "rank_correlation_min", scores.rankMin());
        number(json, "decision_agreement", scores.decisions());
        number(json, "score_move", scores.scoreMove());
        number(json, "score_deviation", scores.spread());
      }
    }
  }

  private void bounds(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("bounds");
    for (Accuracy.Bound bound : bounds) {
      json.writeStartObject();
      json.writeStringField("measure", bound.measure());
      json.writeStringField("option", bound.option());
      number(json, "value", bound.value());
      json.writeNumberField("least", bound.least());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /// JSON has no NaN.
  private static void number(JsonGenerator json, String name, double value) throws IOException {
    if (Double.isNaN(value)) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }

  private static void text(JsonGenerator json, String name, Optional<String> value)
      throws IOException {
    if (value.isPresent()) {
      json.writeStringField(name, value.get());
    } else {
      json.writeNullField(name);
    }
  }
}
