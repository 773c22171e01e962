package dev.pilotlight.local.awssdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.local.support.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A file with a line of JSON for each change of a store, written before the change is visible. A
/// start rebuilds the store from it, also after a kill. Thread-safe.
final class Journal implements AutoCloseable {
  /// A field of each line.
  private static final String CHANGE = "change";

  private final @Nullable FileChannel file;

  private Journal(@Nullable FileChannel file) {
    this.file = file;
  }

  /// Takes a line.
  @FunctionalInterface
  interface Reader {
    /// Replays the change of a line.
    ///
    /// @param change as of [#line]
    void read(String change, JsonNode line);
  }

  /// A journal that keeps nothing.
  static Journal none() {
    return new Journal(null);
  }

  /// Opens an empty journal.
  static Journal create(Path path) throws IOException {
    return new Journal(
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE));
  }

  /// Reads all lines, each of which ends with a line feed. Bytes after the last one are left out: a
  /// kill or a full disk cut that line short, before its writer reported the change as made.
  ///
  /// @throws IllegalStateException if a line is damaged, or another release wrote it
  static void read(Path path, Reader reader) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    int number = 1;
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        try {
          byte[] text = Arrays.copyOfRange(bytes, start, i);
          JsonNode line = Json.read(text).orElseThrow();
          reader.read(line.path(CHANGE).asText(), line);
        } catch (RuntimeException e) {
          throw new IllegalStateException("%s is damaged in line %d".formatted(path, number), e);
        }
        number++;
        start = i + 1;
      }
    }
  }

  /// Replaces a journal by another one, which may be open.
  static void replace(Path old, Path by) throws IOException {
    Files.move(by, old, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// A line to be completed and appended.
  ///
  /// @param change its kind
  static ObjectNode line(String change) {
    return Json.object().put(CHANGE, change);
  }

  synchronized void append(ObjectNode line) {
    FileChannel to = file;
    if (to == null) {
      return;
    }
    try {
      long before = to.position();
      try {
        byte[] text = Json.bytes(line);
        ByteBuffer bytes = ByteBuffer.allocate(text.length + 1).put(text).put((byte) '\n').flip();
        while (bytes.hasRemaining()) {
          int _ = to.write(bytes);
        }
      } catch (IOException e) {
        to.truncate(before); // the disk is full: the next line must not follow half a line
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
