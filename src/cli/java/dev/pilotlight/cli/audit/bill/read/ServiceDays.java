package dev.pilotlight.cli.audit.bill.read;

import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.bill.BillFile;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The days of each service that Cost Explorer's files have had. A month is all of its days.
final class ServiceDays {
  private final Map<String, Map<LocalDate, String>> places = new HashMap<>();

  /// Takes some days.
  ///
  /// @throws BillException if one of them is there already
  void add(String service, LocalDate first, int days, BillFile file, long line) {
    Map<LocalDate, String> ofService = places.computeIfAbsent(service, _ -> new HashMap<>());
    String place = file.at(line);
    for (int i = 0; i < days; i++) {
      LocalDate day = first.plusDays(i);
      @Nullable String other = ofService.putIfAbsent(day, place);
      if (other != null) {
        throw new BillException(
            place
                + ": column "
                + service
                + " has "
                + day
                + ", which is at "
                + other
                + ", too; accepted: each day or month of a service once");
      }
    }
  }
}
