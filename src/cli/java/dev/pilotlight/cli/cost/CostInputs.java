package dev.pilotlight.cli.cost;

import dev.pilotlight.support.Prices.Processor;
import java.util.LinkedHashMap;
import java.util.Map;

/// The traffic of a month and the stack that serves it.
///
/// @param requests a month, of one text each
/// @param hits the share of texts whose result is known, 0 to 1
/// @param tokens of a text
/// @param model a name in the table's list of models, such as [#MINI_LM]
/// @param memoryMb the function's memory
/// @param provisionedMin provisioned environments at the least
/// @param provisionedMax the most that scaling makes; 0 for none
/// @param cached whether the stack has Valkey Serverless
/// @param api whether requests arrive by an HTTP API; else by a function URL
/// @param allAlarms whether the stack has alarms, breaker and queue as in the preset production
/// @param given other values for names of the table, such as `computedMs` or `itemBytes`; a given
///   value replaces what the table would compute
public record CostInputs(
    double requests,
    double hits,
    double tokens,
    String model,
    double memoryMb,
    Processor processor,
    int provisionedMin,
    int provisionedMax,
    boolean cached,
    boolean api,
    boolean allAlarms,
    Map<String, Double> given) {
  /// The model that is measured here.
  public static final String MINI_LM = "all-minilm";

  /// A model that computes as long as the article's.
  public static final String ARTICLE = "article";

  private static final double TOKENS = 128;

  /// @throws IllegalArgumentException with the name of the value that is not accepted
  public CostInputs {
    check("requests", requests, 0, MonthlyCost.REQUESTS_MAX);
    check("hits", hits, 0, 1);
    check("tokens", tokens, 1, Integer.MAX_VALUE);
    check("memoryMb", memoryMb, 128, 10_240);
    check("provisionedMax", provisionedMax, 0, Integer.MAX_VALUE);
    check("provisionedMin", provisionedMin, 0, provisionedMax);
    if (!Terms.known().models().containsKey(model)) {
      throw new IllegalArgumentException(
          "model is '%s'; accepted: %s"
              .formatted(model, String.join(", ", Terms.known().models().keySet())));
    }
    given.keySet().forEach(CostInputs::checkName);
    given = Map.copyOf(given);
  }

  /// The preset starter, for texts of 128 tokens.
  public static CostInputs starter(double requests, double hits) {
    return preset("starter", requests, hits);
  }

  /// The preset production, for texts of 128 tokens.
  public static CostInputs production(double requests, double hits) {
    return preset("production", requests, hits);
  }

  /// A preset of `samconfig.toml`, for texts of 128 tokens.
  ///
  /// @throws IllegalArgumentException if the table has no such preset
  public static CostInputs preset(String name, double requests, double hits) {
    Preset preset = Terms.known().presets().get(name);
    if (preset == null) {
      throw new IllegalArgumentException(
          "preset is '%s'; accepted: %s"
              .formatted(name, String.join(", ", Terms.known().presets().keySet())));
    }
    return new CostInputs(
        requests,
        hits,
        TOKENS,
        MINI_LM,
        preset.memoryMb(),
        preset.processor(),
        preset.provisionedMin(),
        preset.provisionedMax(),
        preset.cached(),
        preset.api(),
        preset.allAlarms(),
        Map.of("throttleRate", preset.throttleRate()));
  }

  /// A copy for texts of another length and another model.
  public CostInputs withText(int otherTokens, String otherModel) {
    return new CostInputs(
        requests,
        hits,
        otherTokens,
        otherModel,
        memoryMb,
        processor,
        provisionedMin,
        provisionedMax,
        cached,
        api,
        allAlarms,
        given);
  }

  /// The same for other traffic.
  public CostInputs withRequests(double other) {
    return new CostInputs(
        other,
        hits,
        tokens,
        model,
        memoryMb,
        processor,
        provisionedMin,
        provisionedMax,
        cached,
        api,
        allAlarms,
        given);
  }

  /// The same with another value for a name of the table, such as `computedMs`: the milliseconds
  /// that a new text keeps a vCPU busy.
  public CostInputs with(String name, double value) {
    Map<String, Double> more = new LinkedHashMap<>(given);
    more.put(name, value);
    return new CostInputs(
        requests,
        hits,
        tokens,
        model,
        memoryMb,
        processor,
        provisionedMin,
        provisionedMax,
        cached,
        api,
        allAlarms,
        more);
  }

  /// These inputs and the model's figures by their names in the table.
  public Map<String, Double> values() {
    Map<String, Double> values =
        new LinkedHashMap<>(Terms.known().models().getOrDefault(model, Map.of()));
    values.put("requests", requests);
    values.put("hits", hits);
    values.put("tokens", tokens);
    values.put("memoryMb", memoryMb);
    values.put("arm", number(processor == Processor.ARM));
    values.put("provisionedMin", (double) provisionedMin);
    values.put("provisionedMax", (double) provisionedMax);
    values.put("cached", number(cached));
    values.put("api", number(api));
    values.put("allAlarms", number(allAlarms));
    values.put("traced", 0.0);
    values.putAll(given);
    return values;
  }

  private static double number(boolean value) {
    return value ? 1 : 0;
  }

  private static void check(String name, double value, double min, double max) {
    if (!(value >= min && value <= max)) {
      throw new IllegalArgumentException(
          "%s is %s; accepted: %.0f to %.0f".formatted(name, value, min, max));
    }
  }

  private static void checkName(String name) {
    Terms terms = Terms.known();
    boolean known =
        terms.assumptions().containsKey(name)
            || terms.derived().containsKey(name)
            || terms.inputs().contains(name)
            || terms.models().values().stream().anyMatch(model -> model.containsKey(name));
    if (!known) {
      throw new IllegalArgumentException("'" + name + "' is not in the table of terms");
    }
  }
}
