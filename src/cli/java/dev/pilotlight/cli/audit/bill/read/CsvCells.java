package dev.pilotlight.cli.audit.bill.read;

import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.bill.BillFile;
import dev.pilotlight.cli.audit.bill.Tagging;
import dev.pilotlight.cli.audit.bill.line.Cells;
import dev.pilotlight.cli.audit.bill.line.Column;
import dev.pilotlight.cli.audit.bill.line.CurColumn;
import dev.pilotlight.cli.audit.bill.line.FocusColumn;
import dev.pilotlight.cli.audit.bill.line.Times;
import java.time.DateTimeException;
import java.util.Map;

/// The cells of a CSV's line.
final class CsvCells implements Cells {
  private static final int RESOURCES = 17;
  private static final int OTHERS = 14;

  private final BillFile file;
  private final Header header;
  private final boolean[] present;
  private final boolean hasTags;
  private final int tagMap;
  private final Decimals decimals;
  private final Cache<String> resources = new Cache<>(RESOURCES, text -> text);
  private final Cache<String> texts = new Cache<>(OTHERS, text -> text);
  private final Cache<Integer> hours = new Cache<>(OTHERS, Times::hour);
  private final Cache<Map<String, String>> maps = new Cache<>(OTHERS, JsonMap::read);
  private CsvBlock block;
  private int row;
  private int base;

  CsvCells(BillFile file, Header header, Decimals decimals) {
    this.file = file;
    this.header = header;
    this.present = header.present();
    this.hasTags = header.hasTags();
    this.decimals = decimals;
    this.tagMap = header.tagMap();
    this.block = new CsvBlock(0);
  }

  void at(CsvBlock next, int nextRow) {
    block = next;
    row = nextRow;
    base = nextRow * next.slots;
  }

  /// Whether the line has the header's names.
  boolean repeatsHeader() {
    for (int i = 0; i < header.slots().length; i++) {
      int slot = header.slots()[i];
      if (slot >= 0 && !raw(slot).strip().equals(header.names().get(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public BillFile file() {
    return file;
  }

  @Override
  public long line() {
    return block.lines[row];
  }

  @Override
  public boolean has(Column column) {
    return present[column.ordinal()];
  }

  @Override
  public boolean blank(Column column) {
    return block.length[base + column.ordinal()] == 0;
  }

  private String raw(int slot) {
    return new String(block.chars, block.from[base + slot], block.length[base + slot]);
  }

  @Override
  public String text(Column column) {
    int cell = base + column.ordinal();
    int length = block.length[cell];
    if (length == 0) {
      return "";
    }
    Cache<String> cache =
        column == CurColumn.RESOURCE || column == FocusColumn.RESOURCE ? resources : texts;
    return cache.get(block.chars, block.from[cell], length);
  }

  @Override
  public long money(Column column) {
    int cell = base + column.ordinal();
    int length = block.length[cell];
    if (length == 0) {
      return 0;
    }
    try {
      return decimals.money(block.chars, block.from[cell], length);
    } catch (NumberFormatException e) {
      throw wrong(column, "is '" + raw(column.ordinal()) + "'; accepted: " + decimals.accepted());
    } catch (ArithmeticException e) {
      throw wrong(column, "is '" + raw(column.ordinal()) + "'; accepted: up to 922 million");
    }
  }

  @Override
  public double number(Column column) {
    int cell = base + column.ordinal();
    int length = block.length[cell];
    if (length == 0) {
      return 0;
    }
    try {
      return Decimals.finite(decimals.number(block.chars, block.from[cell], length));
    } catch (NumberFormatException e) {
      throw wrong(column, "is '" + raw(column.ordinal()) + "'; accepted: " + decimals.accepted());
    }
  }

  @Override
  public int hour(Column column) {
    int cell = base + column.ordinal();
    int length = block.length[cell];
    if (length == 0) {
      return NO_HOUR;
    }
    try {
      return hours.get(block.chars, block.from[cell], length);
    } catch (DateTimeException | ArithmeticException e) {
      throw wrong(column, "is '" + raw(column.ordinal()) + "'; accepted: " + Times.ACCEPTED);
    }
  }

  @Override
  public String entry(Column column, String key) {
    return map(column.ordinal(), column).getOrDefault(key, "");
  }

  private Map<String, String> map(int slot, Column column) {
    int cell = base + slot;
    int length = block.length[cell];
    if (length == 0) {
      return Map.of();
    }
    try {
      return maps.get(block.chars, block.from[cell], length);
    } catch (NumberFormatException e) {
      throw wrong(
          column, "is not JSON: '" + raw(slot) + "'; accepted: such as {\"name\":\"text\"}");
    }
  }

  @Override
  public Tagging tagging() {
    if (!hasTags) {
      return Tagging.UNKNOWN;
    }
    boolean tagged = block.tagged[row] || JsonMap.hasUserTag(map(tagMap, header.columns()[tagMap]));
    return tagged ? Tagging.TAGGED : Tagging.UNTAGGED;
  }

  @Override
  public BillException wrong(Column column, String problem) {
    return new BillException(file.at(line()) + ": column " + column.title() + " " + problem);
  }
}
