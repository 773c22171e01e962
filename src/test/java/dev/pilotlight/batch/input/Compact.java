package dev.pilotlight.batch.input;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Thrift's compact protocol.
final class Compact {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<Integer> before = new ArrayList<>(List.of(0));

  private void field(int id, int type) {
    out.write(((id - before.getLast()) << 4) | type);
    before.set(before.size() - 1, id);
  }

  Compact number(int id, long value) {
    field(id, 6);
    varint((value << 1) ^ (value >> 63));
    return this;
  }

  Compact text(int id, String text) {
    field(id, 8);
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    varint(utf8.length);
    out.writeBytes(utf8);
    return this;
  }

  Compact flag(int id, boolean value) {
    field(id, value ? 1 : 2);
    return this;
  }

  /// A list of texts.
  Compact texts(int id, List<String> texts) {
    field(id, 9);
    out.write(0xf0 | 8);
    varint(texts.size());
    for (String text : texts) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      varint(utf8.length);
      out.writeBytes(utf8);
    }
    return this;
  }

  Compact struct(int id) {
    field(id, 12);
    before.add(0);
    return this;
  }

  /// Begins a list of structs, each of which ends with [#stop].
  Compact list(int id, int type, int size) {
    field(id, 9);
    out.write(0xf0 | type);
    varint(size);
    for (int i = 0; i < size; i++) {
      before.add(0);
    }
    return this;
  }

  Compact stop() {
    out.write(0);
    before.removeLast();
    return this;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
