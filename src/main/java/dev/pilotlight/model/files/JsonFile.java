package dev.pilotlight.model.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.JsonTokenId;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.pilotlight.model.format.LoadFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A small configuration file of a model, read whole; `null` counts as absent, and a value of an
/// unexpected type is a [LoadFailure] that names file and key.
///
/// @param root maps, lists, strings, booleans, longs and doubles
public record JsonFile(String name, @Nullable Object root) {
  /// The most tokens, dimensions or labels that a file may declare.
  public static final int SIZE_MAX = 1 << 20;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Python writes NaN and Infinity
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  /// The file, or one with an empty object if the model has none of that name.
  public static JsonFile read(ModelFiles files, String name) {
    return files.has(name) ? readAnyway(files, name) : new JsonFile(name, Map.of());
  }

  /// The file, or one with an empty object if there is none of that name in the folder.
  public static JsonFile readIfPresent(ModelFiles files, String name) {
    return files.exists(name) ? readAnyway(files, name) : new JsonFile(name, Map.of());
  }

  /// The file, even if it is not one that can change an answer.
  public static JsonFile readAnyway(ModelFiles files, String name) {
    return readIn(files.directory(), name);
  }

  /// The file of this name in a directory.
  static JsonFile readIn(Path directory, String name) {
    try (JsonParser parser = FACTORY.createParser(directory.resolve(name).toFile())) {
      return parsed(name, parser);
    } catch (IOException e) {
      throw invalid(name, e);
    }
  }

  /// Parses a file that was read before.
  public static JsonFile of(String name, byte[] json) {
    try (JsonParser parser = FACTORY.createParser(json)) {
      return parsed(name, parser);
    } catch (IOException e) {
      throw invalid(name, e);
    }
  }

  /// The value under the cursor of a parser, which stands at its end afterwards.
  ///
  /// @param name of the file that it is part of
  public static JsonFile next(String name, JsonParser parser) throws IOException {
    return new JsonFile(name, value(parser));
  }

  private static JsonFile parsed(String name, JsonParser parser) throws IOException {
    parser.nextToken();
    Object root = value(parser);
    if (parser.nextToken() != null) {
      throw new LoadFailure(name + " continues after the JSON document");
    }
    return new JsonFile(name, root);
  }

  private static LoadFailure invalid(String name, IOException cause) {
    return new LoadFailure(name + " is not valid JSON", cause);
  }

  /// The keys of the object at the root.
  public Set<String> keys() {
    return object(root, "").keySet();
  }

  public Optional<String> text(String key) {
    return get(key, "a string", String.class);
  }

  public Optional<Boolean> flag(String key) {
    return get(key, "true or false", Boolean.class);
  }

  public Optional<Double> number(String key) {
    return get(key, "a number", Number.class).map(Number::doubleValue);
  }

  /// A whole number in a range.
  public Optional<Integer> integer(String key, int min, int max) {
    String accepted = "a whole number from " + min + " to " + max;
    Optional<Long> value = get(key, accepted, Long.class);
    if (value.isPresent() && (value.get() < min || value.get() > max)) {
      throw wrong(key, accepted);
    }
    return value.map(Long::intValue);
  }

  public List<String> texts(String key) {
    List<String> values = new ArrayList<>();
    for (Object element : get(key, "a list", List.class).orElse(List.of())) {
      if (!(element instanceof String text)) {
        throw wrong(key, "a list of strings");
      }
      values.add(text);
    }
    return values;
  }

  /// The whole numbers under a key, each 1 to [#SIZE_MAX]: a list of them, or one.
  ///
  /// @param accepted in words
  public List<Integer> sizes(String key, String accepted) {
    Object value = value(key).orElse(List.of());
    List<Integer> sizes = new ArrayList<>();
    for (Object size : value instanceof List<?> list ? list : List.of(value)) {
      if (!(size instanceof Long number) || number < 1 || number > SIZE_MAX) {
        throw wrong(key, accepted);
      }
      sizes.add(number.intValue());
    }
    return sizes;
  }

  /// The text of a special token, which the file has as a string or as an object.
  public Optional<String> token(String key) {
    return value(key)
        .map(token -> token instanceof Map<?, ?> object ? object.get("content") : token)
        .filter(String.class::isInstance)
        .map(String.class::cast);
  }

  /// The objects in the list at the root.
  List<Map<String, @Nullable Object>> rows() {
    if (!(root instanceof List<?> rows)) {
      throw new LoadFailure(name + " is not a list");
    }
    List<Map<String, @Nullable Object>> objects = new ArrayList<>();
    rows.forEach(row -> objects.add(object(row, "[]")));
    return objects;
  }

  /// The object under a key as a separate file, empty if absent.
  public JsonFile nested(String key) {
    return new JsonFile(name + ": " + key, map(key));
  }

  /// The object under a key, empty if absent.
  public Map<String, @Nullable Object> map(String key) {
    Object value = object(root, "").get(key);
    return value == null ? Map.of() : object(value, key);
  }

  /// The value under a key, of any type.
  public Optional<Object> value(String key) {
    return Optional.ofNullable(object(root, "").get(key));
  }

  private <T> Optional<T> get(String key, String accepted, Class<T> type) {
    Object value = object(root, "").get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!type.isInstance(value)) {
      throw wrong(key, accepted);
    }
    return Optional.of(type.cast(value));
  }

  public LoadFailure wrong(String key, String accepted) {
    return new LoadFailure("%s: %s is not accepted; it takes %s".formatted(name, key, accepted));
  }

  @SuppressWarnings("unchecked") // only value() makes them
  private Map<String, @Nullable Object> object(@Nullable Object value, String at) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, @Nullable Object>) map;
    }
    throw new LoadFailure(name + (at.isEmpty() ? "" : ": " + at) + " is not an object");
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentTokenId()) {
      case JsonTokenId.ID_START_OBJECT -> {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String key = parser.currentName();
          parser.nextToken();
          object.put(key, value(parser));
        }
        yield object;
      }
      case JsonTokenId.ID_START_ARRAY -> {
        List<@Nullable Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(parser));
        }
        yield array;
      }
      case JsonTokenId.ID_STRING -> parser.getText();
      case JsonTokenId.ID_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? parser.getDoubleValue()
              : (Object) parser.getLongValue();
      case JsonTokenId.ID_NUMBER_FLOAT -> parser.getDoubleValue();
      case JsonTokenId.ID_TRUE -> true;
      case JsonTokenId.ID_FALSE -> false;
      case JsonTokenId.ID_NULL -> null;
      default -> throw new IOException("the document is empty or truncated");
    };
  }
}
