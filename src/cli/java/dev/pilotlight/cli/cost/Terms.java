package dev.pilotlight.cli.cost;

import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.support.Prices.Processor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The table of terms, which the calculator's page reads too.
///
/// @param date the month in which the prices were copied
/// @param region of the prices
/// @param inputs the names that a caller gives values for
/// @param presets by name
/// @param assumptions values by name, which a caller may give others for
/// @param models the measured figures of each model, by the model's name
/// @param derived formulas by name, in the order of evaluation
record Terms(
    String date,
    String region,
    Set<String> inputs,
    Map<String, Preset> presets,
    Map<String, Double> assumptions,
    Map<String, Map<String, Double>> models,
    Map<String, Formula> derived,
    Map<String, Price> prices,
    List<Term> terms) {
  private static final String FILE = "terms.json";
  private static @Nullable Terms known;

  /// The table of this version.
  static synchronized Terms known() {
    if (known == null) {
      known = read();
    }
    return known;
  }

  private static Terms read() {
    try (InputStream in = Objects.requireNonNull(Terms.class.getResourceAsStream(FILE))) {
      return of(JsonFile.of(FILE, in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Terms of(JsonFile file) {
    Map<String, Double> inputs = new LinkedHashMap<>();
    Map<String, Preset> presets = new LinkedHashMap<>();
    Map<String, Double> assumptions = new LinkedHashMap<>();
    Map<String, Map<String, Double>> models = new LinkedHashMap<>();
    Map<String, Formula> derived = new LinkedHashMap<>();
    Map<String, Price> prices = new LinkedHashMap<>();
    List<Term> terms = new ArrayList<>();
    rows(file, "inputs").forEach(row -> inputs.put(text(row, "name"), 0.0));
    rows(file, "presets").forEach(row -> presets.put(text(row, "name"), preset(row)));
    rows(file, "assumptions")
        .forEach(row -> assumptions.put(text(row, "name"), number(row, "value")));
    rows(file, "models").forEach(row -> models.put(text(row, "name"), figures(row)));
    rows(file, "values")
        .forEach(row -> derived.put(text(row, "name"), Formula.parse(text(row, "formula"))));
    rows(file, "prices").forEach(row -> prices.put(text(row, "name"), price(row)));
    rows(file, "terms").forEach(row -> terms.add(term(row)));
    return new Terms(
        file.text("date").orElseThrow(),
        file.text("region").orElseThrow(),
        inputs.keySet(),
        presets,
        assumptions,
        models,
        derived,
        prices,
        terms);
  }

  private static Preset preset(JsonFile row) {
    return new Preset(
        number(row, "memory"),
        either(row, "processor", "arm", "x86") ? Processor.ARM : Processor.X86,
        (int) number(row, "min"),
        (int) number(row, "max"),
        either(row, "cache", "valkey", "none"),
        either(row, "door", "api", "url"),
        either(row, "alarms", "all", "few"),
        number(row, "throttleRate"));
  }

  /// Whether a text is the first of two that are accepted.
  private static boolean either(JsonFile row, String key, String first, String second) {
    String text = text(row, key);
    if (!text.equals(first) && !text.equals(second)) {
      throw row.wrong(key, first + " or " + second);
    }
    return text.equals(first);
  }

  private static Price price(JsonFile row) {
    return new Price(
        text(row, "name"),
        number(row, "usd"),
        number(row, "per"),
        text(row, "unit"),
        text(row, "published"));
  }

  private static Term term(JsonFile row) {
    return new Term(
        text(row, "name"),
        Part.of(text(row, "part")),
        text(row, "title"),
        Formula.parse(text(row, "quantity")),
        text(row, "unit"),
        text(row, "price"),
        row.flag("estimate").orElseThrow());
  }

  private static Map<String, Double> figures(JsonFile model) {
    JsonFile values = model.nested("values");
    Map<String, Double> figures = new LinkedHashMap<>();
    values.keys().forEach(name -> figures.put(name, number(values, name)));
    return figures;
  }

  private static List<JsonFile> rows(JsonFile file, String key) {
    List<?> rows = (List<?>) file.value(key).orElseThrow();
    return rows.stream().map(row -> new JsonFile(FILE + ": " + key, row)).toList();
  }

  private static String text(JsonFile row, String key) {
    return row.text(key).orElseThrow(() -> row.wrong(key, "a string"));
  }

  private static double number(JsonFile row, String key) {
    return row.number(key).orElseThrow(() -> row.wrong(key, "a number"));
  }
}
