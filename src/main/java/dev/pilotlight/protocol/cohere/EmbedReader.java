package dev.pilotlight.protocol.cohere;

import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.cohere.CohereEmbed.Source;
import dev.pilotlight.protocol.cohere.CohereEmbed.Truncation;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.door.TruncationSide;
import dev.pilotlight.protocol.http.Names;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.json.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Reads the body of a request for embeddings. An optional field that is null counts as absent. Not
/// thread-safe; used once.
final class EmbedReader {
  private static final List<String> FIELDS =
      List.of(
          "model",
          "texts",
          "inputs",
          "images",
          "input_type",
          "embedding_types",
          "truncate",
          "output_dimension",
          "max_tokens",
          "priority");
  private static final String IMAGE = "image";
  private static final String USES_OF_TEXTS =
      "search_document, search_query, classification, clustering";
  private static final String USES = USES_OF_TEXTS + ", " + IMAGE;
  private static final int PRIORITY_MAX = 999;

  private final JsonReader json;
  private final int version;
  private final int textsMax;
  private final OtherFields others;
  private final List<String> texts = new ArrayList<>();
  private final EnumSet<EmbeddingType> types = EnumSet.noneOf(EmbeddingType.class);
  private @Nullable Source source;
  private @Nullable String model;
  private Optional<String> inputType = Optional.empty();
  private OptionalInt dimensions = OptionalInt.empty();
  private OptionalInt tokensMax = OptionalInt.empty();
  private Truncation truncation;

  EmbedReader(JsonReader json, int version, Terms terms) {
    this.json = json;
    this.version = version;
    this.textsMax = terms.itemsMax();
    this.others = new OtherFields(FIELDS, terms.settings().unknownFields());
    // as Cohere does unless the deployment chooses
    this.truncation = new Truncation(terms.truncate().orElse(true), Optional.empty());
  }

  CohereEmbed read(String id) throws IOException {
    json.object(this::field);
    if (source == null) {
      throw Refusal.invalid("texts", "texts is missing; accepted: " + acceptedTexts());
    }
    if (texts.isEmpty()) {
      String field = source.field();
      throw Refusal.empty(field, "%s is empty; accepted: %s".formatted(field, acceptedTexts()));
    }
    requireUse(source);
    if (version > 1 && types.isEmpty()) {
      types.add(EmbeddingType.FLOAT);
    }
    String name = model == null ? "" : Names.model(model);
    return new CohereEmbed(
        version,
        id,
        name,
        List.copyOf(texts),
        source,
        inputType,
        types,
        dimensions,
        tokensMax,
        truncation,
        others);
  }

  private void requireUse(Source its) {
    String accepted = its == Source.IMAGES ? IMAGE : USES_OF_TEXTS;
    if (inputType.isEmpty()) {
      if (version > 1) {
        throw Refusal.invalid("input_type", "input_type is missing; accepted: " + accepted);
      }
      return;
    }
    boolean isImage = inputType.get().equals(IMAGE);
    if (its != Source.INPUT_IMAGES && isImage != (its == Source.IMAGES)) {
      throw Refusal.invalid(
          "input_type",
          "input_type is '%s', and the request has %s; accepted: %s"
              .formatted(inputType.get(), its.field(), accepted));
    }
  }

  private String acceptedTexts() {
    return "an array of 1 to %d strings".formatted(textsMax);
  }

  private void field(String name) throws IOException {
    if (json.isNull() && FIELDS.contains(name)) {
      return;
    }
    switch (name) {
      case "model" -> model = json.string();
      case "texts" -> texts();
      case "inputs" -> inputs();
      case "images" -> images();
      case "input_type" -> inputType = Optional.of(inputType());
      case "embedding_types" -> json.array(_ -> types.add(type()));
      case "truncate" -> truncation = truncation();
      case "output_dimension" -> dimensions = positive();
      case "max_tokens" -> tokensMax = positive();
      case "priority" -> json.integer(0, PRIORITY_MAX);
      default -> others.read(json, name);
    }
  }

  private OptionalInt positive() throws IOException {
    return OptionalInt.of((int) json.integer(1, Integer.MAX_VALUE));
  }

  private void texts() throws IOException {
    source(Source.TEXTS);
    json.array(_ -> add(text()));
  }

  private void source(Source field) {
    if (source != null) {
      throw Refusal.invalid(
          json.path(),
          "the request has %s and %s; accepted: one of them"
              .formatted(source.field(), field.field()));
    }
    source = field;
  }

  private void add(String text) {
    if (texts.size() == textsMax) {
      throw Refusal.invalid(
          source == null ? "texts" : source.field(),
          "the request has more than %d elements; accepted: %s; use a batch for larger work"
              .formatted(textsMax, acceptedTexts()));
    }
    texts.add(text);
  }

  private String text() throws IOException {
    String text = json.string();
    if (text.isEmpty()) {
      throw Refusal.invalid(
          json.path(), json.path() + " is empty; accepted: a string that is not empty");
    }
    return text;
  }

  private void inputs() throws IOException {
    source(Source.INPUTS);
    json.array(
        index -> {
          String path = json.path();
          ContentReader.Content content = new ContentReader(json).read();
          Source its = content.isImage() ? Source.INPUT_IMAGES : Source.INPUTS;
          if (index > 0 && its != source) {
            throw Refusal.invalid(
                path, path + " is of another kind than inputs[0]; accepted: texts, or images");
          }
          source = its;
          add(content.text());
        });
  }

  private void images() throws IOException {
    if (json.token() != JsonToken.START_ARRAY) {
      throw json.wrongType("an array of data URLs");
    }
    json.array(
        index -> {
          if (index == 0) {
            source(Source.IMAGES);
          }
          add(text());
        });
  }

  private String inputType() throws IOException {
    String use = json.string();
    return switch (use) {
      case "search_document", "search_query", "classification", "clustering", IMAGE -> use;
      default ->
          throw Refusal.invalid(
              "input_type", "input_type is '%s'; accepted: %s".formatted(Text.shorten(use), USES));
    };
  }

  private EmbeddingType type() throws IOException {
    String name = json.string();
    return EmbeddingType.of(name)
        .orElseThrow(
            () ->
                Refusal.invalid(
                    json.path(),
                    "%s is '%s'; accepted: %s"
                        .formatted(json.path(), Text.shorten(name), EmbeddingType.ACCEPTED)));
  }

  private Truncation truncation() throws IOException {
    String name = json.string();
    return switch (name) {
      case "NONE" -> new Truncation(false, Optional.empty());
      case "START" -> new Truncation(true, Optional.of(TruncationSide.LEFT));
      case "END" -> new Truncation(true, Optional.of(TruncationSide.RIGHT));
      default ->
          throw Refusal.invalid(
              "truncate",
              "truncate is '%s'; accepted: NONE, START, END".formatted(Text.shorten(name)));
    };
  }
}
