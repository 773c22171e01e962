package dev.pilotlight.protocol.tei;

import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.Names;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the body of `POST /predict`. As in text-embeddings-inference, an array of one or two
/// strings is one text or one pair; an array of such arrays is a batch. Not thread-safe.
final class PredictReader {
  private static final List<String> FIELDS =
      List.of("inputs", "model", "top_k", "raw_scores", "truncate", "truncation_direction");
  private static final String INPUTS = "inputs";
  private static final String ACCEPTED_ONE = "an array of one text or of two, which are a pair";

  private final JsonReader json;
  private final Terms terms;
  private final OtherFields others;
  // each one text or two
  private final List<List<String>> texts = new ArrayList<>();
  private boolean read;
  private boolean listed;
  private @Nullable String model;
  private Truncation truncation;
  private boolean rawScores;
  private int top;

  PredictReader(JsonReader json, Terms terms) {
    this.json = json;
    this.terms = terms;
    this.others = new OtherFields(FIELDS, terms.settings().unknownFields());
    this.truncation = Truncation.none(terms);
  }

  Predict read() throws IOException {
    json.object(this::field);
    if (!read) {
      throw Refusal.invalid(INPUTS, "inputs is missing; accepted: " + accepted());
    }
    if (texts.isEmpty()) {
      throw Refusal.empty(INPUTS, "inputs is empty; accepted: " + accepted());
    }
    boolean truncates = truncation.truncates();
    List<Item> items = new ArrayList<>(texts.size());
    for (List<String> it : texts) {
      items.add(
          it.size() == 1
              ? new Item.Text(it.getFirst(), truncates)
              : new Item.Pair(it.getFirst(), it.getLast(), truncates));
    }
    String name = model == null ? "" : Names.model(model);
    return new Predict(name, items, listed, truncation, rawScores, top, others);
  }

  private String accepted() {
    return "a string; %s; or an array of 1 to %d such arrays"
        .formatted(ACCEPTED_ONE, terms.itemsMax());
  }

  private void field(String name) throws IOException {
    if (json.isNull() && FIELDS.contains(name) && !name.equals(INPUTS)) {
      return;
    }
    switch (name) {
      case INPUTS -> inputs();
      case "model" -> model = json.string();
      case "top_k" -> top = (int) json.integer(0, Integer.MAX_VALUE);
      case "raw_scores" -> rawScores = json.bool();
      case Truncation.TRUNCATE, Truncation.DIRECTION -> truncation = truncation.with(name, json);
      default -> others.read(json, name);
    }
  }

  private void inputs() throws IOException {
    read = true;
    switch (json.token()) {
      case VALUE_STRING -> texts.add(List.of(text()));
      case START_ARRAY -> list();
      default -> throw json.wrongType(accepted());
    }
  }

  /// The first element determines what the array is.
  private void list() throws IOException {
    List<String> one = new ArrayList<>(2);
    json.array(
        index -> {
          if (index == 0) {
            listed = json.token() == JsonToken.START_ARRAY;
          }
          if (listed) {
            item();
          } else {
            addText(one, accepted());
          }
        });
    if (!one.isEmpty()) {
      texts.add(one);
    }
  }

  private void item() throws IOException {
    if (json.token() != JsonToken.START_ARRAY) {
      throw json.wrongType(ACCEPTED_ONE);
    }
    if (texts.size() == terms.itemsMax()) {
      throw Refusal.invalid(
          INPUTS,
          "inputs has more than %d elements; accepted: up to %d; send several requests, or use a"
                  .formatted(terms.itemsMax(), terms.itemsMax())
              + " batch");
    }
    List<String> one = new ArrayList<>(2);
    String path = json.path();
    json.array(index -> addText(one, ACCEPTED_ONE));
    if (one.isEmpty()) {
      throw Refusal.invalid(path, "%s is empty; accepted: %s".formatted(path, ACCEPTED_ONE));
    }
    texts.add(one);
  }

  private void addText(List<String> one, String accepted) throws IOException {
    if (json.token() != JsonToken.VALUE_STRING) {
      throw json.wrongType(accepted);
    }
    if (one.size() == 2) {
      throw Refusal.invalid(
          json.path(), "%s is a third text; accepted: %s".formatted(json.path(), accepted));
    }
    one.add(text());
  }

  private String text() throws IOException {
    String text = json.string();
    if (text.isEmpty()) {
      throw Refusal.invalid(
          json.path(), "%s is empty; accepted: a string that is not empty".formatted(json.path()));
    }
    return text;
  }
}
