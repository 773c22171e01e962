package dev.pilotlight.cli.audit;

import java.math.BigDecimal;
import java.util.Optional;

/// A fact of the bill that deserves an action or an answer.
///
/// @param id stable, for programs
/// @param text a sentence or two
/// @param saving a month, if the bill supports one
/// @param question whether only the reader can decide it; it has no saving then
public record Finding(
    String id,
    String title,
    String text,
    Amount amount,
    Optional<BigDecimal> saving,
    boolean question) {
  /// The id of objects in S3 Standard.
  public static final String STANDARD = "objects-standard";

  static Finding question(String id, String title, String text, Amount amount) {
    return new Finding(id, title, text, amount, Optional.empty(), true);
  }

  static Finding fact(String id, String title, String text, Amount amount) {
    return new Finding(id, title, text, amount, Optional.empty(), false);
  }
}
