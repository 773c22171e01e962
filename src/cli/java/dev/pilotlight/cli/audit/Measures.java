package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.bill.Kind;
import dev.pilotlight.cli.audit.bill.Payment;
import dev.pilotlight.cli.audit.bill.Tagging;
import dev.pilotlight.cli.audit.score.Signals;
import dev.pilotlight.cli.audit.use.Utilisation;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// Measures a month for the score.
final class Measures {
  /// In the unit of bills.
  static final double TERABYTE_GB = 1_000;

  private static final double MEASURED_MIN = 0.5;
  private static final double MOSTLY = 0.5;
  private static final Set<Role> TRANSFER =
      EnumSet.of(Role.TRANSFER, Role.NAT_HOURS, Role.NAT_BYTES);

  private final Books books;
  private final List<Fleet> fleets;

  Measures(Books books, List<Fleet> fleets) {
    this.books = books;
    this.fleets = fleets;
  }

  /// @param advised resources for which an export has advice
  Signals of(Trend services, Utilisation use, List<Advised> advised, Optional<Boolean> budgets) {
    boolean seen = cost(meter -> meter.service().contains("Budget")) > 0;
    return new Signals(
        weighted(Fleet::averages),
        weighted(Fleet::maxima),
        byUse(),
        coverage(),
        commitmentUse(),
        gp3(),
        tiered(),
        idle(use, advised),
        transfer(),
        services.growthOverThree(),
        tagged(),
        seen ? Optional.of(true) : budgets);
  }

  private double cost(Predicate<Meter> which) {
    return books
        .sum(meter -> !meter.kind().apart() && which.test(meter))
        .cost(books.now())
        .doubleValue();
  }

  private double cost(Set<Role> roles) {
    return cost(meter -> roles.contains(meter.role()));
  }

  /// Empty also if less than half of the cost has a known use.
  private Optional<Double> weighted(Function<Fleet, Fleet.Use> which) {
    double all = 0;
    double known = 0;
    double sum = 0;
    for (Fleet fleet : fleets) {
      double cost = fleet.steadyCost().doubleValue();
      all += cost;
      Fleet.Use use = which.apply(fleet);
      known += cost * use.share();
      sum += cost * use.share() * use.percent();
    }
    return known > 0 && known >= MEASURED_MIN * all ? Optional.of(sum / known) : Optional.empty();
  }

  private Optional<Double> byUse() {
    double compute = cost(meter -> meter.role().computes());
    return compute > 0 ? Optional.of(cost(Set.of(Role.BY_USE)) / compute) : Optional.empty();
  }

  private Optional<Double> coverage() {
    double all = 0;
    double covered = 0;
    for (Fleet fleet : fleets) {
      for (var hours : fleet.steadyHours().entrySet()) {
        all += hours.getValue();
        covered += committed(hours.getKey()) ? hours.getValue() : 0;
      }
    }
    return all > 0 ? Optional.of(covered / all) : Optional.empty();
  }

  static boolean committed(Payment payment) {
    return payment == Payment.RESERVED || payment == Payment.SAVINGS_PLAN;
  }

  private double commitmentUse() {
    double used = cost(meter -> committed(meter.payment()) && meter.kind() == Kind.USAGE);
    double unused = cost(meter -> meter.kind() == Kind.UNUSED_COMMITMENT);
    return used + unused > 0 ? used / (used + unused) : 1;
  }

  private double quantity(Role role) {
    return books.sum(meter -> meter.role() == role).quantity(books.now());
  }

  private Optional<Boolean> gp3() {
    double gp2 = quantity(Role.DISK_GP2);
    double gp3 = quantity(Role.DISK_GP3);
    return gp2 + gp3 > 0 ? Optional.of(gp3 >= gp2) : Optional.empty();
  }

  private Optional<Boolean> tiered() {
    boolean any = false;
    boolean all = true;
    for (Resource bucket : books.ledger().resources()) {
      // without ids, all buckets of a service are one resource
      if (!bucket.key().identified()) {
        continue;
      }
      double standard =
          bucket.quantity(Role.OBJECTS_STANDARD, books.now())
              + bucket.quantity(Role.OBJECTS_OTHER, books.now());
      double tiered = bucket.quantity(Role.OBJECTS_TIERED, books.now());
      if (standard + tiered > TERABYTE_GB) {
        any = true;
        all &= standard < MOSTLY * (standard + tiered);
      }
    }
    return any ? Optional.of(all) : Optional.empty();
  }

  private Optional<Double> idle(Utilisation use, List<Advised> advised) {
    if (!use.hub()) {
      return Optional.empty();
    }
    BigDecimal idle =
        advised.stream()
            .filter(Advised::idle)
            .map(Advised::cost)
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    double all = cost(_ -> true);
    return all > 0 ? Optional.of(idle.doubleValue() / all) : Optional.empty();
  }

  private Optional<Double> transfer() {
    double all = cost(_ -> true);
    double typed = cost(meter -> !meter.usageType().isEmpty());
    return all > 0 && typed >= MOSTLY * all ? Optional.of(cost(TRANSFER) / all) : Optional.empty();
  }

  private Optional<Double> tagged() {
    Ledger.Span span = books.ledger().span(books.now());
    double tagged = span.tagged(Tagging.TAGGED);
    double untagged = span.tagged(Tagging.UNTAGGED);
    return tagged + untagged > 0 ? Optional.of(tagged / (tagged + untagged)) : Optional.empty();
  }
}
