package dev.pilotlight.protocol.tei;

import dev.pilotlight.domain.ModelPolicy.Prompts;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.PromptName;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.door.TruncationSide;
import dev.pilotlight.protocol.door.VectorForm;
import dev.pilotlight.protocol.http.Names;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.tei.inputs.InputItems;
import dev.pilotlight.protocol.tei.inputs.Inputs;
import dev.pilotlight.protocol.tei.inputs.OtherVectors;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Reads the body of `POST /embed`. An optional field that is null counts as absent. Not
/// thread-safe.
final class EmbedReader {
  static final String NORMALIZE = "normalize";

  private static final String INPUTS = "inputs";
  private static final String TRUNCATE = "truncate";
  private static final String DIMENSIONS = "dimensions";
  private static final String MODEL = "model";
  private static final List<String> FIELDS =
      List.of(INPUTS, TRUNCATE, InputItems.SIDE, Prompts.FIELD, NORMALIZE, DIMENSIONS, MODEL);

  private final JsonReader json;
  private final Terms terms;
  private final OtherFields others;
  private @Nullable Inputs inputs;
  private @Nullable String model;
  private boolean truncates;
  private Optional<TruncationSide> side = Optional.empty();
  private Optional<PromptName> prompt = Optional.empty();
  private boolean normalise = true;
  private OptionalInt dimensions = OptionalInt.empty();

  EmbedReader(JsonReader json, Terms terms) {
    this.json = json;
    this.terms = terms;
    this.truncates = terms.truncate().orElse(true);
    this.others = new OtherFields(FIELDS, terms.settings().unknownFields());
  }

  EmbedRequest read() throws IOException {
    json.object(this::field);
    if (inputs == null) {
      throw Refusal.invalid(
          INPUTS, "inputs is missing; accepted: " + Inputs.accepted(terms.itemsMax()));
    }
    return new EmbedRequest(
        model == null ? "" : Names.model(model),
        inputs,
        truncates,
        side,
        prompt,
        new VectorForm(Optional.of(normalise), dimensions),
        EmbedRequest.Reply.VECTORS,
        others);
  }

  private void field(String name) throws IOException {
    if (json.isNull() && FIELDS.contains(name) && !name.equals(INPUTS)) {
      return;
    }
    switch (name) {
      case INPUTS -> inputs = Inputs.read(json, INPUTS, terms.itemsMax());
      case TRUNCATE -> truncates = json.bool();
      case InputItems.SIDE -> side = Optional.of(TruncationSide.read(json));
      case Prompts.FIELD -> prompt = Optional.of(new PromptName(json.string(), Prompts.FIELD));
      case NORMALIZE -> normalise = json.bool();
      case DIMENSIONS -> dimensions = OptionalInt.of((int) json.integer(1, Integer.MAX_VALUE));
      case MODEL -> model = json.string();
      default -> {
        OtherVectors.refuse(json, name, FIELDS);
        others.read(json, name);
      }
    }
  }
}
