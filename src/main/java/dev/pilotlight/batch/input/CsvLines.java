package dev.pilotlight.batch.input;

import dev.pilotlight.batch.input.InputFormat.Kind;
import dev.pilotlight.batch.input.Line.Content;
import dev.pilotlight.support.Utf8;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// The records of a CSV with a header.
///
/// A record whose quotes do not match costs its first line only: what follows is read on as if a
/// record began there. So one stray quote takes no other lines with it, and what a line is depends
/// on nothing before it, which is why reading can begin at any line's end.
final class CsvLines implements Lines {
  private final Window window;
  private final InputFormat format;
  // null if the object is empty
  private final @Nullable CsvHeader header;
  private final int recordBytesMax;
  private long number;

  private CsvLines(
      Window window,
      InputFormat format,
      @Nullable CsvHeader header,
      long number,
      int recordBytesMax) {
    this.window = window;
    this.format = format;
    this.header = header;
    this.number = number;
    this.recordBytesMax = recordBytesMax;
  }

  static Lines open(
      LongFunction<InputStream> object,
      InputFormat format,
      long offset,
      long number,
      int recordBytesMax) {
    Window window = Lines.fromStart(object, format);
    int lineEnd = window.lineEnd(0, recordBytesMax + LINE_END_BYTES_MAX);
    if (lineEnd == 0) {
      return new CsvLines(window, format, null, number, recordBytesMax);
    }
    CsvHeader header = CsvHeader.read(window, lineEnd, recordBytesMax, format);
    if (offset > window.offset() && !format.gzip()) {
      window.close();
      window = new Window(object.apply(offset), offset);
    } else {
      window.consumeTo(offset);
    }
    return new CsvLines(window, format, header, number, recordBytesMax);
  }

  @Override
  public Optional<Line> next() {
    if (header == null) {
      return Optional.empty();
    }
    int lineEnd = window.lineEnd(0, recordBytesMax + LINE_END_BYTES_MAX);
    if (lineEnd == 0) {
      return Optional.empty();
    }
    Content content = content(header, lineEnd);
    number++;
    return Optional.of(new Line(number, window.offset(), content));
  }

  @Override
  public long stored() {
    return window.stored();
  }

  @Override
  public void close() {
    window.close();
  }

  private Content content(CsvHeader columns, int lineEnd) {
    int length = lineEnd < 0 ? Integer.MAX_VALUE : window.contentEnd(0, lineEnd);
    if (length > recordBytesMax) {
      return Lines.tooLong(window.consumeLine(), recordBytesMax);
    }
    if (length == 0) {
      window.consume(lineEnd);
      return new Content.Wrong("the line is empty; accepted: a record of " + accepted(columns));
    }
    CsvRecord record =
        CsvRecord.at(window, lineEnd, recordBytesMax, format.delimiter(), columns.columns().size());
    Content content = content(columns, record);
    window.consume(record.outcome() == CsvRecord.Outcome.WHOLE ? record.end() : lineEnd);
    return content;
  }

  private Content content(CsvHeader columns, CsvRecord record) {
    return switch (record.outcome()) {
      case NOT_CLOSED ->
          new Content.Wrong(
              "a quote is opened and never closed; accepted: a record of up to %d bytes, with a"
                      .formatted(recordBytesMax)
                  + " quote within quotes written twice");
      case GOES_ON ->
          new Content.Wrong(
              "field %d goes on after its closing quote; accepted: a %s or the line's end, with"
                      .formatted(record.fields() + 1, format.kind() == Kind.TSV ? "tab" : "comma")
                  + " a quote within quotes written twice");
      case WHOLE -> whole(columns, record);
    };
  }

  private Content whole(CsvHeader columns, CsvRecord record) {
    if (record.fields() != columns.columns().size()) {
      return new Content.Wrong(
          "the record has %d fields; accepted: %s".formatted(record.fields(), accepted(columns)));
    }
    byte[] id = columns.id().isPresent() ? record.bytes(columns.id().getAsInt()) : new byte[0];
    Optional<String> badId = bad("id", id);
    Line.Row row =
        new Line.Row(
            Optional.of(id)
                .filter(it -> it.length > 0 && badId.isEmpty())
                .map(it -> new String(it, StandardCharsets.UTF_8)),
            Map.of());
    byte[] text = record.bytes(columns.text());
    if (text.length == 0) {
      return new Content.Wrong(row, "the text is empty; accepted: at least one character");
    }
    Optional<String> bad = bad("text", text).or(() -> badId);
    return bad.isPresent()
        ? new Content.Wrong(row, bad.get())
        : others(columns, record, row, new String(text, StandardCharsets.UTF_8));
  }

  /// With the columns that are neither text nor id, where these are carried.
  private Content others(CsvHeader columns, CsvRecord record, Line.Row row, String text) {
    if (!format.carried()) {
      return new Content.Text(row, text);
    }
    Map<String, String> others = new LinkedHashMap<>();
    for (int i = 0; i < columns.columns().size(); i++) {
      if (i != columns.text() && i != columns.id().orElse(-1)) {
        byte[] value = record.bytes(i);
        Optional<String> bad = bad("column %d".formatted(i + 1), value);
        if (bad.isPresent()) {
          return new Content.Wrong(row, bad.get());
        }
        others.put(columns.columns().get(i), new String(value, StandardCharsets.UTF_8));
      }
    }
    return new Content.Text(new Line.Row(row.id(), others), text);
  }

  private static Optional<String> bad(String role, byte[] bytes) {
    int invalid = Utf8.firstInvalid(bytes, 0, bytes.length);
    return invalid < 0
        ? Optional.empty()
        : Optional.of(
            "byte %d of the %s is not UTF-8; accepted: text in UTF-8".formatted(invalid + 1, role));
  }

  private static String accepted(CsvHeader columns) {
    return "%d fields, for %s".formatted(columns.columns().size(), columns.named());
  }
}
