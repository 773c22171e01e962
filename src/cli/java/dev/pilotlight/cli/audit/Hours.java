package dev.pilotlight.cli.audit;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/// The hours in which people work; all others are nights and weekends.
///
/// @param zone of the clock
/// @param begin the first working hour of Monday to Friday
/// @param end the hour in which work ends
public record Hours(ZoneId zone, int begin, int end) {

  /// @param hour since 1970-01-01T00:00Z
  boolean isOff(int hour) {
    Instant start = Instant.ofEpochSecond(hour * Duration.ofHours(1).toSeconds());
    ZonedDateTime time = start.atZone(zone);
    DayOfWeek day = time.getDayOfWeek();
    boolean weekend = day == DayOfWeek.SATURDAY || day == DayOfWeek.SUNDAY;
    return weekend || time.getHour() < begin || time.getHour() >= end;
  }

  @Override
  public String toString() {
    return "Monday to Friday, %d to %d o'clock, %s".formatted(begin, end, zone);
  }
}
