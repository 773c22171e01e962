package dev.pilotlight.cli.audit.bill.line;

import dev.pilotlight.cli.audit.bill.BillException;
import org.jspecify.annotations.Nullable;

/// Holds the one currency of a run, because amounts of two would be summed.
public final class Currencies {
  private static final String ASSUMED = "USD";

  private final Notes notes;
  private @Nullable String currency;
  private String first = "";

  public Currencies(Notes notes) {
    this.notes = notes;
  }

  public String currency() {
    String known = currency;
    return known == null ? "" : known;
  }

  /// The line's currency; the one of the other lines if it is blank.
  public String of(Cells cells, Column column) {
    String text = cells.text(column);
    if (text.equals(currency)) {
      return text;
    }
    String place = cells.file().at(cells.line());
    if (text.isEmpty()) {
      if (currency == null) {
        notes.add(place + ": " + column.title() + " is empty or missing: assumed " + ASSUMED);
      }
      return of(currency == null ? ASSUMED : currency, place);
    }
    return of(text, place);
  }

  /// The currency that a line has.
  ///
  /// @param place of the currency, for messages
  public String of(String text, String place) {
    String known = currency;
    if (known == null) {
      currency = text;
      first = place;
      return text;
    }
    if (!known.equals(text)) {
      throw new BillException(
          place
              + ": the currency is "
              + text
              + ", but "
              + known
              + " at "
              + first
              + "; accepted: bills of one currency, so audit each currency alone");
    }
    return known;
  }
}
