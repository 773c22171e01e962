package dev.pilotlight.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.support.Utf8;
import java.io.IOException;

/// A strict pull reader over one JSON document. It tracks its position: every refusal names the
/// path of the field, such as `inputs[2].shape`, the value found and the values accepted.
///
/// It refuses duplicate fields, nesting over [#DEPTH_MAX], text after the document and anything
/// that is not JSON. Not thread-safe.
public final class JsonReader {
  static final int DEPTH_MAX = 32;
  private static final int NUMBER_LENGTH_MAX = 64;
  private static final int NAME_LENGTH_MAX = 1000;
  private static final int SIGNATURE_BYTES = 4;

  public static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          // the caller chooses the names: interning them would only fill a table
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxNumberLength(NUMBER_LENGTH_MAX)
                  .maxNameLength(NAME_LENGTH_MAX)
                  // the event's own size limit bounds strings
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /// Handles one field of an object: reads its value, or calls [#unknownField].
  @FunctionalInterface
  public interface FieldHandler {
    void read(String name) throws IOException;
  }

  /// Handles one element of an array.
  @FunctionalInterface
  public interface ElementHandler {
    void read(int index) throws IOException;
  }

  /// Reads a whole document.
  @FunctionalInterface
  public interface DocumentHandler<T> {
    T read(JsonReader reader) throws IOException;
  }

  private final JsonParser parser;
  private final String root;
  private final StringBuilder path = new StringBuilder();

  private JsonReader(JsonParser parser, String root) {
    this.parser = parser;
    this.root = root;
  }

  /// Reads the document in `body[offset, offset + length)`, all of it.
  ///
  /// @throws Refusal naming the field, if the handler cannot read it
  public static <T> T read(byte[] body, int offset, int length, DocumentHandler<T> handler) {
    return read("body", body, offset, length, handler);
  }

  /// As [#read(byte[], int, int, DocumentHandler)], of a document that callers do not call the
  /// body.
  ///
  /// @param root the callers' name for it
  public static <T> T read(
      String root, byte[] body, int offset, int length, DocumentHandler<T> handler) {
    if (!Utf8.isValid(body, offset, length)) {
      throw notUtf8(root);
    }
    return readUtf8(root, body, offset, length, handler);
  }

  /// As [#read(String, byte[], int, int, DocumentHandler)], of bytes that are known to be UTF-8.
  public static <T> T readUtf8(
      String root, byte[] body, int offset, int length, DocumentHandler<T> handler) {
    for (int i = offset; i < offset + Math.min(length, SIGNATURE_BYTES); i++) {
      if (body[i] == 0) {
        throw notUtf8(root); // the parser would guess UTF-16 or UTF-32
      }
    }
    try (JsonParser parser = FACTORY.createParser(body, offset, length)) {
      return new JsonReader(parser, root).document(handler);
    } catch (IOException e) {
      throw Refusal.invalid(root, "the %s is not valid JSON".formatted(root));
    }
  }

  private <T> T document(DocumentHandler<T> handler) {
    try {
      if (parser.nextToken() == null) {
        throw Refusal.invalid(root, "the %s is empty; a JSON object is accepted".formatted(root));
      }
      T document = handler.read(this);
      if (parser.nextToken() != null) {
        throw Refusal.invalid(root, "the %s continues after the JSON document".formatted(root));
      }
      return document;
    } catch (StreamConstraintsException e) {
      throw Refusal.invalid(
          pathAtFailure(),
          ("over a limit: nesting up to %d, numbers up to %d and field names up to %d characters"
                  + " are accepted")
              .formatted(DEPTH_MAX, NUMBER_LENGTH_MAX, NAME_LENGTH_MAX));
    } catch (JsonParseException e) {
      throw Refusal.invalid(
          pathAtFailure(),
          "not valid JSON at byte %d%s"
              .formatted(e.getLocation().getByteOffset(), JsonFault.of(e.getOriginalMessage())));
    } catch (IOException e) {
      throw Refusal.invalid(pathAtFailure(), "not valid JSON: it is truncated");
    }
  }

