package dev.pilotlight.protocol.tei.inputs;

import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The inputs of a request: texts, or token ids of the model's tokenizer, which may be mixed.
///
/// @param field their name in the request
/// @param all at least one
/// @param listed whether they were elements of a list
public record Inputs(String field, List<Input> all, boolean listed) {
  /// One input.
  public sealed interface Input {
    /// The characters that the header counts.
    int characters();
  }

  /// A text.
  public record Text(String text) implements Input {
    @Override
    public int characters() {
      return text.codePointCount(0, text.length());
    }

    /// Does not show the caller's text.
    @Override
    public String toString() {
      return "Text[" + text.length() + " characters]";
    }
  }

  /// Token ids, at least one.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Ids(int[] ids) implements Input {
    @Override
    public int characters() {
      return ids.length;
    }
  }

  private static final int IDS_FIRST = 64;

  public Inputs {
    all = List.copyOf(all);
  }

  /// Reads the value under the cursor.
  ///
  /// @param itemsMax the most inputs
  /// @throws Refusal EMPTY for an input without characters or ids, and if there is none; INVALID
  public static Inputs read(JsonReader json, String field, int itemsMax) throws IOException {
    return switch (json.token()) {
      case VALUE_STRING -> new Inputs(field, List.of(text(json)), false);
      case START_ARRAY -> list(json, field, itemsMax);
      default -> throw json.wrongType(accepted(itemsMax));
    };
  }

  public static String accepted(int itemsMax) {
    return "a string, an array of token ids, or an array of 1 to %d of these".formatted(itemsMax);
  }

  /// An array that begins with a number is one input.
  private static Inputs list(JsonReader json, String field, int itemsMax) throws IOException {
    List<Input> all = new ArrayList<>();
    IdList ids = new IdList();
    json.array(
        index -> {
          if (index == 0 ? json.token() == JsonToken.VALUE_NUMBER_INT : ids.count > 0) {
            ids.add(json);
          } else if (all.size() == itemsMax) {
            throw tooMany(field, itemsMax);
          } else {
            all.add(element(json));
          }
        });
    if (ids.count > 0) {
      return new Inputs(field, List.of(new Ids(ids.toArray())), false);
    }
    if (all.isEmpty()) {
      throw Refusal.empty(field, "%s is empty; accepted: %s".formatted(field, accepted(itemsMax)));
    }
    return new Inputs(field, all, true);
  }

  public static Refusal tooMany(String field, int itemsMax) {
    return Refusal.invalid(
        field,
        "%s has more than %d elements; accepted: up to %d; use a batch for larger work"
            .formatted(field, itemsMax, itemsMax));
  }

  private static Input element(JsonReader json) throws IOException {
    return switch (json.token()) {
      case VALUE_STRING -> text(json);
      case START_ARRAY -> ids(json);
      default -> throw json.wrongType("a string or an array of token ids");
    };
  }

  private static Text text(JsonReader json) throws IOException {
    return new Text(requireText(json));
  }

  /// Reads a string that is not empty.
  public static String requireText(JsonReader json) throws IOException {
    String text = json.string();
    if (text.isEmpty()) {
      throw empty(json, "a string that is not empty");
    }
    return text;
  }

  /// Reads a list of token ids that is not empty.
  public static Ids ids(JsonReader json) throws IOException {
    IdList ids = new IdList();
    json.array(index -> ids.add(json));
    if (ids.count == 0) {
      throw empty(json, "one token id or more");
    }
    return new Ids(ids.toArray());
  }

  public static Refusal empty(JsonReader json, String accepted) {
    return Refusal.empty(json.path(), "%s is empty; accepted: %s".formatted(json.path(), accepted));
  }

  /// The path of an input in the body.
  public String field(int index) {
    return listed ? field + "[" + index + "]" : field;
  }

  public int characters() {
    int characters = 0;
    for (Input input : all) {
      characters += input.characters();
    }
    return characters;
  }

  /// A growing array of token ids.
  public static final class IdList {
    private int[] ids = new int[IDS_FIRST];
    private int count;

    /// Reads the id under the cursor.
    public void add(JsonReader json) throws IOException {
      int id = (int) json.integer(0, Integer.MAX_VALUE);
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, count * 2);
      }
      ids[count++] = id;
    }

    public int count() {
      return count;
    }

    public int[] toArray() {
      return Arrays.copyOf(ids, count);
    }
  }
}
