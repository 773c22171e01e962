package dev.pilotlight.batch.input;

import dev.pilotlight.batch.input.Line.Content;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.zip.GZIPOutputStream;

/// Bytes that are read as an object of a batch is, in pieces of a given size.
record Stored(byte[] bytes, int pieceBytes) implements LongFunction<InputStream> {

  Stored(byte[] bytes) {
    this(bytes, 8192);
  }

  static Stored of(String utf8) {
    return new Stored(utf8.getBytes(StandardCharsets.UTF_8));
  }

  /// Bytes by their values.
  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Override
  public InputStream apply(long offset) {
    int from = Math.toIntExact(offset);
    return new ByteArrayInputStream(bytes, from, bytes.length - from) {
      @Override
      public int read(byte[] into, int start, int length) {
        return super.read(into, start, Math.min(length, pieceBytes));
      }
    };
  }

  List<Line> lines(String key, int lineBytesMax) {
    return lines(InputFormat.of(key, Map.of()), 0, 0, lineBytesMax);
  }

  List<Line> lines(InputFormat format, long offset, long number, int lineBytesMax) {
    List<Line> all = new ArrayList<>();
    try (Lines lines = Lines.open(this, format, offset, number, lineBytesMax)) {
      for (Optional<Line> line = lines.next(); line.isPresent(); line = lines.next()) {
        all.add(line.get());
      }
    }
    return all;
  }

  /// A line as a test writes it: `json …`, `text …`, `text id=… …` or `wrong …`.
  static String shown(Line line) {
    return switch (line.content()) {
      case Content.Json(byte[] utf8) -> "json " + new String(utf8, StandardCharsets.ISO_8859_1);
      case Content.Text(Line.Row row, String text) -> "text " + shown(row) + text;
      case Content.Wrong(Line.Row row, String reason) -> "wrong " + shown(row) + reason;
    };
  }

  private static String shown(Line.Row row) {
    String others = row.others().isEmpty() ? "" : row.others() + " ";
    return row.id().map(id -> "id=" + id + " ").orElse("") + others;
  }

  /// Lines with their numbers and ends, comparable.
  static List<String> exact(List<Line> lines) {
    return lines.stream()
        .map(line -> line.number() + "@" + line.end() + " " + shown(line))
        .toList();
  }
}
