package dev.pilotlight.batch.input;

import dev.pilotlight.batch.input.Line.Content;
import dev.pilotlight.batch.input.parquet.ByteSource;
import dev.pilotlight.batch.input.parquet.ColumnPages;
import dev.pilotlight.batch.input.parquet.ParquetColumn;
import dev.pilotlight.batch.input.parquet.ParquetColumn.Form;
import dev.pilotlight.batch.input.parquet.ParquetFile;
import dev.pilotlight.batch.input.parquet.ReadMemory;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.support.Utf8;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/// The rows of a Parquet file. A row's text, id and carried columns are read page by page, so that
/// memory is bounded: [ReadMemory].
final class ParquetLines extends Lines {
  /// Each column that is read holds a page and a megabyte of the object.
  static final int COLUMNS_MAX = 64;

  private static final int NAMED_MAX = 20;

  private final ParquetFile file;
  private final ParquetColumn text;
  private final Optional<ParquetColumn> id;
  private final List<ParquetColumn> others;
  private final List<ColumnPages> otherPages = new ArrayList<>();
  private Optional<ColumnPages> textPages = Optional.empty();
  private Optional<ColumnPages> idPages = Optional.empty();
  private int group;
  private long leftInGroup;
  private long row;

  private ParquetLines(ParquetFile file, InputFormat format, int textBytesMax) {
    super(new ReadBuffer(InputStream.nullInputStream(), 0), 0, textBytesMax);
    this.file = file;
    requireDifferentNames(file.columns());
    this.text = required(format.textColumn().orElse("text"), "text", true);
    this.id =
        format
            .idColumn()
            .map(name -> required(name, "id", false))
            .or(() -> optional("id"))
            .filter(column -> !column.equals(text));
    this.others = format.carried() ? others() : List.of();
  }

  /// Begins after a row.
  ///
  /// @param size of the object
  /// @param number of the row before; 0 at the beginning
  static Lines after(
      ByteSource object, long size, InputFormat format, long number, int textBytesMax) {
    ParquetLines lines = new ParquetLines(ParquetFile.open(object, size), format, textBytesMax);
    lines.skip(number);
    return lines;
  }

  private void skip(long rows) {
    while (row < rows) {
      if (leftInGroup == 0) {
        if (group == file.groups().size()) {
          throw new BatchException.Gone("the Parquet file has fewer rows than were answered");
        }
        long of = file.groups().get(group).rows();
        if (of <= rows - row) {
          group++;
          row += of;
          continue;
        }
        begin();
      }
      long count = Math.min(leftInGroup, rows - row);
      textPages.orElseThrow().skip(count);
      idPages.ifPresent(pages -> pages.skip(count));
      otherPages.forEach(pages -> pages.skip(count));
      leftInGroup -= count;
      row += count;
    }
  }

  private void begin() {
    end();
    ParquetFile.Group next = file.groups().get(group);
    group++;
    leftInGroup = next.rows();
    ReadMemory memory = ReadMemory.ofHeap();
    textPages = Optional.of(file.pages(text, next, memory));
    idPages = id.map(column -> file.pages(column, next, memory));
    others.forEach(column -> otherPages.add(file.pages(column, next, memory)));
  }

  /// Ends a row group, after its last row.
  private void end() {
    textPages.ifPresent(ColumnPages::requireOver);
    idPages.ifPresent(ColumnPages::requireOver);
    otherPages.forEach(ColumnPages::requireOver);
    forget();
  }

  private void forget() {
    textPages = Optional.empty();
    idPages = Optional.empty();
    otherPages.clear();
  }

  @Override
  public Optional<Line> next() {
    while (leftInGroup == 0) {
      if (group == file.groups().size()) {
        end();
        return Optional.empty();
      }
      begin();
    }
    leftInGroup--;
    row++;
    return Optional.of(new Line(row, row, content()));
  }

  @Override
  Content consume(int lineEnd) {
    throw new IllegalStateException("rows are not lines of text");
  }

  /// An estimate by the share of rows.
  @Override
  public long stored() {
    long rows = file.rows();
    return rows == 0 ? file.size() : (long) (file.size() * (row / (double) rows));
  }

  @Override
  public void close() {
    super.close();
    forget();
  }

