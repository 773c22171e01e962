package dev.pilotlight.protocol.tei.forms;

import dev.pilotlight.domain.ModelPolicy.Prompts;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.PromptName;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.door.TruncationSide;
import dev.pilotlight.protocol.http.Names;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.tei.inputs.InputItems;
import dev.pilotlight.protocol.tei.inputs.Inputs;
import dev.pilotlight.protocol.tei.inputs.OtherVectors;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the body of `POST /embed_all` and of `POST /embed_sparse`. An optional field that is null
/// counts as absent. Not thread-safe.
final class FormReader {
  private static final String INPUTS = "inputs";
  private static final String TRUNCATE = "truncate";
  private static final String MODEL = "model";
  private static final List<String> FIELDS =
      List.of(INPUTS, TRUNCATE, InputItems.SIDE, Prompts.FIELD, MODEL);

  private final JsonReader json;
  private final Terms terms;
  private final OtherFields others;
  private @Nullable Inputs inputs;
  private @Nullable String model;
  private boolean truncates;
  private Optional<TruncationSide> side = Optional.empty();
  private Optional<PromptName> prompt = Optional.empty();

  FormReader(JsonReader json, Terms terms) {
    this.json = json;
    this.terms = terms;
    this.truncates = terms.truncate().orElse(true);
    this.others = new OtherFields(FIELDS, terms.settings().unknownFields());
  }

  FormRequest read(FormRequest.Kind kind) throws IOException {
    json.object(this::field);
    if (inputs == null) {
      throw Refusal.invalid(
          INPUTS, "inputs is missing; accepted: " + Inputs.accepted(terms.itemsMax()));
    }
    int bytesMax = terms.settings().responseBytesMax();
    String name = model == null ? "" : Names.model(model);
    return new FormRequest(kind, name, inputs, truncates, side, prompt, bytesMax, others);
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
      case MODEL -> model = json.string();
      default -> {
        OtherVectors.refuse(json, name, FIELDS);
        others.read(json, name);
      }
    }
  }
}
