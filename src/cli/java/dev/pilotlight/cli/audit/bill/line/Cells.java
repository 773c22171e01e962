package dev.pilotlight.cli.audit.bill.line;

import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.bill.BillFile;
import dev.pilotlight.cli.audit.bill.Tagging;

/// The needed cells of one line; a reader moves it from line to line. A column that the bill does
/// not have is blank.
public interface Cells {
  /// The hour of a blank cell.
  int NO_HOUR = Integer.MIN_VALUE;

  BillFile file();

  /// The place in the file, from 1.
  long line();

  /// Whether the bill has the column.
  boolean has(Column column);

  /// Whether the cell is empty or null.
  boolean blank(Column column);

  /// The cell, mostly the same object for the same text; empty if blank.
  String text(Column column);

  /// An amount in [Money] units; 0 if blank.
  long money(Column column);

  /// A quantity; 0 if blank.
  double number(Column column);

  /// A time, in whole hours since 1970-01-01T00:00Z; [#NO_HOUR] if blank.
  int hour(Column column);

  /// A value of a map, such as `product_name` of CUR 2.0's `product`; empty if there is none.
  String entry(Column column, String key);

  /// Whether a tag of the user's is set.
  Tagging tagging();

  /// Refuses the line.
  BillException wrong(Column column, String problem);
}
