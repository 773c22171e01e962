package dev.pilotlight.local.support;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// The JSON that the local parts of AWS speak.
public final class Json {
  public static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  /// Writes a document.
  @FunctionalInterface
  public interface Writer {
    void write(JsonGenerator json) throws IOException;
  }

  private Json() {}

  public static byte[] write(int sizeHint, Writer writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(sizeHint);
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      writer.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it writes to memory
    }
    return bytes.toByteArray();
  }

  /// An object of strings: name, value, name, value …
  public static byte[] error(String... pairs) {
    return write(
        128,
        json -> {
          json.writeStartObject();
          for (int i = 0; i < pairs.length; i += 2) {
            json.writeStringField(pairs[i], pairs[i + 1]);
          }
          json.writeEndObject();
        });
  }

  /// Whether it is exactly one JSON value.
  public static boolean valid(byte[] text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  /// A string field of the outermost object, or the fallback if it has none.
  public static String field(byte[] text, String name, String fallback) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      parser.nextToken();
      for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
        parser.nextToken();
        if (field.equals(name)) {
          return parser.getValueAsString(fallback);
        }
        parser.skipChildren();
      }
      return fallback;
    } catch (IOException e) {
      return fallback;
    }
  }
}
