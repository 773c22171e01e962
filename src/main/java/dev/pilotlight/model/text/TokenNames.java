package dev.pilotlight.model.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.format.LoadFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Finds the ids of tokens by their names in a `tokenizer.json`. It reads no further than the last
/// of them; special tokens stand before the vocabulary.
public final class TokenNames {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final Set<String> wanted;
  private final Map<String, Long> found = new HashMap<>();
  private @Nullable String unknown;
  private long unknownId = -1;

  private TokenNames(Collection<String> wanted) {
    this.wanted = new HashSet<>(wanted);
  }

  /// Looks for names.
  ///
  /// @param json the content of a `tokenizer.json`
  /// @throws LoadFailure if it is not JSON
  static TokenNames of(String json, Collection<String> names) {
    try (JsonParser parser = FACTORY.createParser(json)) {
      TokenNames found = new TokenNames(names);
      Map<String, Long> _ = found.read(parser);
      return found;
    } catch (IOException e) {
      throw new LoadFailure(ModelFiles.TOKENIZER + " is not valid JSON", e);
    }
  }

  /// The id of a name that was looked for; empty if the tokenizer does not have it.
  private OptionalInt id(String name) {
    Long id = found.get(name);
    return id == null ? OptionalInt.empty() : OptionalInt.of(Math.toIntExact(id));
  }

  /// Whether a token of a text is the unknown one. Only a search for a name that the tokenizer
  /// lacks reads so far that this is certain.
  boolean isUnknown(long id, String name) {
    return id == unknownId || name.equals(unknown);
  }

  /// The ids of those names that a tokenizer has.
  ///
  /// @param file its `tokenizer.json`
  /// @throws LoadFailure if it cannot be read
  public static Map<String, Long> find(Path file, Collection<String> names) {
    try (JsonParser parser = FACTORY.createParser(file.toFile())) {
      return new TokenNames(names).read(parser);
    } catch (IOException e) {
      throw new LoadFailure(ModelFiles.TOKENIZER + " cannot be read", e);
    }
  }

  private Map<String, Long> read(JsonParser parser) throws IOException {
    parser.nextToken();
    while (!isDone() && parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "added_tokens" -> added(parser);
        case "model" -> model(parser);
        default -> parser.skipChildren();
      }
    }
    return found;
  }

  private boolean isDone() {
    return found.size() == wanted.size();
  }

  private void added(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      String content = null;
      long id = -1;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        JsonToken value = parser.nextToken();
        if (key.equals("id") && value == JsonToken.VALUE_NUMBER_INT) {
          id = parser.getLongValue();
        } else if (key.equals("content") && value == JsonToken.VALUE_STRING) {
          content = parser.getText();
        } else {
          parser.skipChildren();
        }
      }
      add(content, id);
    }
  }

  private void model(JsonParser parser) throws IOException {
    while (!isDone() && parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      boolean vocabulary = key.equals("vocab");
      JsonToken value = parser.nextToken();
      if (vocabulary && value == JsonToken.START_OBJECT) {
        while (!isDone() && parser.nextToken() == JsonToken.FIELD_NAME) {
          String token = parser.currentName();
          parser.nextToken();
          add(token, parser.getValueAsLong(-1));
        }
      } else if (vocabulary && value == JsonToken.START_ARRAY) {
        pieces(parser);
      } else if (key.equals("unk_token") && value == JsonToken.VALUE_STRING) {
        unknown = parser.getText();
      } else if (key.equals("unk_id") && value == JsonToken.VALUE_NUMBER_INT) {
        unknownId = parser.getLongValue();
      } else {
        parser.skipChildren();
      }
    }
  }

  /// A Unigram model lists its tokens by id, each with its score.
  private void pieces(JsonParser parser) throws IOException {
    for (long id = 0; !isDone() && parser.nextToken() == JsonToken.START_ARRAY; id++) {
      parser.nextToken();
      add(parser.getValueAsString(), id);
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        parser.skipChildren();
      }
    }
  }

  /// An added token comes before one of the vocabulary.
  private void add(@Nullable String token, long id) {
    if (token != null && id >= 0 && wanted.contains(token)) {
      found.putIfAbsent(token, id);
    }
  }

  /// The ids of the names that requests ask for: they repeat, and a vocabulary has up to 17 MB.
  /// Thread-safe.
  static final class Kept {
    private static final int NAMES_MAX = 10_000;
    private static final int CHARS_MAX = 100;

    private final Map<String, OptionalInt> kept = new ConcurrentHashMap<>();

    /// The ids of tokens by their names in the vocabulary, else as the one token of a text.
    ///
    /// @param file to read the vocabulary from
    /// @param texts for a name that the vocabulary does not have
    /// @return empty for a name that is neither
    OptionalInt[] ids(List<String> names, EncoderFile file, Supplier<TokenTexts> texts) {
      Map<String, OptionalInt> ids = new HashMap<>();
      Set<String> missing = new HashSet<>();
      for (String name : names) {
        OptionalInt id = kept.get(name);
        if (id == null) {
          missing.add(name);
        } else {
          ids.put(name, id);
        }
      }
      if (!missing.isEmpty()) {
        TokenNames found = of(file.json(), missing);
        for (String name : missing) {
          OptionalInt id = found.id(name);
          ids.put(name, id.isPresent() ? id : texts.get().only(name, found));
        }
        keep(missing, ids);
      }
      return names.stream()
          .map(name -> ids.getOrDefault(name, OptionalInt.empty()))
          .toArray(OptionalInt[]::new);
    }

    private void keep(Set<String> names, Map<String, OptionalInt> ids) {
      if (kept.size() + names.size() > NAMES_MAX) {
        kept.clear();
      }
      for (String name : names) {
        if (name.length() <= CHARS_MAX) {
          kept.put(name, ids.getOrDefault(name, OptionalInt.empty()));
        }
      }
    }
  }
}
