package dev.pilotlight.cli.audit.bill;

/// A file of a bill.
///
/// @param name the path as given, for an entry of a zip followed by `!` and the entry's name
/// @param unit the word for a place in it: `line` in CSV, `row` in Parquet
public record BillFile(String name, Format format, String unit) {

  /// A place for a message, such as `cur.csv.gz, line 12`.
  public String at(long line) {
    return name + ", " + unit + " " + line;
  }
}
