package dev.pilotlight.protocol.tei;

import dev.pilotlight.domain.ModelPolicy.Prompts;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.PromptName;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.Names;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.tei.inputs.Inputs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the body of `POST /tokenize`. An optional field that is null counts as absent. Not
/// thread-safe.
final class TokenizeReader {
  private static final String INPUTS = "inputs";
  private static final List<String> FIELDS =
      List.of(INPUTS, "add_special_tokens", Prompts.FIELD, "model");

  private final JsonReader json;
  private final Terms terms;
  private final OtherFields others;
  private final List<String> texts = new ArrayList<>();
  private boolean read;
  private boolean listed;
  private boolean addsSpecial = true;
  private Optional<PromptName> prompt = Optional.empty();
  private @Nullable String model;

  TokenizeReader(JsonReader json, Terms terms) {
    this.json = json;
    this.terms = terms;
    this.others = new OtherFields(FIELDS, terms.settings().unknownFields());
  }

  TokenizeRequest read() throws IOException {
    json.object(this::field);
    if (!read) {
      throw Refusal.invalid(INPUTS, "inputs is missing; accepted: " + accepted());
    }
    String name = model == null ? "" : Names.model(model);
    int bytesMax = terms.settings().responseBytesMax();
    return new TokenizeRequest(name, texts, listed, addsSpecial, prompt, bytesMax, others);
  }

  private String accepted() {
    return "a string, or an array of 1 to %d strings".formatted(terms.itemsMax());
  }

  private void field(String name) throws IOException {
    if (json.isNull() && FIELDS.contains(name) && !name.equals(INPUTS)) {
      return;
    }
    switch (name) {
      case INPUTS -> inputs();
      case "add_special_tokens" -> addsSpecial = json.bool();
      case Prompts.FIELD -> prompt = Optional.of(new PromptName(json.string(), Prompts.FIELD));
      case "model" -> model = json.string();
      default -> others.read(json, name);
    }
  }

  private void inputs() throws IOException {
    read = true;
    switch (json.token()) {
      case VALUE_STRING -> texts.add(Inputs.requireText(json));
      case START_ARRAY -> list();
      default -> throw json.wrongType(accepted());
    }
  }

  private void list() throws IOException {
    listed = true;
    json.array(
        index -> {
          if (index == terms.itemsMax()) {
            throw Inputs.tooMany(INPUTS, terms.itemsMax());
          }
          texts.add(Inputs.requireText(json));
        });
    if (texts.isEmpty()) {
      throw Refusal.empty(INPUTS, "inputs is empty; accepted: " + accepted());
    }
  }
}