  private Content content() {
    byte[] utf8 = textPages.orElseThrow().next();
    byte[] idUtf8 = idPages.isPresent() ? idPages.get().next() : null;
    Optional<String> badId = idUtf8 == null ? Optional.empty() : bad("id", idUtf8);
    Map<String, String> carried = new LinkedHashMap<>();
    Optional<String> badOther = readOthers(carried);
    Line.Row columns =
        new Line.Row(
            Optional.ofNullable(idUtf8)
                .filter(it -> it.length > 0 && badId.isEmpty())
                .map(it -> new String(it, StandardCharsets.UTF_8)),
            carried);
    if (utf8 == null || utf8.length == 0) {
      return new Content.Wrong(
          columns,
          "the text is %s; accepted: at least one character"
              .formatted(utf8 == null ? "null" : "empty"));
    }
    if (utf8.length > lineBytesMax) {
      return new Content.Wrong(
          columns,
          "the text has %d bytes; up to %d are accepted".formatted(utf8.length, lineBytesMax));
    }
    Optional<String> bad = bad("text", utf8).or(() -> badId).or(() -> badOther);
    return bad.isPresent()
        ? new Content.Wrong(columns, bad.get())
        : new Content.Text(columns, new String(utf8, StandardCharsets.UTF_8));
  }

  /// Reads the carried columns; a null is left out.
  private Optional<String> readOthers(Map<String, String> carried) {
    Optional<String> firstBad = Optional.empty();
    long bytes = 0;
    for (int i = 0; i < otherPages.size(); i++) {
      byte[] value = otherPages.get(i).next();
      if (value == null) {
        continue;
      }
      String name = others.get(i).name();
      bytes += value.length;
      Optional<String> bad =
          bytes > lineBytesMax
              ? Optional.of(
                  "the carried columns have over %d bytes; up to that are accepted"
                      .formatted(lineBytesMax))
              : bad("column " + CsvHeader.quoted(name), value);
      if (bad.isEmpty()) {
        carried.put(name, new String(value, StandardCharsets.UTF_8));
      }
      firstBad = firstBad.or(() -> bad);
    }
    return firstBad;
  }

  private static Optional<String> bad(String role, byte[] utf8) {
    int invalid = Utf8.firstInvalid(utf8, 0, utf8.length);
    return invalid < 0
        ? Optional.empty()
        : Optional.of(
            "byte %d of the %s is not UTF-8; accepted: text in UTF-8".formatted(invalid + 1, role));
  }

  private static void requireDifferentNames(List<ParquetColumn> columns) {
    Set<String> seen = new HashSet<>();
    for (ParquetColumn column : columns) {
      if (!seen.add(column.name())) {
        throw unreadable("has two columns " + CsvHeader.quoted(column.name()));
      }
    }
  }

  private Optional<ParquetColumn> optional(String name) {
    OptionalInt place = file.find(name);
    return place.isEmpty()
        ? Optional.empty()
        : Optional.of(requireForm(file.columns().get(place.getAsInt()), "id", false));
  }

  private ParquetColumn required(String name, String role, boolean textOnly) {
    OptionalInt place = file.find(name);
    if (place.isEmpty()) {
      throw unreadable(
          "has no column %s, but %s; accepted: the %s in the column that the object's user metadata"
                  .formatted(CsvHeader.quoted(name), named(), role)
              + " %s-column names, else in \"%s\"".formatted(role, role));
    }
    return requireForm(file.columns().get(place.getAsInt()), role, textOnly);
  }

  private static ParquetColumn requireForm(ParquetColumn column, String role, boolean textOnly) {
    boolean accepted =
        column.form().filter(it -> it == Form.TEXT || (!textOnly && it.isWhole())).isPresent();
    if (!accepted) {
      throw unreadable(
          "has the %s in column %s, which is %s; accepted: %s"
              .formatted(
                  role,
                  CsvHeader.quoted(column.name()),
                  column.type(),
                  textOnly ? "a column of strings" : "a column of strings or whole numbers"));
    }
    return column;
  }

  private List<ParquetColumn> others() {
    List<ParquetColumn> all = new ArrayList<>();
    for (ParquetColumn column : file.columns()) {
      if (column.equals(text) || id.filter(column::equals).isPresent()) {
        continue;
      }
      if (column.form().isEmpty()) {
        throw unreadable(
            "has a column %s, which is %s; accepted with fields=carry: strings, whole numbers,"
                    .formatted(CsvHeader.quoted(column.name()), column.type())
                + " FLOAT, DOUBLE and BOOLEAN");
      }
      all.add(column);
    }
    if (all.size() > COLUMNS_MAX) {
      throw unreadable(
          "has %d columns to carry; up to %d are accepted".formatted(all.size(), COLUMNS_MAX));
    }
    return all;
  }

  private String named() {
    String first =
        file.columns().stream()
            .limit(NAMED_MAX)
            .map(column -> CsvHeader.quoted(column.name()))
            .collect(Collectors.joining(", "));
    int more = file.columns().size() - NAMED_MAX;
    return more > 0 ? "%s and %d more".formatted(first, more) : first;
  }

  private static BatchException.Unreadable unreadable(String how) {
    return new BatchException.Unreadable("the Parquet file " + how, null);
  }
}
