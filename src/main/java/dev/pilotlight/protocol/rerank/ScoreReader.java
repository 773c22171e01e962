package dev.pilotlight.protocol.rerank;

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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the body of `POST /score`: one text and many, many and one, or as many on each side. Not
/// thread-safe.
final class ScoreReader {
  private static final List<String> FIELDS =
      List.of(
          "model",
          "text_1",
          "text_2",
          "queries",
          "documents",
          "data_1",
          "data_2",
          "items",
          "use_activation",
          "activation",
          "raw_scores",
          "truncate",
          "truncate_prompt_tokens",
          "instruction",
          "user",
          "priority",
          "request_id");
  private static final int MODEL_LIMIT = -1;
  private static final String ACCEPTED = "a string that is not empty, or an array of them";

  /// The texts of one side of the pairs.
  ///
  /// @param listed whether the field has an array
  private record Side(String field, List<String> texts, boolean listed) {
    String at(int index) {
      return texts.get(texts.size() == 1 ? 0 : index);
    }

    String path(int index) {
      return listed ? "%s[%d]".formatted(field, texts.size() == 1 ? 0 : index) : field;
    }

    /// Does not show the caller's texts.
    @Override
    public String toString() {
      return field + "[" + texts.size() + "]";
    }
  }

  private final JsonReader json;
  private final Terms terms;
  private final OtherFields others;
  private @Nullable Side first;
  private @Nullable Side second;
  private @Nullable String model;
  private Optional<RawScores> rawScores = Optional.empty();
  private Optional<Boolean> truncate = Optional.empty();

  ScoreReader(JsonReader json, Terms terms) {
    this.json = json;
    this.terms = terms;
    this.others = new OtherFields(FIELDS, terms.settings().unknownFields());
  }

  Score read(String id) throws IOException {
    json.object(this::field);
    Side one = require(first, "text_1");
    Side two = require(second, "text_2");
    int sizeOne = one.texts().size();
    int sizeTwo = two.texts().size();
    if (sizeOne != sizeTwo && sizeOne != 1 && sizeTwo != 1) {
      throw Refusal.invalid(
          two.field(),
          "%s has %d texts, but %s has %d; accepted: one on either side, or as many"
              .formatted(two.field(), sizeTwo, one.field(), sizeOne));
    }
    boolean truncates = truncate.orElse(terms.truncate().orElse(true));
    List<Item> pairs = new ArrayList<>();
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < Math.max(sizeOne, sizeTwo); i++) {
      pairs.add(new Item.Pair(one.at(i), two.at(i), truncates));
      fields.add(sizeTwo == 1 ? one.path(i) : two.path(i));
    }
    String name = model == null ? "" : Names.model(model);
    return new Score(id, name, pairs, fields, rawScores, others);
  }

  private static Side require(@Nullable Side side, String field) {
    if (side == null) {
      throw Refusal.invalid(field, "%s is missing; accepted: %s".formatted(field, ACCEPTED));
    }
    if (side.texts().isEmpty()) {
      throw Refusal.empty(
          side.field(), "%s is empty; accepted: %s".formatted(side.field(), ACCEPTED));
    }
    return side;
  }

  private void field(String name) throws IOException {
    if (json.isNull() && FIELDS.contains(name)) {
      return;
    }
    switch (name) {
      case "model" -> model = json.string();
      case "text_1", "queries", "data_1" -> first = side(name, first);
      case "text_2", "documents", "data_2", "items" -> second = side(name, second);
      case "raw_scores" -> rawScores = RawScores.agreed(rawScores, name, json.bool());
      case "use_activation", "activation" ->
          rawScores = RawScores.agreed(rawScores, name, !json.bool());
      case "truncate" -> truncate = Optional.of(json.bool());
      case "truncate_prompt_tokens" -> {
        if (json.integer(MODEL_LIMIT, Integer.MAX_VALUE) != MODEL_LIMIT) {
          throw notSupported(name, "-1, the model's limit, or no value");
        }
      }
      case "instruction" -> {
        if (!json.string().isEmpty()) {
          throw notSupported(name, "no value, because it would change the scores");
        }
      }
      case "user", "priority", "request_id" -> json.skip();
      default -> others.read(json, name);
    }
  }

  private static Refusal notSupported(String name, String accepted) {
    return Refusal.invalid(name, "%s is not supported; accepted: %s".formatted(name, accepted));
  }

  private Side side(String name, @Nullable Side before) throws IOException {
    if (before != null) {
      throw Refusal.invalid(
          name, "%s and %s are both there; accepted: one".formatted(before.field(), name));
    }
    List<String> texts = new ArrayList<>();
    if (json.token() != JsonToken.START_ARRAY) {
      texts.add(json.text(ACCEPTED));
      return new Side(name, texts, false);
    }
    json.array(
        index -> {
          if (index == terms.itemsMax()) {
            throw Refusal.invalid(
                name,
                "%s has more than %d texts; accepted: up to %d; send several requests"
                    .formatted(name, terms.itemsMax(), terms.itemsMax()));
          }
          texts.add(json.text(ACCEPTED));
        });
    return new Side(name, texts, true);
  }
}
