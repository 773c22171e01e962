package dev.pilotlight.protocol.openinference.tensors;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;
import java.util.Arrays;

/// Reads the `data` of one tensor, flat or nested, row-major. Not thread-safe.
///
/// Nested lists must match the shape exactly; the first element decides which form it is. Values go
/// directly from the parser into bytes; a path is built only for a refusal.
public final class TensorDataReader {
  private final JsonParser parser;
  private final String path;
  private final long[] shape;
  private final TensorElements elements;

  // the current level and the current element of each level
  private final long[] position = new long[TensorShape.RANK_MAX + 1];
  private int depth;

  private TensorDataReader(JsonReader json, Datatype datatype, long[] shape) {
    this.parser = json.parser();
    this.path = json.path();
    this.shape = shape;
    this.elements = new TensorElements(parser, datatype, Tensor.elements(shape), this::at);
  }

  /// Reads the value under the cursor into the bytes of a [Tensor].
  ///
  /// @throws Refusal naming the element, such as `inputs[0].data[3]`
  public static byte[] read(JsonReader json, Datatype datatype, long[] shape) throws IOException {
    if (datatype == Datatype.FP16 || datatype == Datatype.BF16) {
      throw Refusal.invalid(
          json.path(),
          "%s: %s has no JSON form; accepted: binary data (parameters.binary_data_size)"
              .formatted(json.path(), datatype));
    }
    TensorDataReader reader = new TensorDataReader(json, datatype, shape);
    try {
      reader.readTop(json);
    } catch (StreamConstraintsException e) {
      throw reader.refusal("is over a limit on nesting or on the length of a number");
    } catch (JsonParseException e) {
      throw reader.refusal(
          "is not valid JSON; NaN and Infinity can only be sent as binary data"
              + " (parameters.binary_data_size)");
    }
    return reader.elements.toBytes();
  }

  private void readTop(JsonReader json) throws IOException {
    if (shape.length == 0 && parser.currentToken().isScalarValue()) {
      elements.read(parser.currentToken());
      return;
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw json.wrongType("an array, flat or nested as its shape");
    }
    depth = 1;
    JsonToken first = parser.nextToken();
    if (first == JsonToken.START_ARRAY && shape.length > 1) {
      readNested(0, first);
    } else {
      readFlat(first);
    }
  }

  private void readFlat(JsonToken first) throws IOException {
    long expected = Tensor.elements(shape);
    long count = 0;
    for (JsonToken token = first; token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      if (count < expected) {
        elements.read(token);
      } else {
        parser.skipChildren();
      }
      position[0] = ++count;
    }
    requireCount(count, expected, 0);
  }

  private void readNested(int level, JsonToken first) throws IOException {
    depth = level + 1;
    position[level] = 0;
    long count = 0;
    for (JsonToken token = first; token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      if (count < shape[level]) {
        readRow(level, token);
      } else {
        parser.skipChildren();
      }
      position[level] = ++count;
    }
    requireCount(count, shape[level], level);
  }

  private void readRow(int level, JsonToken token) throws IOException {
    if (level == shape.length - 1) {
      elements.read(token);
    } else if (token == JsonToken.START_ARRAY) {
      readNested(level + 1, parser.nextToken());
      depth = level + 1;
    } else {
      throw refusal("is not an array, but shape %s nests %d deep".formatted(text(), shape.length));
    }
  }

  private void requireCount(long count, long expected, int level) {
    if (count != expected) {
      depth = level;
      throw refusal(
          "holds %d elements, but shape %s takes %d here".formatted(count, text(), expected));
    }
  }

  private String text() {
    return Arrays.toString(shape);
  }

  private Refusal refusal(String complaint) {
    return Refusal.invalid(at(), at() + " " + complaint);
  }

  private String at() {
    StringBuilder at = new StringBuilder(path);
    for (int i = 0; i < depth; i++) {
      at.append('[').append(position[i]).append(']');
    }
    return at.toString();
  }
}
