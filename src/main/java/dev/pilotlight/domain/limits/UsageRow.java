package dev.pilotlight.domain.limits;

import java.time.LocalDate;

/// The use of one model by one key of a tenant on one day.
///
/// @param tenant without the prefix of its rule
/// @param day in UTC, as `yyyy-mm-dd`
/// @param key the public id of the key
/// @param model its name, or [#NO_MODEL]
public record UsageRow(String tenant, String day, String key, String model, Counts counts) {
  /// The model of requests that used none.
  public static final String NO_MODEL = "-";

  /// How many days a row is kept.
  public static final int DAYS_KEPT = 400;

  /// The first day of which all rows are still kept.
  public static LocalDate firstKept(LocalDate today) {
    return today.minusDays(DAYS_KEPT - 1L);
  }

  /// The day, key and model, as `yyyy-mm-dd#key#model`.
  public String place() {
    return day + '#' + key + '#' + model;
  }

  /// The same row with more counts.
  public UsageRow plus(Counts more) {
    return new UsageRow(tenant, day, key, model, counts.plus(more));
  }
}
