package dev.pilotlight.protocol.tei;

import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.PromptName;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.Names;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the body of `POST /similarity`. Not thread-safe.
final class SimilarityReader {
  private static final List<String> FIELDS = List.of("inputs", "model", "parameters");
  private static final List<String> INPUTS = List.of("source_sentence", "sentences");
  private static final List<String> PARAMETERS =
      List.of("truncate", "truncation_direction", "prompt_name");
  private static final String ACCEPTED = "an object with source_sentence and sentences";
  private static final String SENTENCES = "inputs.sentences";
  private static final String TEXT = "a string that is not empty";

  private final JsonReader json;
  private final Terms terms;
  private final OtherFields others;
  private final OtherFields otherInputs;
  private final OtherFields otherParameters;
  private final List<String> sentences = new ArrayList<>();
  private boolean read;
  private boolean listed;
  private @Nullable String source;
  private @Nullable String model;
  private Optional<PromptName> prompt = Optional.empty();
  private Truncation truncation;

  SimilarityReader(JsonReader json, Terms terms) {
    this.json = json;
    this.terms = terms;
    this.others = new OtherFields(FIELDS, terms.settings().unknownFields());
    this.otherInputs = new OtherFields(INPUTS, terms.settings().unknownFields());
    this.otherParameters = new OtherFields(PARAMETERS, terms.settings().unknownFields());
    this.truncation = Truncation.none(terms);
  }

  Similarity read() throws IOException {
    json.object(this::field);
    if (!read) {
      throw Refusal.invalid("inputs", "inputs is missing; accepted: " + ACCEPTED);
    }
    if (source == null) {
      throw Refusal.invalid(
          "inputs.source_sentence", "inputs.source_sentence is missing; accepted: " + TEXT);
    }
    if (!listed) {
      throw Refusal.invalid(
          SENTENCES, "inputs.sentences is missing; accepted: an array of strings");
    }
    if (sentences.isEmpty()) {
      throw Refusal.empty(SENTENCES, "inputs.sentences is empty; accepted: one string or more");
    }
    List<String> texts = new ArrayList<>(sentences.size() + 1);
    texts.add(source);
    texts.addAll(sentences);
    String name = model == null ? "" : Names.model(model);
    return new Similarity(
        name, texts, truncation, prompt, List.of(others, otherInputs, otherParameters));
  }

  private void field(String name) throws IOException {
    switch (name) {
      case "inputs" -> {
        read = true;
        if (json.token() != JsonToken.START_OBJECT) {
          throw json.wrongType(ACCEPTED);
        }
        json.object(this::input);
      }
      case "model" -> model = json.isNull() ? null : json.string();
      case "parameters" -> {
        if (!json.isNull()) {
          json.object(this::parameter);
        }
      }
      default -> others.read(json, name);
    }
  }

  private void input(String name) throws IOException {
    switch (name) {
      case "source_sentence" -> source = text();
      case "sentences" -> {
        listed = true;
        json.array(index -> sentence());
      }
      default -> otherInputs.read(json, name);
    }
  }

  private void sentence() throws IOException {
    // the source sentence counts
    int most = terms.itemsMax() - 1;
    if (sentences.size() == most) {
      throw Refusal.invalid(
          SENTENCES,
          "inputs.sentences has more than %d elements; accepted: up to %d, because the source"
                  .formatted(most, most)
              + " sentence counts; send several requests, or use a batch");
    }
    sentences.add(text());
  }

  private void parameter(String name) throws IOException {
    switch (name) {
      case Truncation.TRUNCATE, Truncation.DIRECTION -> truncation = truncation.with(name, json);
      case "prompt_name" -> prompt = PromptName.read(json);
      default -> otherParameters.read(json, name);
    }
  }

  private String text() throws IOException {
    if (json.token() != JsonToken.VALUE_STRING) {
      throw json.wrongType(TEXT);
    }
    String text = json.string();
    if (text.isEmpty()) {
      throw Refusal.invalid(json.path(), "%s is empty; accepted: %s".formatted(json.path(), TEXT));
    }
    return text;
  }
}
