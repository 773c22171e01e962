package dev.pilotlight.protocol.usage;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.limits.UsageRow;
import dev.pilotlight.protocol.http.HttpRequest;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/// The query of `GET /v1/usage`: `month=yyyy-mm`, or `start=yyyy-mm-dd` and `end=yyyy-mm-dd`;
/// without either the current month.
///
/// @param first the first day, in UTC
/// @param last the last day
public record UsageQuery(LocalDate first, LocalDate last) {
  /// The most days of one answer.
  static final long DAYS_MAX = 366;

  private static final String MONTH = "month";
  private static final String START = "start";
  private static final String END = "end";
  private static final String ACCEPTED =
      "accepted: month=yyyy-mm, or start=yyyy-mm-dd and end=yyyy-mm-dd";

  /// Reads the query.
  ///
  /// @param today in UTC
  /// @throws Refusal INVALID, naming the parameter
  public static UsageQuery of(HttpRequest request, LocalDate today) {
    Map<String, String> query = request.query();
    for (String name : query.keySet()) {
      if (!name.equals(MONTH) && !name.equals(START) && !name.equals(END)) {
        throw Refusal.invalid(name, name + " is not known; " + ACCEPTED);
      }
    }
    String month = query.get(MONTH);
    String start = query.get(START);
    String end = query.get(END);
    if (month != null && (start != null || end != null)) {
      throw Refusal.invalid(MONTH, "month stands next to start or end; " + ACCEPTED);
    }
    if (start == null && end == null) {
      YearMonth whole = month == null ? YearMonth.from(today) : month(month);
      requireKept(MONTH, whole.atDay(1), today);
      return new UsageQuery(whole.atDay(1), whole.atEndOfMonth());
    }
    if (start == null) {
      throw Refusal.invalid(START, "start is missing next to end; " + ACCEPTED);
    }
    LocalDate first = day(START, start);
    LocalDate last = end == null ? today : day(END, end);
    if (end == null && last.isBefore(first)) {
      throw Refusal.invalid(START, "start is after today; accepted without end: at most " + today);
    }
    if (last.isBefore(first)) {
      throw Refusal.invalid(END, "end is before start; " + ACCEPTED);
    }
    if (ChronoUnit.DAYS.between(first, last) >= DAYS_MAX) {
      throw Refusal.invalid(START, "start is over 366 days before end; accepted: at most 366 days");
    }
    requireKept(START, first, today);
    return new UsageQuery(first, last);
  }

  /// Refuses days whose rows are no longer kept: their sums would be too small.
  ///
  /// @param name of the parameter that has the first day
  static void requireKept(String name, LocalDate first, LocalDate today) {
    LocalDate kept = UsageRow.firstKept(today);
    if (first.isBefore(kept)) {
      throw Refusal.invalid(
          name,
          name
              + " begins on "
              + first
              + ", and usage is kept for "
              + UsageRow.DAYS_KEPT
              + " days; accepted: from "
              + kept);
    }
  }

  private static YearMonth month(String text) {
    try {
      return YearMonth.parse(text);
    } catch (DateTimeParseException e) {
      throw Refusal.invalid(MONTH, "month is not a month; accepted: yyyy-mm");
    }
  }

  private static LocalDate day(String name, String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw Refusal.invalid(name, name + " is not a day; accepted: yyyy-mm-dd");
    }
  }
}
