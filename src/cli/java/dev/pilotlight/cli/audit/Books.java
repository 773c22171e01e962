package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.bill.Kind;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// A ledger as of one month: sums with their sources.
final class Books {
  private final Ledger ledger;
  private final List<Integer> order;
  private final int now;
  private final Map<String, BigDecimal> afterDiscounts = new HashMap<>();
  private final BigDecimal unallocated;

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
    this.unallocated = discounts();
  }

  // lines of discounts name the service whose usage they reduce; others reduce all usage
  private BigDecimal discounts() {
    Map<String, BigDecimal> usage = new HashMap<>();
    Map<String, BigDecimal> discounts = new HashMap<>();
    ledger
        .meters()
        .forEach(
            (meter, tally) -> {
              boolean full = !Measures.committed(meter.payment());
              if (meter.kind() == Kind.USAGE && full) {
                usage.merge(meter.service(), tally.cost(now), BigDecimal::add);
              } else if (meter.kind() == Kind.DISCOUNT) {
                discounts.merge(meter.service(), tally.cost(now), BigDecimal::add);
              }
            });
    BigDecimal rest = BigDecimal.ZERO;
    for (var discount : discounts.entrySet()) {
      BigDecimal own = usage.getOrDefault(discount.getKey(), BigDecimal.ZERO);
      if (own.signum() > 0) {
        afterDiscounts.put(
            discount.getKey(), discount.getValue().divide(own, MathContext.DECIMAL64));
      } else {
        rest = rest.add(discount.getValue());
      }
    }
    BigDecimal all = usage.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    return all.signum() > 0 ? rest.divide(all, MathContext.DECIMAL64) : BigDecimal.ZERO;
  }

  /// The share of a service's usage cost that is left after the lines of discounts, from 0 to 1.
  BigDecimal afterDiscounts(String service) {
    BigDecimal discount = afterDiscounts.getOrDefault(service, BigDecimal.ZERO);
    return BigDecimal.ONE.add(discount).add(unallocated).max(BigDecimal.ZERO).min(BigDecimal.ONE);
  }

  /// The share by which on-demand usage costs less than its public price.
  ///
  /// @return empty if the bill does not have both
  Optional<Double> discount() {
    Ledger.Span span = ledger.span(now);
    BigDecimal usage = BigDecimal.ZERO;
    BigDecimal net = BigDecimal.ZERO;
    for (var meter : ledger.meters().entrySet()) {
      if (meter.getKey().kind() == Kind.USAGE) {
        BigDecimal cost = meter.getValue().cost(now);
        usage = usage.add(cost);
        net = net.add(cost.multiply(afterDiscounts(meter.getKey().service())));
      }
    }
    double left = usage.signum() > 0 ? net.doubleValue() / usage.doubleValue() : 1;
    return span.list() > 0
        ? Optional.of(1 - span.effective() * left / span.list())
        : Optional.empty();
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

  Trend trend(Tally tally) {
    return new Trend(byMonth(tally), linked());
  }

  /// Whether a month and the one before it are complete and follow each other, for each month.
  private List<Boolean> linked() {
    List<Boolean> linked = new ArrayList<>();
    for (int i = 0; i < order.size(); i++) {
      linked.add(i > 0 && follows(order.get(i - 1), order.get(i)));
    }
    return linked;
  }

  private boolean follows(int before, int month) {
    return ledger.complete(before)
        && ledger.complete(month)
        && ledger.months().get(before).plusMonths(1).equals(ledger.months().get(month));
  }
}
