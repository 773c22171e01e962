package dev.pilotlight.cli.audit;

import java.time.YearMonth;

/// A condition on a bill's lines as text, in neutral names; `docs/audit.md` has each format's
/// column.
record Filter(String text) {
  static Filter of(YearMonth month) {
    return new Filter("month = '" + month + "'");
  }

  Filter and(String name, String value) {
    return new Filter(text + " and " + name + " = '" + value.replace("'", "''") + "'");
  }

  Filter like(String name, String pattern) {
    return new Filter(text + " and " + name + " like '" + pattern.replace("'", "''") + "'");
  }

  Filter and(String condition) {
    return new Filter(text + " and " + condition);
  }
}
