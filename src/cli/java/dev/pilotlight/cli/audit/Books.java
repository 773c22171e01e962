package dev.pilotlight.cli.audit;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// A ledger as of one month: sums with their sources.
final class Books {
  private final Ledger ledger;
  private final List<Integer> order;
  private final int now;

  /// @param month the month of the report; later ones are left out
  Books(Ledger ledger, YearMonth month) {
    this.ledger = ledger;
    this.order =
        IntStream.range(0, ledger.months().size())
            .boxed()
            .filter(at -> !ledger.months().get(at).isAfter(month))
            .sorted(Comparator.comparing(at -> ledger.months().get(at)))
            .toList();
    this.now = ledger.months().indexOf(month);
  }

  Ledger ledger() {
    return ledger;
  }

  /// The index of the report's month.
  int now() {
    return now;
  }

  YearMonth month() {
    return ledger.months().get(now);
  }

  /// The indexes of the months up to the report's, oldest first.
  List<Integer> order() {
    return order;
  }

  Filter filter() {
    return Filter.of(month());
  }

  Tally sum(Predicate<Meter> which) {
    Tally sum = new Tally();
    ledger
        .meters()
        .forEach(
            (meter, tally) -> {
              if (which.test(meter)) {
                sum.add(tally);
              }
            });
    return sum;
  }

  Amount amount(Predicate<Meter> which, Filter filter) {
    return amount(sum(which), filter);
  }

  Amount amount(Tally tally, Filter filter) {
    return new Amount(tally.cost(now), tally.quantity(now), tally.source(now, filter.text()));
  }

  /// The costs of the months up to the report's, oldest first.
  List<BigDecimal> byMonth(Tally tally) {
    return order.stream().map(tally::cost).toList();
  }
}
