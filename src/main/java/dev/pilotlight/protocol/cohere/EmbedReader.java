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
  private static final String USES = "search_document, search_query, classification, clustering";
  private static final int PRIORITY_MAX = 999;

  private final JsonReader json;
  private final int version;
  private final int textsMax;
  private final OtherFields others;
  private final List<String> texts = new ArrayList<>();
  private final EnumSet<EmbeddingType> types = EnumSet.noneOf(EmbeddingType.class);
  private @Nullable Source source;
  private @Nullable String model;
  private @Nullable String content;
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
      String field = source == Source.TEXTS ? "texts" : "inputs";
      throw Refusal.empty(field, "%s is empty; accepted: %s".formatted(field, acceptedTexts()));
    }
    if (version > 1 && inputType.isEmpty()) {
      throw Refusal.invalid("input_type", "input_type is missing; accepted: " + USES);
    }
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
      throw Refusal.invalid(json.path(), "the request has texts and inputs; accepted: one of them");
    }
    source = field;
  }

  private void add(String text) {
    if (texts.size() == textsMax) {
      throw Refusal.invalid(
          source == Source.TEXTS ? "texts" : "inputs",
          "the request has more than %d texts; accepted: %s; use a batch for larger work"
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

  /// Reads `[{"content":[{"type":"text","text":"…"}]}]`. How Cohere makes one vector of several
  /// parts is not published, so an input has one.
  private void inputs() throws IOException {
    source(Source.INPUTS);
    json.array(
        _ -> {
          content = null;
          String path = json.path();
          json.object(this::input);
          if (content == null) {
            throw Refusal.invalid(
                path + ".content", path + ".content is missing or empty; accepted: one text");
          }
          add(content);
        });
  }

  private void input(String name) throws IOException {
    if (!name.equals("content")) {
      throw json.unknownField("content");
    }
    json.array(
        index -> {
          if (index > 0) {
            throw Refusal.invalid(
                json.path(), json.path() + " is a second part of an input; accepted: one text");
          }
          content = part();
        });
  }

  private String part() throws IOException {
    String path = json.path();
    @Nullable String[] text = {null};
    json.object(
        name -> {
          switch (name) {
            case "type" -> requireText();
            case "text" -> text[0] = text();
            case "image_url" -> throw noImages();
            default -> throw json.unknownField("type, text");
          }
        });
    String found = text[0];
    if (found == null) {
      throw Refusal.invalid(path + ".text", path + ".text is missing; accepted: a string");
    }
    return found;
  }

  private void requireText() throws IOException {
    String type = json.string();
    if (type.equals("image_url")) {
      throw noImages();
    }
    if (!type.equals("text")) {
      throw Refusal.invalid(
          json.path(), "%s is '%s'; accepted: text".formatted(json.path(), Text.shorten(type)));
    }
  }

  private void images() throws IOException {
    if (json.token() != JsonToken.START_ARRAY) {
      throw json.wrongType("no images");
    }
    json.array(
        _ -> {
          throw noImages();
        });
  }

  private Refusal noImages() {
    return Refusal.invalid(
        json.path(), json.path() + " is an image, which is not supported here; accepted: texts");
  }

  private String inputType() throws IOException {
    String use = json.string();
    return switch (use) {
      case "search_document", "search_query", "classification", "clustering" -> use;
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
