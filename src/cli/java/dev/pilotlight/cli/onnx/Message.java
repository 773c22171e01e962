package dev.pilotlight.cli.onnx;

import dev.pilotlight.domain.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// A protobuf message as the ordered list of its fields. A field that nothing replaces keeps its
/// bytes, whether or not a schema has it, so that nothing of a file is lost. Not thread-safe.
///
/// Source: <https://protobuf.dev/programming-guides/encoding/>
public final class Message {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int SIZED = 2;
  private static final int FIXED32 = 5;
  private static final int VARINT_BYTES_MAX = 10;

  private final List<Field> fields = new ArrayList<>();

  /// One field.
  ///
  /// @param bytes of the value, without the length; empty if there is a nested message
  /// @param nested in place of the bytes
  private record Field(int number, int wireType, ByteBuffer bytes, @Nullable Message nested) {
    long size() {
      return nested == null ? bytes.remaining() : nested.size();
    }
  }

  /// Takes bytes in their order.
  public interface Sink {
    /// Takes all remaining bytes.
    void write(ByteBuffer bytes) throws IOException;
  }

  /// Reads a message; its fields are views of the bytes.
  ///
  /// @throws Refusal if the bytes are not protobuf
  public static Message parse(ByteBuffer bytes) {
    Message message = new Message();
    ByteBuffer rest = bytes.slice();
    while (rest.hasRemaining()) {
      long tag = varint(rest);
      int wireType = (int) (tag & 7);
      int begin = rest.position();
      long length =
          switch (wireType) {
            case VARINT -> {
              varint(rest);
              yield rest.position() - begin;
            }
            case FIXED64 -> Long.BYTES;
            case FIXED32 -> Integer.BYTES;
            case SIZED -> {
              long size = varint(rest);
              begin = rest.position();
              yield size;
            }
            default -> throw malformed("it has a field of wire type " + wireType);
          };
      if (length < 0 || length > rest.limit() - begin) {
        throw malformed("a field is longer than its message");
      }
      message.fields.add(
          new Field((int) (tag >>> 3), wireType, rest.slice(begin, (int) length), null));
      rest.position(begin + (int) length);
    }
    return message;
  }

  private static Refusal malformed(String reason) {
    return Refusal.broken("the graph is not valid protobuf: " + reason, null);
  }

  private static long varint(ByteBuffer bytes) {
    long value = 0;
    for (int i = 0; i < VARINT_BYTES_MAX && bytes.hasRemaining(); i++) {
      byte next = bytes.get();
      value |= (long) (next & 0x7f) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw malformed("a number does not end");
  }

  /// The bytes of a field, or none.
  public ByteBuffer bytes(int number) {
    Field field = last(number);
    return field == null ? ByteBuffer.allocate(0) : field.bytes.duplicate();
  }

  public boolean has(int number) {
    return last(number) != null;
  }

  private @Nullable Field last(int number) {
    Field last = null;
    for (Field field : fields) {
      if (field.number == number) {
        last = field;
      }
    }
    return last;
  }

  /// The text of a field, or an empty one.
  public String text(int number) {
    return utf8(bytes(number));
  }

  public List<String> texts(int number) {
    return fields.stream()
        .filter(field -> field.number == number && field.wireType == SIZED)
        .map(field -> utf8(field.bytes.duplicate()))
        .toList();
  }

  private static String utf8(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes).toString();
  }

  /// The integer of a field.
  ///
  /// @param absent the value without the field
  public long number(int number, long absent) {
    Field field = last(number);
    return field == null || field.wireType != VARINT ? absent : varint(field.bytes.duplicate());
  }

  /// The integers of a repeated field, packed or not.
  public long[] numbers(int number) {
    LongStream.Builder values = LongStream.builder();
    for (Field field : fields) {
      if (field.number == number) {
        ByteBuffer rest = field.bytes.duplicate();
        while (rest.hasRemaining()) {
          values.add(varint(rest));
        }
      }
    }
    return values.build().toArray();
  }

  /// The float of a field.
  ///
  /// @param absent the value without the field
  public float real(int number, float absent) {
    Field field = last(number);
    return field == null || field.wireType != FIXED32 ? absent : littleEndian(field).getFloat();
  }

  /// The bytes of a repeated field of fixed size, packed or not, one after the other;
  /// little-endian.
  public ByteBuffer joined(int number) {
    List<Field> found = fields.stream().filter(field -> field.number == number).toList();
    if (found.size() == 1) {
      return littleEndian(found.getFirst());
    }
    int size = Math.toIntExact(found.stream().mapToLong(Field::size).sum());
    ByteBuffer all = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    found.forEach(field -> all.put(field.bytes.duplicate()));
    return all.flip();
  }

  private static ByteBuffer littleEndian(Field field) {
    return field.bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /// The messages of a repeated field. A change of one does not change this message.
  public List<Message> messages(int number) {
    return fields.stream()
        .filter(field -> field.number == number && field.wireType == SIZED)
        .map(field -> field.nested == null ? parse(field.bytes) : field.nested)
        .toList();
  }

  public Message add(int number, long value) {
    ByteBuffer bytes = ByteBuffer.allocate(VARINT_BYTES_MAX);
    putVarint(bytes, value);
    fields.add(new Field(number, VARINT, bytes.flip().slice(), null));
    return this;
  }

  public Message add(int number, float value) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    fields.add(new Field(number, FIXED32, bytes.putFloat(value).flip(), null));
    return this;
  }

  public Message add(int number, String value) {
    return add(number, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
  }

  public Message add(int number, ByteBuffer value) {
    fields.add(new Field(number, SIZED, value.slice(), null));
    return this;
  }

  public Message add(int number, Message value) {
    fields.add(new Field(number, SIZED, ByteBuffer.allocate(0), value));
    return this;
  }

  public Message remove(int number) {
    fields.removeIf(field -> field.number == number);
    return this;
  }

  /// Puts messages in the place of all that a repeated field has.
  public Message replace(int number, List<Message> values) {
    int place = 0;
    while (place < fields.size() && fields.get(place).number != number) {
      place++;
    }
    remove(number);
    List<Field> replaced =
        values.stream()
            .map(value -> new Field(number, SIZED, ByteBuffer.allocate(0), value))
            .toList();
    fields.addAll(place, replaced);
    return this;
  }

  /// Another message with the same fields: a change of one does not change the other.
  public Message copy() {
    Message copy = new Message();
    copy.fields.addAll(fields);
    return copy;
  }

  /// The number of its encoded bytes.
  public long size() {
    long size = 0;
    for (Field field : fields) {
      long value = field.size();
      size += varintSize((long) field.number << 3) + value;
      size += field.wireType == SIZED ? varintSize(value) : 0;
    }
    return size;
  }

  private static int varintSize(long value) {
    return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
  }

  public void write(Sink sink) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(2 * VARINT_BYTES_MAX);
    for (Field field : fields) {
      head.clear();
      putVarint(head, (long) field.number << 3 | field.wireType);
      if (field.wireType == SIZED) {
        putVarint(head, field.size());
      }
      sink.write(head.flip());
      if (field.nested == null) {
        sink.write(field.bytes.duplicate());
      } else {
        field.nested.write(sink);
      }
    }
  }

  private static void putVarint(ByteBuffer bytes, long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes.put((byte) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    bytes.put((byte) rest);
  }
}
