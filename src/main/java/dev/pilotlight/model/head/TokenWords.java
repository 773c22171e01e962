package dev.pilotlight.model.head;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.domain.text.TokenJoiner;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.text.TokenIds;
import dev.pilotlight.model.text.TokenNames;
import dev.pilotlight.model.text.TokenPlaces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a tokenizer's tokens make words, by the rules of transformers' token-classification
/// pipeline.
///
/// @param unknown the id of the token of a text that the vocabulary does not have; -1 for none
/// @param marksSubwords whether the tokenizer's model marks tokens that continue a word
/// @param added the names of tokens that are looked for in the text, by id: the library names them
///   as they stand there, with the spaces that they take
public record TokenWords(
    TokenJoiner joiner, long unknown, boolean marksSubwords, Map<Long, String> added) {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final String METASPACE = "\u2581";
  private static final String UNKNOWN = "unk_token";

  public TokenWords {
    added = Map.copyOf(added);
  }

  /// Reads the rules of a `tokenizer.json`.
  ///
  /// @param config `tokenizer_config.json`
  /// @throws LoadFailure if the file cannot be read, or has a decoder that is not supported
  public static TokenWords read(Path file, JsonFile config) {
    Scan scan = new Scan();
    scan.read(file);
    String name = config.token(UNKNOWN).orElse(scan.unknown);
    long unknown =
        name == null
            ? scan.unknownId
            : TokenNames.find(file, List.of(name)).getOrDefault(name, scan.unknownId);
    boolean marks = !scan.prefix.isEmpty();
    return new TokenWords(joiner(scan.decoder), unknown, marks, scan.added);
  }

  /// The words of tokens: their names, but the text's part for an unknown one.
  List<String> of(TokenIds tokens, TokenPlaces places) {
    List<String> words = new ArrayList<>(places.count());
    for (int i = 0; i < places.count(); i++) {
      boolean part = tokens.ids()[i] == unknown && !places.special()[i];
      words.add(part ? places.part(i) : name(tokens, places, i));
    }
    return words;
  }

  private String name(TokenIds tokens, TokenPlaces places, int token) {
    return added.getOrDefault(tokens.ids()[token], places.names()[token]);
  }

  /// Whether each token continues the word of the token before it. If the tokenizer marks such
  /// tokens, they are longer than their part of the text; else no space stands before them.
  boolean[] subwords(TokenIds tokens, TokenPlaces places) {
    boolean[] subwords = new boolean[places.count()];
    for (int i = 0; i < subwords.length; i++) {
      boolean known = tokens.ids()[i] != unknown && !places.special()[i];
      subwords[i] = known && isSubword(tokens, places, i);
    }
    return subwords;
  }

  private boolean isSubword(TokenIds tokens, TokenPlaces places, int token) {
    if (!marksSubwords) {
      return places.followsNoSpace(token);
    }
    String name = name(tokens, places, token);
    return name.codePointCount(0, name.length()) != places.to()[token] - places.from()[token];
  }

  /// All that can change an answer.
  public String plan() {
    return unknown + "," + marksSubwords;
  }

  private static TokenJoiner joiner(@Nullable JsonFile decoder) {
    if (decoder == null) {
      return new TokenJoiner.Spaces();
    }
    String type = decoder.text("type").orElse("");
    return switch (type) {
      case "WordPiece" ->
          new TokenJoiner.WordPiece(
              decoder.text("prefix").orElse("##"), decoder.flag("cleanup").orElse(true));
      case "ByteLevel" -> new TokenJoiner.ByteLevel();
      case "Metaspace" ->
          new TokenJoiner.Metaspace(
              decoder.text("replacement").orElse(METASPACE),
              decoder.flag("add_prefix_space").orElse(true)
                  && !decoder.text("prepend_scheme").orElse("").equals("never"));
      case "BPEDecoder" -> new TokenJoiner.Suffix(decoder.text("suffix").orElse("</w>"));
      default ->
          throw new LoadFailure(
              "%s: the decoder %s is not supported for token classification; accepted: WordPiece,"
                      .formatted(ModelFiles.TOKENIZER, type)
                  + " ByteLevel, Metaspace, BPEDecoder or none");
    };
  }

  /// The parts of a file that are needed.
  private static final class Scan {
    private final Map<Long, String> added = new HashMap<>();
    private @Nullable JsonFile decoder;
    private @Nullable String unknown;
    private String prefix = "";
    private long unknownId = -1;

    /// A part of the object under a key, at its value.
    private interface Part {
      void read(String key, JsonParser parser) throws IOException;
    }

    /// Reads all but the vocabulary.
    void read(Path file) {
      try (JsonParser parser = FACTORY.createParser(file.toFile())) {
        parser.nextToken();
        each(parser, this::part);
      } catch (IOException e) {
        throw new LoadFailure(ModelFiles.TOKENIZER + " is not valid JSON", e);
      }
    }

    private void part(String key, JsonParser parser) throws IOException {
      boolean object = parser.currentToken() == JsonToken.START_OBJECT;
      if (object && key.equals("decoder")) {
        decoder = JsonFile.next(ModelFiles.TOKENIZER, parser);
      } else if (object && key.equals("model")) {
        each(parser, this::model);
      } else if (key.equals("added_tokens")) {
        added(JsonFile.next(ModelFiles.TOKENIZER, parser));
      } else {
        parser.skipChildren();
      }
    }

    private void model(String key, JsonParser parser) throws IOException {
      JsonToken value = parser.currentToken();
      boolean text = value == JsonToken.VALUE_STRING;
      switch (key) {
        case UNKNOWN -> unknown = text ? parser.getText() : unknown;
        case "continuing_subword_prefix" -> prefix = text ? parser.getText() : "";
        case "unk_id" ->
            unknownId = value == JsonToken.VALUE_NUMBER_INT ? parser.getLongValue() : -1;
        default -> parser.skipChildren();
      }
    }

    private void added(JsonFile tokens) {
      if (tokens.root() instanceof List<?> list) {
        for (Object token : list) {
          if (token instanceof Map<?, ?> map
              && map.get("content") instanceof String content
              && map.get("id") instanceof Number id) {
            added.put(id.longValue(), content);
          }
        }
      }
    }

    private static void each(JsonParser parser, Part part) throws IOException {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        parser.nextToken();
        part.read(key, parser);
      }
    }
  }
}
