package dev.pilotlight.protocol.huggingface;

import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.domain.ModelPolicy.Prompts;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.door.Aggregation;
import dev.pilotlight.protocol.door.Agreement;
import dev.pilotlight.protocol.door.Entities;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.PromptName;
import dev.pilotlight.protocol.door.TruncationSide;
import dev.pilotlight.protocol.huggingface.PipelineParameters.Function;
import dev.pilotlight.protocol.huggingface.PipelineParameters.Given;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.json.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the parameters of a pipeline. Clients send them in `parameters`, or, for
/// feature-extraction, next to `inputs`. One that is null counts as absent. Not thread-safe.
final class ParameterReader {
  static final String SIDE = "truncation_direction";
  static final String NORMALIZE = "normalize";
  static final String DIMENSIONS = "dimensions";
  static final String ENCODING = "encoding_format";
  static final String FUNCTION = "function_to_apply";
  static final String TOP = "top_k";
  static final String ALL = "return_all_scores";
  static final String AGGREGATION = "aggregation_strategy";
  static final String IGNORED = "ignore_labels";
  static final String TARGETS = "targets";

  /// The parameters of all tasks on texts.
  static final List<String> OF_TEXTS = List.of("truncate", "truncation", SIDE, Prompts.FIELD);

  static final List<String> NAMES =
      List.of(
          "truncate",
          "truncation",
          SIDE,
          Prompts.FIELD,
          NORMALIZE,
          DIMENSIONS,
          ENCODING,
          FUNCTION,
          TOP,
          ALL,
          AGGREGATION,
          IGNORED,
          TARGETS);

  /// Fields of other servers and of other pipelines that would change an answer.
  private static final Set<String> REFUSED =
      Set.of(
          "input_type",
          "embedding_types",
          "output_dimension",
          "truncate_prompt_tokens",
          "max_length",
          "stride",
          "grouped_entities",
          "ignore_subwords",
          "offset_mapping",
          "is_split_into_words",
          "delimiter",
          "pooling",
          "prompt",
          "instruction",
          "return_tensors",
          "candidate_labels",
          "hypothesis_template",
          "multi_label");

  private static final int LIST_MAX = 1000;

  private final JsonReader json;
  private final List<Given> given = new ArrayList<>();
  private Optional<Boolean> truncate = Optional.empty();
  private Optional<TruncationSide> side = Optional.empty();
  private @Nullable PromptName prompt;
  private Optional<Boolean> normalise = Optional.empty();
  private Optional<Integer> dimensions = Optional.empty();
  private Optional<Optional<Function>> function = Optional.empty();
  private Optional<Integer> top = Optional.empty();
  private Optional<Aggregation> aggregation = Optional.empty();
  private Optional<Set<String>> ignored = Optional.empty();
  private Optional<List<String>> targets = Optional.empty();

  ParameterReader(JsonReader json) {
    this.json = json;
  }

  /// @throws Refusal INVALID for a parameter that would change the answer and is not supported, and
  ///   for one that contradicts another
  void read(String name, OtherFields others) throws IOException {
    if (json.isNull()) {
      json.skip();
      return;
    }
    if (NAMES.contains(name)) {
      given.add(new Given(name, json.path()));
    }
    switch (name) {
      case "truncate", "truncation" -> truncate = agreed(truncate, json.bool());
      case SIDE -> side = agreed(side, TruncationSide.read(json));
      case Prompts.FIELD -> prompt = prompt();
      case NORMALIZE -> normalise = agreed(normalise, json.bool());
      case DIMENSIONS -> dimensions = agreed(dimensions, (int) json.integer(1, Integer.MAX_VALUE));
      case ENCODING -> requireFloats();
      case FUNCTION -> function = agreed(function, function());
      case TOP -> top = agreed(top, (int) json.integer(1, Integer.MAX_VALUE));
      case TARGETS -> targets = agreed(targets, targets());
      case ALL -> top = agreed(top, json.bool() ? 0 : 1);
      case AGGREGATION -> aggregation = agreed(aggregation, Aggregation.read(json));
      case IGNORED -> ignored = agreed(ignored, labels());
      default -> {
        if (REFUSED.contains(name)) {
          throw Refusal.invalid(
              json.path(),
              "%s is not supported and would change the answer; leave it out; accepted: %s"
                  .formatted(json.path(), String.join(", ", NAMES)));
        }
        others.read(json, name);
      }
    }
  }

  PipelineParameters parameters() {
    return new PipelineParameters(
        truncate,
        side,
        prompt,
        normalise,
        dimensions.isPresent() ? OptionalInt.of(dimensions.get()) : OptionalInt.empty(),
        function.orElse(Optional.empty()),
        top.orElse(0),
        aggregation.orElse(Aggregation.SIMPLE),
        ignored.orElse(Entities.OUTSIDE),
        targets.orElse(List.of()),
        given);
  }

  private <T> Optional<T> agreed(Optional<T> before, T value) {
    return Agreement.of(json.path(), before, value);
  }

  private PromptName prompt() throws IOException {
    String name = json.string();
    Optional<String> before = prompt == null ? Optional.empty() : Optional.of(prompt.name());
    return new PromptName(agreed(before, name).orElse(name), json.path());
  }

  private Set<String> labels() throws IOException {
    String path = json.path();
    Set<String> labels = new HashSet<>();
    json.array(
        index -> {
          requireRoom(path, index);
          labels.add(json.string());
        });
    return labels;
  }

  /// One token or a list of them.
  private List<String> targets() throws IOException {
    if (json.token() != JsonToken.START_ARRAY) {
      return List.of(target());
    }
    String path = json.path();
    List<String> all = new ArrayList<>();
    json.array(
        index -> {
          requireRoom(path, index);
          all.add(target());
        });
    if (all.isEmpty()) {
      throw Refusal.invalid(
          path, "At least one target must be provided when passed; accepted: a token or several");
    }
    return all;
  }

  private static void requireRoom(String path, int index) {
    if (index == LIST_MAX) {
      throw Refusal.invalid(
          path,
          "%s has more than %d elements; accepted: up to %d".formatted(path, LIST_MAX, LIST_MAX));
    }
  }

  private String target() throws IOException {
    String target = json.string();
    if (target.isEmpty()) {
      throw Refusal.invalid(
          json.path(), "%s is empty; accepted: a token of the model".formatted(json.path()));
    }
    return target;
  }

  private void requireFloats() throws IOException {
    String name = json.string();
    if (!name.equals("float")) {
      throw Refusal.invalid(
          json.path(), "%s is '%s'; accepted: float".formatted(json.path(), Text.shorten(name)));
    }
  }

  /// `default` is the model's own function.
  private Optional<Function> function() throws IOException {
    String name = json.string();
    return switch (name) {
      case "sigmoid" -> Optional.of(Function.SIGMOID);
      case "softmax" -> Optional.of(Function.SOFTMAX);
      case "none" -> Optional.of(Function.NONE);
      case "default" -> Optional.empty();
      default ->
          throw Refusal.invalid(
              json.path(),
              "%s is '%s'; accepted: sigmoid, softmax, none, default"
                  .formatted(json.path(), Text.shorten(name)));
    };
  }
}
