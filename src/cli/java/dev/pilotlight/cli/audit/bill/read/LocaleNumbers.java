package dev.pilotlight.cli.audit.bill.read;

import de.siegmar.fastcsv.reader.CsvRecord;
import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.bill.BillFile;
import java.math.BigDecimal;
import java.util.List;

/// The numbers of a file from a browser of any locale: `1,234.56`, `1.234,56`, `1 234,56`. The
/// decimal mark is found from all numbers; a file in which it cannot be is refused.
final class LocaleNumbers {
  private static final int GROUP = 3;

  private final BillFile file;
  private final List<String> names;
  private final char decimal;

  private LocaleNumbers(BillFile file, List<String> names, char decimal) {
    this.file = file;
    this.names = names;
    this.decimal = decimal;
  }

  static LocaleNumbers of(BillFile file, List<String> names, List<CsvRecord> rows) {
    char found = 0;
    String ambiguous = "";
    for (CsvRecord row : rows) {
      for (int i = 1; i < names.size(); i++) {
        String text = plain(row.getField(i));
        char mark = mark(text);
        if (mark == '?' && ambiguous.isEmpty()) {
          ambiguous = file.at(row.getStartingLineNumber()) + ": column " + names.get(i);
        } else if (mark == '.' || mark == ',') {
          if (found != 0 && found != mark) {
            throw new BillException(
                file.at(row.getStartingLineNumber())
                    + ": column "
                    + names.get(i)
                    + " is '"
                    + row.getField(i)
                    + "', with another decimal mark than before; accepted: one decimal mark");
          }
          found = mark;
        }
      }
    }
    if (found == 0 && !ambiguous.isEmpty()) {
      throw new BillException(
          ambiguous
              + " may have a decimal mark or a mark of thousands; accepted: a number that shows it,"
              + " such as 1234.50");
    }
    return new LocaleNumbers(file, names, found == 0 ? '.' : found);
  }

  /// The decimal mark that a number shows: `?` if it may be one of thousands, 0 if it has none.
  private static char mark(String text) {
    int point = text.lastIndexOf('.');
    int comma = text.lastIndexOf(',');
    if (point < 0 && comma < 0) {
      return 0;
    }
    int last = Math.max(point, comma);
    char mark = text.charAt(last);
    char other = mark == '.' ? ',' : '.';
    if (text.indexOf(mark) != last) {
      return other;
    }
    if (text.indexOf(other) >= 0) {
      return mark;
    }
    String before = text.substring(0, last).replace("-", "");
    boolean mayGroup =
        text.length() - last - 1 == GROUP
            && !before.isEmpty()
            && before.length() <= GROUP
            && !before.startsWith("0");
    return mayGroup ? '?' : mark;
  }

  private static String plain(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\u2212') {
        plain.append('-');
      } else if (c != '\'' && c != '\u2019' && c != '$' && !Character.isSpaceChar(c)) {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  /// A cell's number; 0 if it is blank.
  BigDecimal value(CsvRecord row, int column) {
    String text = plain(row.getField(column));
    if (text.isEmpty()) {
      return BigDecimal.ZERO;
    }
    char group = decimal == '.' ? ',' : '.';
    try {
      BigDecimal value =
          new BigDecimal(text.replace(String.valueOf(group), "").replace(decimal, '.'));
      // refuses what is too large
      return Decimals.money(value) == 0 ? BigDecimal.ZERO : value;
    } catch (NumberFormatException | ArithmeticException e) {
      throw new BillException(
          file.at(row.getStartingLineNumber())
              + ": column "
              + names.get(column)
              + " is '"
              + row.getField(column)
              + "'; accepted: a number such as 1234"
              + decimal
              + "50, up to 922 million",
          e);
    }
  }
}
