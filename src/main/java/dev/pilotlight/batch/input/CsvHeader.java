package dev.pilotlight.batch.input;

import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.support.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/// The columns of a CSV, as its first record names them.
///
/// @param text the place of the column that holds the texts
/// @param id the place of the column that holds their ids, if there is one
record CsvHeader(List<String> columns, int text, OptionalInt id) {
  /// The header of an empty object, which has no records.
  static final CsvHeader NONE = new CsvHeader(List.of(), 0, OptionalInt.empty());

  private static final int NAMED_MAX = 20;
  private static final int NAME_CHARS_MAX = 64;

  CsvHeader {
    columns = List.copyOf(columns);
  }

  /// Reads the header at the beginning of a buffer, and consumes it.
  ///
  /// @param lineEnd where the buffer's first line ends; -1 if that is too far
  /// @param bytesMax that the header may have
  /// @throws BatchException.Unreadable if it does not name the column of texts
  static CsvHeader read(ReadBuffer buffer, int lineEnd, int bytesMax, InputFormat format) {
    if (lineEnd < 0 || buffer.contentEnd(0, lineEnd) > bytesMax) {
      throw unreadable("is longer than the %d bytes that are accepted".formatted(bytesMax));
    }
    CsvRecord counted = CsvRecord.at(buffer, lineEnd, bytesMax, format.delimiter(), 0);
    CsvRecord record =
        CsvRecord.at(buffer, lineEnd, bytesMax, format.delimiter(), counted.fields());
    switch (record.outcome()) {
      case NOT_CLOSED -> throw unreadable("opens a quote that is never closed");
      case TEXT_AFTER_QUOTE -> throw unreadable("has text after a closing quote");
      case WHOLE -> {}
    }
    List<String> columns = names(record);
    buffer.consume(record.end());
    return of(columns, format);
  }

  private static List<String> names(CsvRecord record) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < record.fields(); i++) {
      byte[] name = record.bytes(i);
      if (!Utf8.isValid(name)) {
        throw unreadable("is not UTF-8 in column %d".formatted(i + 1));
      }
      columns.add(new String(name, StandardCharsets.UTF_8));
    }
    return columns;
  }

  private static CsvHeader of(List<String> columns, InputFormat format) {
    Set<String> seen = new HashSet<>();
    for (String column : columns) {
      if (!seen.add(column)) {
        throw unreadable("names two columns %s".formatted(quoted(column)));
      }
    }
    int text = place(columns, format.textColumn().orElse("text"), "text", format);
    if (format.idColumn().isPresent()) {
      int id = place(columns, format.idColumn().get(), "id", format);
      return new CsvHeader(columns, text, OptionalInt.of(id));
    }
    int id = columns.indexOf("id");
    return new CsvHeader(columns, text, id < 0 ? OptionalInt.empty() : OptionalInt.of(id));
  }

  private static int place(List<String> columns, String column, String role, InputFormat format) {
    int place = columns.indexOf(column);
    if (place < 0) {
      throw unreadable(
          "has no column %s, but %s; accepted: columns set apart by %s, with the %s in the one"
                  .formatted(quoted(column), named(columns), format.delimiters(), role)
              + " that the object's user metadata %s-column names, else in \"%s\""
                  .formatted(role, role));
    }
    return place;
  }

  /// All columns, or the first of many, for a message.
  String named() {
    return named(columns);
  }

  private static String named(List<String> columns) {
    String first =
        columns.stream().limit(NAMED_MAX).map(CsvHeader::quoted).collect(Collectors.joining(", "));
    int more = columns.size() - NAMED_MAX;
    return more > 0 ? "%s and %d more".formatted(first, more) : first;
  }

  /// The name in quotes on one line, which a message can have, or its beginning.
  static String quoted(String name) {
    int points = name.codePointCount(0, name.length());
    boolean whole = points <= NAME_CHARS_MAX;
    String shown = whole ? name : name.substring(0, name.offsetByCodePoints(0, NAME_CHARS_MAX));
    return '"' + withoutControls(shown) + (whole ? "\"" : "…\"");
  }

  private static String withoutControls(String name) {
    StringBuilder shown = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean endsLine = c == '\u2028' || c == '\u2029';
      shown.append(endsLine || Character.isISOControl(c) ? ' ' : c);
    }
    return shown.toString();
  }

  private static BatchException.Unreadable unreadable(String how) {
    return new BatchException.Unreadable("the CSV's header " + how, null);
  }
}
