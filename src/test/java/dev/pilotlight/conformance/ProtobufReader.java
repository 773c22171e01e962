package dev.pilotlight.conformance;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The fields of one protobuf message, in the order of the file.
///
/// Source: <https://protobuf.dev/programming-guides/encoding/>
final class ProtobufReader {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private final List<Field> fields = new ArrayList<>();

  /// @param number a varint's or a fixed field's bits
  /// @param bytes the content of a field with a length, else empty
  record Field(int id, int wireType, long number, ByteBuffer bytes) {}

  ProtobufReader(byte[] message) {
    this(ByteBuffer.wrap(message));
  }

  ProtobufReader(ByteBuffer message) {
    ByteBuffer rest = message.slice().order(ByteOrder.LITTLE_ENDIAN);
    while (rest.hasRemaining()) {
      long tag = varint(rest);
      fields.add(field((int) (tag >>> 3), (int) (tag & 7), rest));
    }
  }

  private static Field field(int id, int wireType, ByteBuffer rest) {
    ByteBuffer none = ByteBuffer.allocate(0);
    return switch (wireType) {
      case VARINT -> new Field(id, wireType, varint(rest), none);
      case FIXED64 -> new Field(id, wireType, rest.getLong(), none);
      case FIXED32 -> new Field(id, wireType, rest.getInt(), none);
      case LENGTH -> {
        int length = Math.toIntExact(varint(rest));
        ByteBuffer bytes = rest.slice(rest.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        rest.position(rest.position() + length);
        yield new Field(id, wireType, 0, bytes);
      }
      default -> throw new IllegalArgumentException("not protobuf: wire type " + wireType);
    };
  }

  private static long varint(ByteBuffer rest) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = rest.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("not protobuf: a number has no end");
  }

  boolean has(int id) {
    return fields.stream().anyMatch(field -> field.id == id);
  }

  /// The field's last value; 0 if it is absent.
  long number(int id) {
    return fields.stream()
        .filter(field -> field.id == id)
        .mapToLong(Field::number)
        .reduce(0, (a, b) -> b);
  }

  /// A repeated number, packed or not.
  long[] numbers(int id) {
    List<Long> numbers = new ArrayList<>();
    for (Field field : fields) {
      if (field.id == id && field.wireType == LENGTH) {
        ByteBuffer rest = field.bytes.duplicate();
        while (rest.hasRemaining()) {
          numbers.add(varint(rest));
        }
      } else if (field.id == id) {
        numbers.add(field.number);
      }
    }
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  /// The bytes of a repeated number of a fixed size, packed or not, as they lie in the file.
  byte[] fixed(int id) {
    ByteBuffer bytes =
        ByteBuffer.allocate(fields.size() * Long.BYTES + length(id)).order(ByteOrder.LITTLE_ENDIAN);
    for (Field field : fields) {
      if (field.id == id && field.wireType == LENGTH) {
        bytes.put(field.bytes.duplicate());
      } else if (field.id == id && field.wireType == FIXED32) {
        bytes.putInt((int) field.number);
      } else if (field.id == id) {
        bytes.putLong(field.number);
      }
    }
    return java.util.Arrays.copyOf(bytes.array(), bytes.position());
  }

  private int length(int id) {
    return fields.stream().filter(f -> f.id == id).mapToInt(f -> f.bytes.remaining()).sum();
  }

  /// Each occurrence's content.
  List<byte[]> contents(int id) {
    List<byte[]> contents = new ArrayList<>();
    for (Field field : fields) {
      if (field.id == id) {
        byte[] content = new byte[field.bytes.remaining()];
        field.bytes.duplicate().get(content);
        contents.add(content);
      }
    }
    return contents;
  }

  List<ProtobufReader> messages(int id) {
    return contents(id).stream().map(ProtobufReader::new).toList();
  }

  /// The field's content as text; empty if it is absent.
  String text(int id) {
    List<byte[]> contents = contents(id);
    return contents.isEmpty() ? "" : new String(contents.getLast(), StandardCharsets.UTF_8);
  }
}
