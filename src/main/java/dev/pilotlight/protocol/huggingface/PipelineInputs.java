package dev.pilotlight.protocol.huggingface;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The field `inputs`: one text or pair, a list of them, or a sentence and others that are compared
/// with it; or the image that is the body. Images in the field are texts until a model of images is
/// to answer them.
///
/// @param items at least one, none of them truncated; of sentences the source first
record PipelineInputs(Kind kind, List<Item> items) {
  /// The form of the field.
  enum Kind {
    ONE,
    LIST,
    /// An image, as bytes.
    UPLOAD,
    SENTENCES
  }

  static final String FIELD = "inputs";

  static final String ACCEPTED_ONE =
      "a string, or for text-classification {\"text\", \"text_pair\"}";
  static final String SOURCE = "source_sentence";
  static final String SENTENCES = "sentences";

  PipelineInputs {
    items = List.copyOf(items);
  }

  static PipelineInputs upload(Item.Image image) {
    return new PipelineInputs(Kind.UPLOAD, List.of(image));
  }

  /// Whether the answer is a list with an element for each item.
  boolean listed() {
    return kind == Kind.LIST;
  }

  static String accepted(int itemsMax) {
    return "%s; an array of 1 to %d of these; or {\"%s\", \"%s\"}"
        .formatted(ACCEPTED_ONE, itemsMax, SOURCE, SENTENCES);
  }

  /// Reads the value under the cursor.
  ///
  /// @param itemsMax the most texts
  /// @throws Refusal INVALID; EMPTY for a list without elements
  static PipelineInputs read(JsonReader json, int itemsMax) throws IOException {
    return switch (json.token()) {
      case VALUE_STRING -> new PipelineInputs(Kind.ONE, List.of(text(json)));
      case START_ARRAY -> list(json, itemsMax);
      case START_OBJECT -> new InputObject(json, itemsMax).read();
      default -> throw json.wrongType(accepted(itemsMax));
    };
  }

  private static PipelineInputs list(JsonReader json, int itemsMax) throws IOException {
    List<Item> items = new ArrayList<>();
    json.array(
        index -> {
          requireFewer(index, FIELD, itemsMax);
          items.add(element(json, itemsMax));
        });
    if (items.isEmpty()) {
      throw Refusal.empty(FIELD, "inputs is empty; accepted: " + accepted(itemsMax));
    }
    return new PipelineInputs(Kind.LIST, items);
  }

  private static Item element(JsonReader json, int itemsMax) throws IOException {
    return switch (json.token()) {
      case VALUE_STRING -> text(json);
      case START_OBJECT -> new InputObject(json, itemsMax).readPair();
      default -> throw json.wrongType(ACCEPTED_ONE);
    };
  }

  static void requireFewer(int index, String field, int itemsMax) {
    if (index == itemsMax) {
      throw Refusal.invalid(
          field,
          "%s has more than %d elements; accepted: up to %d; use a batch for larger work"
              .formatted(field, itemsMax, itemsMax));
    }
  }

  static Item text(JsonReader json) throws IOException {
    return new Item.Text(string(json), false);
  }

  static String string(JsonReader json) throws IOException {
    String text = json.string();
    if (text.isEmpty()) {
      throw Refusal.invalid(
          json.path(), "%s is empty; accepted: a string that is not empty".formatted(json.path()));
    }
    return text;
  }

  /// The path of an item in the body.
  String field(int index) {
    return switch (kind) {
      case ONE -> FIELD;
      case UPLOAD -> "body";
      case LIST -> FIELD + "[" + index + "]";
      case SENTENCES ->
          index == 0 ? FIELD + "." + SOURCE : FIELD + "." + SENTENCES + "[" + (index - 1) + "]";
    };
  }
}
