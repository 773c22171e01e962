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

/// The records of a CSV with a header.
///
/// A record whose quotes do not match loses its first line only: the next record begins on the next
/// line. So one stray quote affects no other lines, and a line does not depend on anything before
/// it, which is why reading can begin at any line's end.
final class CsvLines extends Lines {
  private final InputFormat format;
  private final CsvHeader columns;

  private CsvLines(
      ReadBuffer buffer, InputFormat format, CsvHeader columns, long number, int recordBytesMax) {
    super(buffer, number, recordBytesMax);
    this.format = format;
    this.columns = columns;
  }

  static Lines after(
      LongFunction<InputStream> object,
      InputFormat format,
      long offset,
      long number,
      int recordBytesMax) {
    ReadBuffer buffer = Lines.fromStart(object, format);
    int lineEnd = buffer.lineEnd(0, recordBytesMax + LINE_END_BYTES_MAX);
    if (lineEnd == 0) {
      return new CsvLines(buffer, format, CsvHeader.NONE, number, recordBytesMax);
    }
    CsvHeader header = CsvHeader.read(buffer, lineEnd, recordBytesMax, format);
    if (offset > buffer.offset() && !format.gzip()) {
      buffer.close();
      buffer = new ReadBuffer(object.apply(offset), offset);
    } else {
      buffer.consumeTo(offset);
    }
    return new CsvLines(buffer, format, header, number, recordBytesMax);
  }

  @Override
  Content consume(int lineEnd) {
    int length = lineEnd < 0 ? Integer.MAX_VALUE : buffer.contentEnd(0, lineEnd);
    if (length > lineBytesMax) {
      return tooLong();
    }
    if (length == 0) {
      buffer.consume(lineEnd);
      return new Content.Wrong("the line is empty; accepted: a record of " + accepted());
    }
    CsvRecord record =
        CsvRecord.at(buffer, lineEnd, lineBytesMax, format.delimiter(), columns.columns().size());
    Content content = content(record);
    buffer.consume(record.outcome() == CsvRecord.Outcome.WHOLE ? record.end() : lineEnd);
    return content;
  }

  private Content content(CsvRecord record) {
    return switch (record.outcome()) {
      case NOT_CLOSED ->
          new Content.Wrong(
              "a quote is opened and never closed; accepted: a record of up to %d bytes, with a"
                      .formatted(lineBytesMax)
                  + " quote within quotes written twice");
      case TEXT_AFTER_QUOTE ->
          new Content.Wrong(
              "field %d has text after its closing quote; accepted: a %s or the line's end, with"
                      .formatted(record.fields() + 1, format.kind() == Kind.TSV ? "tab" : "comma")
                  + " a quote within quotes written twice");
      case WHOLE -> whole(record);
    };
  }

  private Content whole(CsvRecord record) {
    if (record.fields() != columns.columns().size()) {
      return new Content.Wrong(
          "the record has %d fields; accepted: %s".formatted(record.fields(), accepted()));
    }
    byte[] id = columns.id().isPresent() ? record.bytes(columns.id().getAsInt()) : new byte[0];
    Optional<String> badId = bad("id", id);
    Map<String, String> others = new LinkedHashMap<>();
    Optional<String> badOther = format.carried() ? readOthers(record, others) : Optional.empty();
    Line.Row row =
        new Line.Row(
            Optional.of(id)
                .filter(it -> it.length > 0 && badId.isEmpty())
                .map(it -> new String(it, StandardCharsets.UTF_8)),
            others);
    byte[] text = record.bytes(columns.text());
    if (text.length == 0) {
      return new Content.Wrong(row, "the text is empty; accepted: at least one character");
    }
    Optional<String> bad = bad("text", text).or(() -> badId).or(() -> badOther);
    return bad.isPresent()
        ? new Content.Wrong(row, bad.get())
        : new Content.Text(row, new String(text, StandardCharsets.UTF_8));
  }

  /// Reads the columns that are neither text nor id.
  ///
  /// @return why a column cannot be read, if one cannot; the others have been read
  private Optional<String> readOthers(CsvRecord record, Map<String, String> others) {
    Optional<String> firstBad = Optional.empty();
    for (int i = 0; i < columns.columns().size(); i++) {
      if (i == columns.text() || i == columns.id().orElse(-1)) {
        continue;
      }
      byte[] value = record.bytes(i);
      Optional<String> bad = bad("column %d".formatted(i + 1), value);
      if (bad.isEmpty()) {
        others.put(columns.columns().get(i), new String(value, StandardCharsets.UTF_8));
      }
      firstBad = firstBad.or(() -> bad);
    }
    return firstBad;
  }

  private static Optional<String> bad(String role, byte[] bytes) {
    int invalid = Utf8.firstInvalid(bytes, 0, bytes.length);
    return invalid < 0
        ? Optional.empty()
        : Optional.of(
            "byte %d of the %s is not UTF-8; accepted: text in UTF-8".formatted(invalid + 1, role));
  }

  private String accepted() {
    return "%d fields, for %s".formatted(columns.columns().size(), columns.named());
  }
}
