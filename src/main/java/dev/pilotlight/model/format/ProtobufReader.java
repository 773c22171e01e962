package dev.pilotlight.model.format;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Reads the fields of a protobuf file one by one and seeks over unused ones, so that a file of two
/// gigabytes costs as much as its small fields.
///
/// A message is read by calling [#next] with its end until that returns false; a field that is a
/// message itself is read by the same loop with the field's own end.
final class ProtobufReader implements AutoCloseable {
  private static final int WINDOW_BYTES = 1 << 16;
  private static final int TEXT_BYTES_MAX = 1 << 20;
  private static final int VARINT_BYTES_MAX = 10;

  private final FileChannel file;
  private final long size;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
  private long windowStart;
  private long position;
  private long fieldEnd;
  private int field;
  private boolean sized;
  private long number;

  private ProtobufReader(FileChannel file) throws IOException {
    this.file = file;
    this.size = file.size();
  }

  static ProtobufReader open(Path path) throws IOException {
    return new ProtobufReader(FileChannel.open(path, StandardOpenOption.READ));
  }

  /// The end of the outermost message.
  long size() {
    return size;
  }

  /// Goes to the message's next field and skips the unread rest of the last one.
  ///
  /// @param end of the message
  /// @return false if the message has no more fields
  /// @throws IOException if the bytes are not protobuf, or the message ends within a field
  boolean next(long end) throws IOException {
    position = fieldEnd;
    if (position == end) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    sized = false;
    int wireType = (int) (tag & 7);
    long length =
        switch (wireType) {
          case 0 -> {
            number = varint();
            yield 0;
          }
          case 1 -> Long.BYTES;
          case 2 -> {
            sized = true;
            yield varint();
          }
          case 5 -> Integer.BYTES;
          default -> throw new IOException("wire type " + wireType + " at byte " + position);
        };
    if (field <= 0 || length < 0) {
      throw new IOException("no field begins before byte " + position);
    }
    if (position > end || length > end - position) {
      throw new EOFException("the field at byte %d ends after its message".formatted(position));
    }
    fieldEnd = position + length;
    return true;
  }

  /// The field's number in the schema.
  int field() {
    return field;
  }

  /// The field's value, if it is an integer; 0 otherwise.
  long number() {
    return sized ? 0 : number;
  }

  /// The end of the field, which is a message.
  long end() throws IOException {
    requireSized();
    long end = fieldEnd;
    // the first field of the message begins here
    fieldEnd = position;
    return end;
  }

  /// How many bytes the field has.
  long length() {
    return fieldEnd - position;
  }

  /// The field's value, if it is a text.
  String text() throws IOException {
    requireSized();
    if (length() > TEXT_BYTES_MAX) {
      throw new IOException("a name of %d bytes at byte %d".formatted(length(), position));
    }
    byte[] bytes = new byte[(int) length()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) read();
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// The product of a repeated integer field's numbers, packed or one of them.
  long product() throws IOException {
    if (!sized) {
      return number;
    }
    long product = 1;
    while (position < fieldEnd) {
      product *= varint();
    }
    return product;
  }

  private void requireSized() throws IOException {
    if (!sized) {
      throw new IOException("field %d at byte %d is not a message".formatted(field, position));
    }
  }

  private long varint() throws IOException {
    long value = 0;
    for (int i = 0; i < VARINT_BYTES_MAX; i++) {
      int next = read();
      value |= (long) (next & 0x7f) << (7 * i);
      if (next < 0x80) {
        return value;
      }
    }
    throw new IOException("no number ends at byte " + position);
  }

  private int read() throws IOException {
    if (position < windowStart || position >= windowStart + window.limit()) {
      fill();
    }
    return window.get((int) (position++ - windowStart)) & 0xff;
  }

  private void fill() throws IOException {
    windowStart = position;
    window.clear();
    while (window.hasRemaining()) {
      int read = file.read(window, windowStart + window.position());
      if (read < 0) {
        break;
      }
    }
    window.flip();
    if (!window.hasRemaining()) {
      throw new EOFException("the file ends at byte " + position);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
