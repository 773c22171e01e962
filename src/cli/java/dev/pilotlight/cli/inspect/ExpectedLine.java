package dev.pilotlight.cli.inspect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.stream.DoubleStream;

/// An embedding of another implementation: `{"text": "…", "embedding": [0.1, …]}`; other fields are
/// ignored.
///
/// @param number of the line, from 1
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ExpectedLine(int number, String text, double[] embedding) {
  private static final JsonFactory FACTORY = new JsonFactory();

  /// A line that does not have the form of [ExpectedLine].
  public static final class Malformed extends IOException {
    private static final long serialVersionUID = 1;

    public Malformed(int number, String reason) {
      super(
          "line %d %s; accepted: {\"text\": \"…\", \"embedding\": [0.1, …]}"
              .formatted(number, reason));
    }
  }

  /// Reads a line.
  ///
  /// @param number of the line, from 1
  public static ExpectedLine parse(int number, String line) throws Malformed {
    String text = null;
    double[] embedding = null;
    try (JsonParser json = FACTORY.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new Malformed(number, "is not a JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (name.equals("text") && value == JsonToken.VALUE_STRING) {
          text = json.getText();
        } else if (name.equals("embedding") && value == JsonToken.START_ARRAY) {
          embedding = numbers(json, number);
        } else {
          json.skipChildren();
        }
      }
    } catch (Malformed e) {
      throw e;
    } catch (IOException e) {
      throw new Malformed(number, "is not valid JSON");
    }
    if (text == null || embedding == null) {
      throw new Malformed(number, "lacks " + (text == null ? "a text" : "an embedding"));
    }
    return new ExpectedLine(number, text, embedding);
  }

  private static double[] numbers(JsonParser json, int number) throws IOException {
    DoubleStream.Builder values = DoubleStream.builder();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (!json.currentToken().isNumeric()) {
        throw new Malformed(number, "has an embedding with something other than numbers");
      }
      values.add(json.getDoubleValue());
    }
    return values.build().toArray();
  }
}
