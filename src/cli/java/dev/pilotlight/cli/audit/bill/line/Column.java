package dev.pilotlight.cli.audit.bill.line;

import java.util.Locale;

/// A column that a format's reader needs. Its ordinal is its slot in a [Cells].
public interface Column {

  /// The column's slot.
  int ordinal();

  /// The name that messages use.
  String title();

  /// The header without its spelling: lower case, letters and digits only.
  default String key() {
    return key(title());
  }

  /// `lineItem/UsageType`, `line_item_usage_type` and `lineitem_usagetype` have one key.
  static String key(String header) {
    StringBuilder key = new StringBuilder(header.length());
    for (char c : header.toLowerCase(Locale.ROOT).toCharArray()) {
      if (Character.isLetterOrDigit(c)) {
        key.append(c);
      }
    }
    return key.toString();
  }
}
