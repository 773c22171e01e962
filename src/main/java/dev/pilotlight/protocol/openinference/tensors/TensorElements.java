package dev.pilotlight.protocol.openinference.tensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;

/// Turns JSON values into the bytes of a tensor, and refuses values that its datatype cannot hold
/// exactly; floats are rounded to the nearest. Not thread-safe.
final class TensorElements {
  // a claimed shape allocates no more than this in advance; the array grows with the actual data
  private static final int FIRST_BYTES_MAX = 1 << 20;
  private static final int ARRAY_LENGTH_MAX = Integer.MAX_VALUE - 8;
  private static final int UINT64_BITS = 64;

  private final JsonParser parser;
  private final Datatype datatype;
  private final Supplier<String> at;
  private byte[] bytes;
  private ByteBuffer out;

  /// @param elements the expected number
  /// @param at gives the parser's path
  TensorElements(JsonParser parser, Datatype datatype, long elements, Supplier<String> at) {
    this.parser = parser;
    this.datatype = datatype;
    this.at = at;
    long wanted = elements * (datatype.fixedSize() ? datatype.size() : Long.BYTES);
    this.bytes = new byte[(int) Math.min(FIRST_BYTES_MAX, wanted)];
    this.out = littleEndian(bytes);
  }

  byte[] toBytes() {
    return out.hasRemaining() ? Arrays.copyOf(bytes, out.position()) : bytes;
  }

  /// Appends the value under the cursor.
  void read(JsonToken token) throws IOException {
    makeRoom(Math.max(0, datatype.size()));
    switch (datatype) {
      case BYTES -> readBytes(token);
      case BOOL -> out.put(bool(token));
      case UINT64 -> out.putLong(unsignedLong(token));
      case FP32 -> out.putFloat(fp32(token));
      case FP64 -> out.putDouble(fp64(token));
      case FP16, BF16 -> throw new IllegalStateException(datatype.name());
      default -> datatype.putWhole(out, integer(token, datatype.least(), datatype.most()));
    }
  }

  private byte bool(JsonToken token) {
    return switch (token) {
      case VALUE_TRUE -> 1;
      case VALUE_FALSE -> 0;
      default -> throw refusal("true or false");
    };
  }

  private long integer(JsonToken token, long min, long max) throws IOException {
    if (token == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      long value = parser.getLongValue();
      if (value >= min && value <= max) {
        return value;
      }
    }
    throw refusal("a whole number from %d to %d".formatted(min, max));
  }

  private long unsignedLong(JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_NUMBER_INT) {
      if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
        BigInteger value = parser.getBigIntegerValue();
        if (value.signum() > 0 && value.bitLength() <= UINT64_BITS) {
          return value.longValue();
        }
      } else if (parser.getLongValue() >= 0) {
        return parser.getLongValue();
      }
    }
    throw refusal("a whole number from 0 to " + Long.toUnsignedString(-1));
  }

  private float fp32(JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT) {
      float value = parser.getFloatValue();
      if (Float.isFinite(value)) {
        return value == 0 && negativeZero(token) ? -0.0f : value;
      }
    }
    throw refusal("a number that FP32 can hold, up to " + Float.MAX_VALUE);
  }

  private double fp64(JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT) {
      double value = parser.getDoubleValue();
      if (Double.isFinite(value)) {
        return value == 0 && negativeZero(token) ? -0.0 : value;
      }
    }
    throw refusal("a number that FP64 can hold, up to " + Double.MAX_VALUE);
  }

  // the parser reads `-0` as an integer, which has no negative zero; called for zeros only
  private boolean negativeZero(JsonToken token) throws IOException {
    return token == JsonToken.VALUE_NUMBER_INT && parser.getText().startsWith("-");
  }

  private void readBytes(JsonToken token) throws IOException {
    if (token != JsonToken.VALUE_STRING) {
      throw refusal("a string");
    }
    try {
      ByteBuffer utf8 =
          StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(parser.getText()));
      makeRoom(Integer.BYTES + utf8.remaining());
      out.putInt(utf8.remaining()).put(utf8);
    } catch (CharacterCodingException e) {
      throw Refusal.invalid(
          at.get(), at.get() + " holds half of a surrogate pair, which is not Unicode text");
    }
  }

  private Refusal refusal(String accepted) {
    return Refusal.invalid(
        at.get(), "%s is %s; %s takes %s".formatted(at.get(), found(), datatype, accepted));
  }

  private String found() {
    return switch (parser.currentToken()) {
      case START_ARRAY -> "an array, nested deeper than the shape";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE -> text();
      default -> JsonReader.found(parser.currentToken());
    };
  }

  private String text() {
    try {
      return parser.getText();
    } catch (IOException e) {
      return "unreadable";
    }
  }

  private void makeRoom(int needed) {
    if (out.remaining() < needed) {
      int used = out.position();
      // long: twice a large array would overflow
      long wanted = Math.max((long) used + needed, Math.min(2L * used, ARRAY_LENGTH_MAX));
      bytes = Arrays.copyOf(bytes, Math.toIntExact(wanted));
      out = littleEndian(bytes).position(used);
    }
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
