package dev.pilotlight.batch.output.parquet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Writes the structs of Parquet's metadata in Thrift's compact protocol. Their fields must come in
/// the order of their ids. Not thread-safe.
final class ThriftWriter {
  private static final int INT32 = 5;
  private static final int INT64 = 6;
  private static final int BINARY = 8;
  private static final int LIST = 9;
  private static final int STRUCT = 12;

  /// Longer lists have their size after the byte of their type.
  private static final int SHORT_LIST = 15;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Deque<Integer> lastIds = new ArrayDeque<>(List.of(0));

  ThriftWriter int32(int id, int value) {
    field(id, INT32);
    zigzag(value);
    return this;
  }

  ThriftWriter int64(int id, long value) {
    field(id, INT64);
    zigzag(value);
    return this;
  }

  ThriftWriter text(int id, String text) {
    field(id, BINARY);
    text(text);
    return this;
  }

  ThriftWriter numbers(int id, List<Integer> numbers) {
    list(id, INT32, numbers.size());
    numbers.forEach(this::zigzag);
    return this;
  }

  ThriftWriter texts(int id, List<String> texts) {
    list(id, BINARY, texts.size());
    texts.forEach(this::text);
    return this;
  }

  /// Begins a list of structs. Each of them begins with [#element()].
  ThriftWriter structs(int id, int size) {
    list(id, STRUCT, size);
    return this;
  }

  /// Begins a struct of a list; [#end] ends it.
  ThriftWriter element() {
    lastIds.push(0);
    return this;
  }

  /// Begins a struct; [#end] ends it.
  ThriftWriter struct(int id) {
    field(id, STRUCT);
    return element();
  }

  /// Ends the innermost open struct.
  ThriftWriter end() {
    out.write(0);
    lastIds.pop();
    return this;
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }

  private void field(int id, int type) {
    out.write(((id - lastIds.pop()) << 4) | type);
    lastIds.push(id);
  }

  private void list(int id, int type, int size) {
    field(id, LIST);
    out.write((Math.min(size, SHORT_LIST) << 4) | type);
    if (size >= SHORT_LIST) {
      varint(out, size);
    }
  }

  private void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    varint(out, utf8.length);
    out.writeBytes(utf8);
  }

  private void zigzag(long value) {
    varint(out, (value << 1) ^ (value >> (Long.SIZE - 1)));
  }

  /// Writes an unsigned number with 7 bits per byte.
  static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