  private static Refusal notUtf8(String root) {
    return Refusal.invalid(root, "the %s is not UTF-8; JSON in UTF-8 is accepted".formatted(root));
  }

  /// The parser reads a field's value before it returns the field's name.
  private String pathAtFailure() {
    boolean ahead = token() == JsonToken.FIELD_NAME;
    String name = ahead ? parser.getParsingContext().getCurrentName() : null;
    if (name == null || path.toString().endsWith(name)) {
      return path();
    }
    return path + (path.isEmpty() ? "" : ".") + Text.shorten(name);
  }

  /// The path of the value under the cursor; at the root its name.
  public String path() {
    return path.isEmpty() ? root : path.toString();
  }

  /// The token under the cursor.
  public JsonToken token() {
    return parser.currentToken();
  }

  /// The parser itself, for bulk reading of numbers.
  public JsonParser parser() {
    return parser;
  }

  /// Reads the object under the cursor; the handler must consume each value.
  public void object(FieldHandler handler) throws IOException {
    expect(JsonToken.START_OBJECT, "an object");
    int mark = path.length();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      path.append(mark == 0 ? "" : ".").append(Text.shorten(name));
      parser.nextToken();
      handler.read(name);
      path.setLength(mark);
    }
  }

  /// Reads the array under the cursor; the handler must consume each element.
  public void array(ElementHandler handler) throws IOException {
    expect(JsonToken.START_ARRAY, "an array");
    int mark = path.length();
    for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
      path.append('[').append(index).append(']');
      handler.read(index);
      path.setLength(mark);
    }
  }

  public String string() throws IOException {
    expect(JsonToken.VALUE_STRING, "a string");
    return wellFormed(parser.getText());
  }

  /// Reads a string that is not empty.
  ///
  /// @param accepted for the refusal of anything else
  public String text(String accepted) throws IOException {
    if (token() != JsonToken.VALUE_STRING) {
      throw wrongType(accepted);
    }
    String text = string();
    if (text.isEmpty()) {
      throw Refusal.invalid(path(), "%s is empty; accepted: %s".formatted(path(), accepted));
    }
    return text;
  }

  public boolean bool() {
    return switch (token()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw wrongType("true or false");
    };
  }

  /// A whole number in a range.
  public long integer(long min, long max) throws IOException {
    String accepted = "a whole number from %d to %d".formatted(min, max);
    expect(JsonToken.VALUE_NUMBER_INT, accepted);
    if (parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      long value = parser.getLongValue();
      if (value >= min && value <= max) {
        return value;
      }
    }
    throw Refusal.invalid(
        path(), "%s is %s; accepted: %s".formatted(path(), parser.getText(), accepted));
  }

  /// Skips the value under the cursor.
  public void skip() throws IOException {
    parser.skipChildren();
  }

  /// The offset of the object or array under the cursor, in bytes from the start of the document.
  public int start() {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  /// The end of the object or array that was read last, likewise.
  public int end() {
    return (int) parser.currentLocation().getByteOffset();
  }

  public boolean isNull() {
    return token() == JsonToken.VALUE_NULL;
  }

  /// The refusal of a field that the protocol does not have.
  public Refusal unknownField(String accepted) {
    return Refusal.invalid(
        path(), "%s is not a known field; accepted: %s".formatted(path(), accepted));
  }

  public Refusal wrongType(String accepted) {
    return Refusal.invalid(path(), "%s is %s; accepted: %s".formatted(path(), found(), accepted));
  }

  private void expect(JsonToken expected, String accepted) {
    if (token() != expected) {
      throw wrongType(accepted);
    }
  }

  private String found() {
    return found(token());
  }

  /// Describes a value's type by its first token.
  public static String found(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT -> "a number";
      case VALUE_NUMBER_FLOAT -> "a decimal number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      default -> "something else";
    };
  }

  /// An escape can hide half of a surrogate pair in valid UTF-8.
  private String wellFormed(String text) {
    if (Utf8.isWellFormed(text)) {
      return text;
    }
    throw Refusal.invalid(
        path(), path() + " holds half of a surrogate pair, which is not Unicode text");
  }
}
