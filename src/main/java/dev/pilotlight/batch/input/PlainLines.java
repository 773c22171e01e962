package dev.pilotlight.batch.input;

import dev.pilotlight.batch.input.InputFormat.Kind;
import dev.pilotlight.batch.input.Line.Content;
import dev.pilotlight.support.Utf8;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.LongFunction;

/// Lines that end at `\n` or `\r\n`, the last one also at the object's end.
final class PlainLines extends Lines {
  private final Kind kind;

  private PlainLines(ReadBuffer buffer, Kind kind, long number, int lineBytesMax) {
    super(buffer, number, lineBytesMax);
    this.kind = kind;
  }

  static Lines after(
      LongFunction<InputStream> object,
      InputFormat format,
      long offset,
      long number,
      int lineBytesMax) {
    ReadBuffer buffer;
    if (offset > 0 && !format.gzip()) {
      buffer = new ReadBuffer(object.apply(offset), offset);
    } else {
      buffer = Lines.fromStart(object, format);
      buffer.consumeTo(offset);
    }
    return new PlainLines(buffer, format.kind(), number, lineBytesMax);
  }

  @Override
  Content consume(int lineEnd) {
    if (lineEnd < 0) {
      return tooLong();
    }
    int length = buffer.contentEnd(0, lineEnd);
    if (length > lineBytesMax) {
      return tooLong();
    }
    byte[] utf8 = buffer.copy(0, length);
    buffer.consume(lineEnd);
    return switch (kind) {
      case JSONL -> json(utf8);
      case TEXT -> text(utf8);
      case CSV, TSV, PARQUET -> throw new IllegalStateException("its lines have columns");
    };
  }

  private static Content json(byte[] utf8) {
    for (byte b : utf8) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return new Content.Json(utf8);
      }
    }
    return new Content.Wrong("the line is empty; accepted: a JSON object");
  }

  private static Content text(byte[] utf8) {
    if (utf8.length == 0) {
      return new Content.Wrong("the line is empty; accepted: a text of at least one character");
    }
    int invalid = Utf8.firstInvalid(utf8, 0, utf8.length);
    if (invalid >= 0) {
      return new Content.Wrong(
          "byte %d of the line is not UTF-8; accepted: text in UTF-8".formatted(invalid + 1));
    }
    return new Content.Text(Optional.empty(), new String(utf8, StandardCharsets.UTF_8));
  }
}
