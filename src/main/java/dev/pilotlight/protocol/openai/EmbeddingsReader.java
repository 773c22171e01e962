package dev.pilotlight.protocol.openai;

import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.door.NearMiss;
import dev.pilotlight.protocol.http.Names;
import dev.pilotlight.protocol.http.UnknownFields;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.json.Text;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Reads the body of `POST /v1/embeddings`. An optional field that is null counts as absent. It
/// collects unknown fields, because clients send those of other servers, but refuses one that
/// almost matches a known name: a typo in `dimensions` must not pass silently. Not thread-safe.
final class EmbeddingsReader {
  static final int ITEMS_MAX = 2048;
  static final int EXTRA_FIELDS_MAX = 100;
  private static final List<String> FIELDS =
      List.of(
          "model",
          "input",
          "encoding_format",
          "dimensions",
          "user",
          "truncate",
          "prompt_name",
          "input_type");
  private static final String ACCEPTED_FIELDS = String.join(", ", FIELDS);
  private static final String ACCEPTED_INPUT =
      "a string, an array of 1 to " + ITEMS_MAX + " strings, token ids, or arrays of token ids";
  private static final int IDS_FIRST = 64;

  private final JsonReader json;
  private final int itemsMax;
  private final UnknownFields unknownFields;
  private final List<ExtraField> extras = new ArrayList<>();
  private final List<Item> items = new ArrayList<>();
  private @Nullable String model;
  private Encoding encoding = Encoding.FLOAT;
  private OptionalInt dimensions = OptionalInt.empty();
  private Optional<Boolean> truncate = Optional.empty();
  private boolean listed;
  private JsonToken kind = JsonToken.NOT_AVAILABLE;

  EmbeddingsReader(JsonReader json, int itemsMax, UnknownFields unknownFields) {
    this.json = json;
    this.itemsMax = Math.min(itemsMax, ITEMS_MAX);
    this.unknownFields = unknownFields;
  }

  /// @param id of the answer, if it is to have one
  Request read(@Nullable String id) throws IOException {
    json.object(this::field);
    if (items.isEmpty()) {
      throw Refusal.invalid("input", "input is missing; accepted: " + ACCEPTED_INPUT);
    }
    String name = model == null ? "" : Names.model(model);
    return new Request(name, items, listed, encoding, dimensions, truncate, extras, id);
  }

  private void field(String name) throws IOException {
    switch (name) {
      case "model" -> model = json.isNull() ? model : json.string();
      case "input" -> input();
      case "encoding_format" -> encoding = json.isNull() ? encoding : encoding();
      case "dimensions" ->
          dimensions =
              json.isNull() ? dimensions : OptionalInt.of((int) json.integer(1, Integer.MAX_VALUE));
      case "user" -> {
        if (!json.isNull()) {
          json.string();
        }
      }
      case "truncate" -> truncate = json.isNull() ? truncate : Optional.of(json.bool());
      default -> extra(name);
    }
  }

  private void extra(String name) throws IOException {
    if (unknownFields == UnknownFields.REFUSE && !PromptFields.contains(name)) {
      throw json.unknownField(ACCEPTED_FIELDS);
    }
    if (extras.size() == EXTRA_FIELDS_MAX) {
      throw Refusal.invalid(
          "body",
          "the body has more than %d unknown fields; accepted: %s"
              .formatted(EXTRA_FIELDS_MAX, ACCEPTED_FIELDS));
    }
    if (!json.isNull()) {
      requireNoSlip(name);
    }
    extras.add(ExtraField.read(json, name));
  }

  private void requireNoSlip(String name) {
    if (VectorFields.contains(name)) {
      return; // its meaning depends on the model
    }
    Optional<String> meant =
        NearMiss.of(name, FIELDS).or(() -> NearMiss.of(name, VectorFields.names()));
    if (meant.isPresent()) {
      throw Refusal.invalid(
          json.path(),
          "%s is not a known field; did you mean %s? accepted: %s"
              .formatted(json.path(), meant.get(), ACCEPTED_FIELDS));
    }
  }

  private Encoding encoding() throws IOException {
    String name = json.string();
    return switch (name) {
      case "float" -> Encoding.FLOAT;
      case "base64" -> Encoding.BASE64;
      default ->
          throw Refusal.invalid(
              "encoding_format",
              "encoding_format is '%s'; accepted: float, base64".formatted(Text.shorten(name)));
    };
  }

  private void input() throws IOException {
    switch (json.token()) {
      case VALUE_STRING -> items.add(text());
      case START_ARRAY -> list();
      default -> throw json.wrongType(ACCEPTED_INPUT);
    }
  }

  /// Reads an array; its first element determines the type of all.
  private void list() throws IOException {
    Ids ids = new Ids();
    json.array(
        index -> {
          kind = index == 0 ? json.token() : kind;
          element(kind, ids);
        });
    listed = ids.count == 0;
    if (!listed) {
      items.add(new Item.Tokens(ids.toArray(), false));
    }
    if (items.isEmpty()) {
      throw Refusal.invalid("input", "input is empty; accepted: " + ACCEPTED_INPUT);
    }
  }

  private void element(JsonToken expected, Ids ids) throws IOException {
    if (items.size() == itemsMax) {
      throw Refusal.invalid(
          "input",
          "input has more than %d elements; accepted: %s; use a batch for larger work"
              .formatted(itemsMax, ACCEPTED_INPUT));
    }
    switch (expected) {
      case VALUE_STRING -> items.add(text());
      case VALUE_NUMBER_INT -> ids.add(id());
      case START_ARRAY -> items.add(tokens());
      default -> throw json.wrongType("a string, a token id or an array of token ids");
    }
  }

  private Item text() throws IOException {
    String text = json.string();
    if (text.isEmpty()) {
      throw empty("a string that is not empty");
    }
    return new Item.Text(text, false);
  }

  private Item tokens() throws IOException {
    Ids ids = new Ids();
    json.array(index -> ids.add(id()));
    if (ids.count == 0) {
      throw empty("one token id or more");
    }
    return new Item.Tokens(ids.toArray(), false);
  }

  private int id() throws IOException {
    return (int) json.integer(0, Integer.MAX_VALUE);
  }

  private Refusal empty(String accepted) {
    return Refusal.invalid(
        json.path(), "%s is empty; accepted: %s".formatted(json.path(), accepted));
  }

  /// A growing array of token ids.
  private static final class Ids {
    private int[] ids = new int[IDS_FIRST];
    private int count;

    void add(int id) {
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, count * 2);
      }
      ids[count++] = id;
    }

    int[] toArray() {
      return Arrays.copyOf(ids, count);
    }
  }
}
