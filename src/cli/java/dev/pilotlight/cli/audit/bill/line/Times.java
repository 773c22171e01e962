package dev.pilotlight.cli.audit.bill.line;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// The times of bills: `2023-11-01T00:00:00Z`, `2023-11-01 00:00:00.000` or `2023-11-01`, in UTC.
public final class Times {
  public static final String ACCEPTED = "a time such as 2023-11-01T00:00:00Z";
  private static final int DATE = 10;

  private Times() {}

  /// The hour since 1970-01-01T00:00Z.
  ///
  /// @throws DateTimeException if it is not such a time
  public static int hour(String text) {
    String plain = text.trim();
    if (plain.length() == DATE) {
      return Math.toIntExact(LocalDate.parse(plain).toEpochDay() * 24);
    }
    if (plain.endsWith(" UTC")) {
      plain = plain.substring(0, plain.length() - " UTC".length());
    }
    String iso = plain.replace(' ', 'T');
    LocalDateTime time =
        iso.endsWith("Z") || iso.indexOf('+') > 0
            ? LocalDateTime.ofInstant(
                DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(iso, java.time.Instant::from),
                ZoneOffset.UTC)
            : LocalDateTime.parse(iso);
    return ofSeconds(time.toEpochSecond(ZoneOffset.UTC));
  }

  public static int ofSeconds(long seconds) {
    return Math.toIntExact(Math.floorDiv(seconds, 3600L));
  }

  public static YearMonth month(int hour) {
    return YearMonth.from(LocalDate.ofEpochDay(Math.floorDiv(hour, 24)));
  }
}
