package dev.pilotlight.local.awssdk;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Every change of a store, a line of JSON each, in the file before it is visible: a store that is
/// killed is rebuilt from it. Thread-safe.
final class Journal implements AutoCloseable {
  /// A field of each line.
  private static final String CHANGE = "change";

  private static final JsonFactory JSON = new JsonFactory();

  private final @Nullable FileChannel file;

  private Journal(@Nullable FileChannel file) {
    this.file = file;
  }

  /// The fields of a line.
  @FunctionalInterface
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  /// Takes a line.
  @FunctionalInterface
  interface Reader {
    void read(String change, Map<String, Object> fields);
  }

  /// One that keeps nothing.
  static Journal none() {
    return new Journal(null);
  }

  /// An empty one.
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
          Map<String, Object> fields = fields(bytes, start, i - start);
          reader.read((String) fields.getOrDefault(CHANGE, ""), fields);
        } catch (IOException | RuntimeException e) {
          throw new IllegalStateException("%s is damaged in line %d".formatted(path, number), e);
        }
        number++;
        start = i + 1;
      }
    }
  }

  /// Puts it in the place of another, and goes on there.
  static void replace(Path old, Path by) throws IOException {
    Files.move(by, old, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  synchronized void append(String change, Fields fields) {
    FileChannel to = file;
    if (to == null) {
      return;
    }
    try {
      long before = to.position();
      try {
        for (ByteBuffer line = line(change, fields); line.hasRemaining(); ) {
          int _ = to.write(line);
        }
      } catch (IOException e) {
        to.truncate(before); // the disk is full: the next line must not follow half of one
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

  private static ByteBuffer line(String change, Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField(CHANGE, change);
      fields.write(json);
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  private static Map<String, Object> fields(byte[] bytes, int start, int length)
      throws IOException {
    try (JsonParser json = JSON.createParser(bytes, start, length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("a line is not an object");
      }
      return object(json);
    }
  }

  private static Map<String, Object> object(JsonParser json) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      Object value =
          switch (json.nextToken()) {
            case START_OBJECT -> object(json);
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT -> json.getLongValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw new IOException("a line has an unknown field " + name);
          };
      fields.put(name, value);
    }
    if (json.currentToken() != JsonToken.END_OBJECT) {
      throw new IOException("a line ends too early");
    }
    return fields;
  }
}
