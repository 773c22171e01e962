package dev.pilotlight.model.head;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.domain.text.TokenJoiner;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.text.TokenPlaces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a tokenizer's tokens make words, by the rules of transformers' token-classification pipeline.
///
/// @param unknown the token of a text that the vocabulary does not have; empty if there is none
/// @param marksSubwords whether the tokenizer's model marks tokens that continue a word
public record TokenWords(TokenJoiner joiner, String unknown, boolean marksSubwords) {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final String METASPACE = "\u2581";
  private static final String UNKNOWN = "unk_token";

  /// Reads the rules of a `tokenizer.json`.
  ///
  /// @param config `tokenizer_config.json`
  /// @throws LoadFailure if the file cannot be read, or has a decoder that is not supported
  public static TokenWords read(Path file, JsonFile config) {
    Scan scan = new Scan();
    scan.read(file);
    Optional<String> unknown = config.token(UNKNOWN);
    if (unknown.isEmpty() && scan.unknownId >= 0) {
      scan.read(file); // the list of tokens may stand before the id
    }
    return new TokenWords(
        joiner(scan.decoder),
        unknown.orElse(Objects.requireNonNullElse(scan.unknown, "")),
        !scan.prefix.isEmpty());
  }

  /// The words of tokens: their names, but the text's part for an unknown one.
  List<String> of(TokenPlaces places) {
    List<String> words = new ArrayList<>(places.count());
    for (int i = 0; i < places.count(); i++) {
      words.add(isUnknown(places, i) ? places.part(i) : places.names()[i]);
    }
    return words;
  }

  /// Whether each token continues the word of the token before it. If the tokenizer marks such
  /// tokens, they are longer than their part of the text; else no space stands before them.
  boolean[] subwords(TokenPlaces places) {
    boolean[] subwords = new boolean[places.count()];
    for (int i = 0; i < subwords.length; i++) {
      subwords[i] = !places.special()[i] && !isUnknown(places, i) && isSubword(places, i);
    }
    return subwords;
  }

  private boolean isSubword(TokenPlaces places, int token) {
    if (!marksSubwords) {
      return places.followsNoSpace(token);
    }
    String name = places.names()[token];
    return name.codePointCount(0, name.length()) != places.to()[token] - places.from()[token];
  }

  private boolean isUnknown(TokenPlaces places, int token) {
    return !places.special()[token] && places.names()[token].equals(unknown);
  }

  /// All that can change an answer.
  public String plan() {
    return unknown.length() + ":" + unknown + "," + marksSubwords;
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

  /// The parts of a file that are needed, without its vocabulary.
  private static final class Scan {
    private @Nullable JsonFile decoder;
    private @Nullable String unknown;
    private String prefix = "";
    private long unknownId = -1;

    void read(Path file) {
      try (JsonParser parser = FACTORY.createParser(file.toFile())) {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          boolean object = parser.nextToken() == JsonToken.START_OBJECT;
          if (object && name.equals("decoder")) {
            decoder = JsonFile.next(ModelFiles.TOKENIZER, parser);
          } else if (object && name.equals("model")) {
            model(parser);
          } else {
            parser.skipChildren();
          }
        }
      } catch (IOException e) {
        throw new LoadFailure(ModelFiles.TOKENIZER + " is not valid JSON", e);
      }
    }

    private void model(JsonParser parser) throws IOException {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (name) {
          case UNKNOWN -> unknown = value == JsonToken.VALUE_STRING ? parser.getText() : unknown;
          case "continuing_subword_prefix" ->
              prefix = value == JsonToken.VALUE_STRING ? parser.getText() : "";
          case "unk_id" ->
              unknownId = value == JsonToken.VALUE_NUMBER_INT ? parser.getLongValue() : -1;
          case "vocab" -> vocabulary(parser);
          default -> parser.skipChildren();
        }
      }
    }

    /// A list has each token with its score: the id is the token's place.
    private void vocabulary(JsonParser parser) throws IOException {
      if (parser.currentToken() != JsonToken.START_ARRAY || unknownId < 0) {
        parser.skipChildren();
        return;
      }
      for (long id = 0; parser.nextToken() != JsonToken.END_ARRAY; id++) {
        if (id == unknownId && parser.currentToken() == JsonToken.START_ARRAY) {
          unknown = parser.nextTextValue();
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            parser.skipChildren();
          }
        } else {
          parser.skipChildren();
        }
      }
    }
  }
}
