package dev.pilotlight.cli.audit.bill.read;

import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.bill.Format;
import dev.pilotlight.cli.audit.bill.line.Column;
import dev.pilotlight.cli.audit.bill.line.CurColumn;
import dev.pilotlight.cli.audit.bill.line.FocusColumn;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The columns of a file, and which of them are read.
///
/// @param names as the file has them
/// @param columns the columns that the format's reader needs, by slot
/// @param slots of each name: a slot of `columns`, [#TAG] or [#UNUSED]
record Header(Format format, List<String> names, Column[] columns, int[] slots) {
  static final int UNUSED = -1;

  /// A column of a tag of the user's.
  static final int TAG = -2;

  static final String ACCEPTED =
      "a Cost and Usage Report (CSV), CUR 2.0 or FOCUS 1.0 to 1.3 (CSV or Parquet), or Cost"
          + " Explorer's CSV by service";

  private static final Set<String> ONLY_IN_CUR_2 =
      Set.of("product", "resourcetags", "lineitemusageaccountname", "billpayeraccountname");

  /// Finds the format.
  ///
  /// @param place for messages, such as `cur.csv, line 1`
  /// @throws BillException if the columns are of no format, or one that is needed is missing
  static Header of(String place, List<String> names) {
    Set<String> keys = new HashSet<>();
    names.forEach(name -> keys.add(Column.key(name)));
    if (CostExplorer.isHeader(names)) {
      return new Header(Format.COST_EXPLORER, names, new Column[0], new int[names.size()]);
    }
    if (keys.contains("lineitemlineitemtype") || keys.contains("lineitemunblendedcost")) {
      require(place, keys, CurColumn.TYPE);
      require(place, keys, CurColumn.UNBLENDED);
      require(place, keys, CurColumn.START, CurColumn.PERIOD_START);
      require(place, keys, CurColumn.PRODUCT_CODE, CurColumn.SERVICE_CODE);
      boolean two = keys.stream().anyMatch(ONLY_IN_CUR_2::contains);
      return of(place, two ? Format.CUR_2 : Format.LEGACY_CUR, names, CurColumn.values());
    }
    if (keys.contains("chargecategory") || keys.contains("effectivecost")) {
      require(place, keys, FocusColumn.CATEGORY);
      require(place, keys, FocusColumn.EFFECTIVE_COST);
      require(place, keys, FocusColumn.PERIOD_START, FocusColumn.MONTH_START);
      require(place, keys, FocusColumn.SERVICE_NAME, FocusColumn.SERVICE_CODE);
      return of(place, Format.FOCUS, names, FocusColumn.values());
    }
    throw new BillException(place + ": not the columns of a bill; accepted: " + ACCEPTED);
  }

  private static void require(String place, Set<String> keys, Column... oneOf) {
    if (Arrays.stream(oneOf).noneMatch(column -> keys.contains(column.key()))) {
      throw new BillException(
          place
              + ": column "
              + oneOf[0].title()
              + " is missing; accepted: a bill with it, or "
              + ACCEPTED);
    }
  }

  private static Header of(String place, Format format, List<String> names, Column[] columns) {
    Map<String, Integer> slotOfKey = new HashMap<>();
    for (Column column : columns) {
      slotOfKey.put(column.key(), column.ordinal());
    }
    int[] slots = new int[names.size()];
    boolean[] seen = new boolean[columns.length];
    for (int i = 0; i < slots.length; i++) {
      String key = Column.key(names.get(i));
      int slot = slotOfKey.getOrDefault(key, UNUSED);
      if (slot == UNUSED && key.startsWith("resourcetagsuser")) {
        slot = TAG;
      }
      if (slot >= 0 && seen[slot]) {
        throw new BillException(
            place + ": column " + names.get(i) + " is there twice; accepted: once");
      }
      if (slot >= 0) {
        seen[slot] = true;
      }
      slots[i] = slot;
    }
    return new Header(format, names, columns, slots);
  }

  /// Which slots the file has.
  boolean[] present() {
    boolean[] present = new boolean[columns.length];
    for (int slot : slots) {
      if (slot >= 0) {
        present[slot] = true;
      }
    }
    return present;
  }

  /// The slot of the column that is a map of tags.
  @SuppressWarnings("EnumOrdinal") // the slots are in the order of the columns
  int tagMap() {
    return format == Format.FOCUS ? FocusColumn.TAGS.ordinal() : CurColumn.TAGS.ordinal();
  }

  /// Whether the file shows tags.
  boolean hasTags() {
    int map = tagMap();
    return Arrays.stream(slots).anyMatch(slot -> slot == TAG || slot == map);
  }
}
