package dev.pilotlight.protocol.huggingface;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.Names;
import dev.pilotlight.protocol.http.UnknownFields;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads `{"inputs", "parameters", "options"}`. An optional field that is null counts as absent.
/// Not thread-safe.
final class PipelineReader {
  private static final String PARAMETERS = "parameters";
  private static final String OPTIONS = "options";
  static final String MODEL = "model";
  private static final String USE_CACHE = "use_cache";
  private static final String WAIT = "wait_for_model";
  private static final List<String> FIELDS = fields();

  private final JsonReader json;
  private final Terms terms;
  private final OtherFields others;
  private final OtherFields otherParameters;
  private final OtherFields otherOptions;
  private final ParameterReader parameters;
  private @Nullable PipelineInputs inputs;
  private @Nullable String model;
  private boolean usesCache = true;

  PipelineReader(JsonReader json, Terms terms) {
    this.json = json;
    this.terms = terms;
    UnknownFields rule = terms.settings().unknownFields();
    this.others = new OtherFields(FIELDS, rule);
    this.otherParameters = new OtherFields(ParameterReader.NAMES, rule);
    this.otherOptions = new OtherFields(List.of(USE_CACHE, WAIT), rule);
    this.parameters = new ParameterReader(json);
  }

  private static List<String> fields() {
    List<String> fields =
        new ArrayList<>(List.of(PipelineInputs.FIELD, PARAMETERS, OPTIONS, MODEL));
    fields.addAll(ParameterReader.NAMES);
    return List.copyOf(fields);
  }

  /// The fields of a body.
  ///
  /// @param model the model's name; empty if the body names none
  /// @param others the fields to ignore
  record Body(
      String model,
      PipelineInputs inputs,
      PipelineParameters parameters,
      boolean usesCache,
      List<OtherFields> others) {}

  /// @throws Refusal INVALID, naming the field; EMPTY without inputs
  Body read() throws IOException {
    json.object(this::field);
    if (inputs == null) {
      throw Refusal.invalid(
          PipelineInputs.FIELD,
          "inputs is missing; accepted: " + PipelineInputs.accepted(terms.itemsMax()));
    }
    return new Body(
        model == null ? "" : Names.model(model),
        inputs,
        parameters.parameters(),
        usesCache,
        List.of(others, otherParameters, otherOptions));
  }

  private void field(String name) throws IOException {
    switch (name) {
      case PipelineInputs.FIELD -> inputs = PipelineInputs.read(json, terms.itemsMax());
      case PARAMETERS -> object(field -> parameters.read(field, otherParameters));
      case OPTIONS -> object(this::option);
      case MODEL -> model = json.isNull() ? model : json.string();
      default -> parameters.read(name, others);
    }
  }

  private void object(JsonReader.FieldHandler handler) throws IOException {
    if (!json.isNull()) {
      json.object(handler);
    }
  }

  private void option(String name) throws IOException {
    switch (name) {
      case USE_CACHE -> usesCache = json.isNull() ? usesCache : json.bool();
      case WAIT -> {
        if (!json.isNull()) {
          // a request waits for its model until its deadline, whatever this is
          var _ = json.bool();
        }
      }
      default -> otherOptions.read(json, name);
    }
  }
}
