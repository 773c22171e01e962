package dev.pilotlight.e2e.batch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// An object of a batch, and what its lines are to be answered with.
///
/// @param name describes the oddity
record OddObject(
    String name, String key, byte[] content, Map<String, String> metadata, List<Expected> lines) {

  /// The answer to a line: the API's answer to its text, or an error.
  sealed interface Expected {
    /// The vector of a text.
    ///
    /// @param id as JSON; `null` if the line has none
    record Vector(String id, String text) implements Expected {}

    /// An error.
    ///
    /// @param reason a part of the message
    record Wrong(String reason) implements Expected {}
  }

  static Expected vector(String text) {
    return new Expected.Vector("null", text);
  }

  static Expected vector(String id, String text) {
    return new Expected.Vector(id, text);
  }

  static Expected wrong(String reason) {
    return new Expected.Wrong(reason);
  }

  static OddObject odd(String name, String key, byte[] content, Expected... lines) {
    return new OddObject(name, key, content, Map.of(), List.of(lines));
  }

  static OddObject odd(String name, String key, String content, Expected... lines) {
    return odd(name, key, utf8(content), lines);
  }

  OddObject with(String metadataName, String value) {
    Map<String, String> changed = new HashMap<>(metadata);
    changed.put(metadataName, value);
    return new OddObject(name, key, content, changed, lines);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] bytes(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /// Bytes by their values, in hex.
  static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  static byte[] gzip(String plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(utf8(plain));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Override
  public String toString() {
    return name;
  }
}
