package dev.pilotlight.cli.audit.bill.read;

import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.ColumnReaders;
import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.bill.BillFile;
import dev.pilotlight.cli.audit.bill.Tagging;
import dev.pilotlight.cli.audit.bill.line.Cells;
import dev.pilotlight.cli.audit.bill.line.Column;
import dev.pilotlight.cli.audit.bill.line.CurColumn;
import dev.pilotlight.cli.audit.bill.line.FocusColumn;
import dev.pilotlight.cli.audit.bill.line.Times;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The cells of a Parquet file's row.
final class ParquetCells implements Cells {
  private static final int RESOURCES = 17;
  private static final int OTHERS = 14;

  private final BillFile file;
  private final Header header;
  private final @Nullable ParquetColumn[] columns;
  private final @Nullable ParquetColumn[] values;
  private final int[][] rows;
  private final List<ParquetColumn> all = new ArrayList<>();
  private final List<ParquetColumn> tags = new ArrayList<>();
  private final int tagMap;
  private final ByteCache<String> resources = new ByteCache<>(RESOURCES, text -> text);
  private final ByteCache<String> texts = new ByteCache<>(OTHERS, text -> text);
  private final ByteCache<Integer> hours = new ByteCache<>(OTHERS, Times::hour);
  private final ByteCache<Map<String, String>> maps = new ByteCache<>(OTHERS, JsonMap::read);
  private long before;
  private int row;

  ParquetCells(BillFile file, Header header) {
    this.file = file;
    this.header = header;
    this.columns = new ParquetColumn[header.columns().length];
    this.values = new ParquetColumn[header.columns().length];
    this.rows = new int[header.columns().length][];
    this.tagMap = header.tagMap();
  }

  /// Takes the readers of the next row groups.
  void bind(ColumnReaders readers) {
    all.clear();
    tags.clear();
    Arrays.fill(columns, null);
    Arrays.fill(values, null);
    for (int i = 0; i < readers.getColumnCount(); i++) {
      add(readers.getColumnReader(i));
    }
  }

  private void add(ColumnReader reader) {
    String name = reader.getColumnSchema().fieldPath().topLevelName();
    int slot = header.slots()[header.names().indexOf(name)];
    int layers = reader.getColumnSchema().maxRepetitionLevel();
    boolean nested = reader.getColumnSchema().fieldPath().elements().size() > 1;
    if (slot < 0) {
      if (slot == Header.TAG && layers == 0 && !nested) {
        ParquetColumn tag = new ParquetColumn(reader);
        all.add(tag);
        tags.add(tag);
      }
      return;
    }
    if (layers > 1 || nested != (layers == 1) || (nested && values[slot] != null)) {
      throw new BillException(
          file.name()
              + ": column "
              + name
              + " is a list or struct; accepted: a plain column or a MAP of text");
    }
    ParquetColumn column = new ParquetColumn(reader);
    all.add(column);
    if (columns[slot] == null) {
      columns[slot] = column;
    } else {
      values[slot] = column;
    }
  }

  /// Takes the next batch.
  void load(long rowsBefore) {
    before = rowsBefore;
    all.forEach(ParquetColumn::load);
    for (int slot = 0; slot < values.length; slot++) {
      ParquetColumn value = values[slot];
      if (value != null) {
        rows[slot] = value.rows();
      }
    }
  }

  void at(int nextRow) {
    row = nextRow;
  }

  @Override
  public BillFile file() {
    return file;
  }

  @Override
  public long line() {
    return before + row + 1;
  }

  @Override
  public boolean has(Column column) {
    return columns[column.ordinal()] != null;
  }

  @Override
  public boolean blank(Column column) {
    ParquetColumn cell = columns[column.ordinal()];
    return cell == null || cell.blank(row);
  }

  @Override
  public String text(Column column) {
    ParquetColumn cell = columns[column.ordinal()];
    if (cell == null || cell.isNull(row)) {
      return "";
    }
    if (!cell.isText()) {
      return cell.string(row);
    }
    ByteCache<String> cache =
        column == CurColumn.RESOURCE || column == FocusColumn.RESOURCE ? resources : texts;
    return cache.get(cell.bytes, cell.offsets[row], cell.offsets[row + 1]);
  }

  @Override
  public long money(Column column) {
    ParquetColumn cell = columns[column.ordinal()];
    if (cell == null || cell.blank(row)) {
      return 0;
    }
    try {
      return cell.money(row);
    } catch (NumberFormatException e) {
      throw wrong(column, "is '" + cell.string(row) + "'; accepted: a DOUBLE or DECIMAL");
    } catch (ArithmeticException e) {
      throw wrong(column, "is '" + cell.string(row) + "'; accepted: up to 922 million");
    }
  }

  @Override
  public double number(Column column) {
    ParquetColumn cell = columns[column.ordinal()];
    if (cell == null || cell.blank(row)) {
      return 0;
    }
    try {
      return cell.number(row);
    } catch (NumberFormatException e) {
      throw wrong(column, "is '" + cell.string(row) + "'; accepted: a DOUBLE or DECIMAL");
    }
  }

  @Override
  public int hour(Column column) {
    ParquetColumn cell = columns[column.ordinal()];
    if (cell == null || cell.blank(row)) {
      return NO_HOUR;
    }
    try {
      return cell.hour(row, hours);
    } catch (DateTimeException | ArithmeticException e) {
      throw wrong(column, "is '" + cell.string(row) + "'; accepted: a TIMESTAMP or DATE");
    }
  }

  @Override
  public String entry(Column column, String key) {
    ParquetColumn keys = columns[column.ordinal()];
    ParquetColumn texts = values[column.ordinal()];
    if (texts == null || keys == null) {
      return json(column).getOrDefault(key, "");
    }
    int[] first = rows[column.ordinal()];
    for (int i = first[row]; i < first[row + 1]; i++) {
      if (!texts.isNull(i)
          && this.texts.get(keys.bytes, keys.offsets[i], keys.offsets[i + 1]).equals(key)) {
        return this.texts.get(texts.bytes, texts.offsets[i], texts.offsets[i + 1]);
      }
    }
    return "";
  }

  private Map<String, String> json(Column column) {
    ParquetColumn text = columns[column.ordinal()];
    if (text == null || text.blank(row)) {
      return Map.of();
    }
    try {
      return maps.get(text.bytes, text.offsets[row], text.offsets[row + 1]);
    } catch (NumberFormatException e) {
      throw wrong(column, "is '" + text.string(row) + "'; accepted: a MAP of text, or JSON");
    }
  }

  @Override
  public Tagging tagging() {
    for (ParquetColumn tag : tags) {
      if (!tag.blank(row)) {
        return Tagging.TAGGED;
      }
    }
    ParquetColumn keys = columns[tagMap];
    if (keys == null) {
      return tags.isEmpty() ? Tagging.UNKNOWN : Tagging.UNTAGGED;
    }
    ParquetColumn texts = values[tagMap];
    if (texts == null) {
      boolean tagged = JsonMap.hasUserTag(json(header.columns()[tagMap]));
      return tagged ? Tagging.TAGGED : Tagging.UNTAGGED;
    }
    int[] first = rows[tagMap];
    for (int i = first[row]; i < first[row + 1]; i++) {
      String key = this.texts.get(keys.bytes, keys.offsets[i], keys.offsets[i + 1]);
      if (JsonMap.isUserTag(key) && !texts.blank(i)) {
        return Tagging.TAGGED;
      }
    }
    return Tagging.UNTAGGED;
  }

  @Override
  public BillException wrong(Column column, String problem) {
    return new BillException(file.at(line()) + ": column " + column.title() + " " + problem);
  }
}
