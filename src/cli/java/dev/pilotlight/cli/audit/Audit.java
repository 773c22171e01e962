package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.bill.BillSummary;
import dev.pilotlight.cli.audit.bill.Kind;
import dev.pilotlight.cli.audit.score.Rubric;
import dev.pilotlight.cli.audit.score.Score;
import dev.pilotlight.cli.audit.score.Signals;
import dev.pilotlight.cli.audit.use.Utilisation;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/// All that the reports show of a bill.
///
/// @param month of the report
/// @param months up to it, oldest first
/// @param total all costs of the month, also those shown apart
/// @param services the sum of those not shown apart, by month
/// @param apart credits, refunds, tax, support and discounts of the month
/// @param largest resources, the most expensive first
/// @param coveredHours the hours of the month that the bill covers
/// @param hourly whether the bill has lines of one hour
/// @param mayEnd the cost of the gp2 disks that may end with the machines that move, in place of
///   their saving; empty without both
/// @param untouched the services to which no rule applies, the largest first
/// @param discount the share by which on-demand usage costs less than its public price; empty if
///   the bill does not have both
/// @param notes limits that were reached, and what else a reader must know
public record Audit(
    BillSummary bill,
    Assumptions assumptions,
    Utilisation utilisation,
    YearMonth month,
    List<YearMonth> months,
    Amount total,
    Trend services,
    List<ServiceCost> byService,
    Map<Kind, Amount> apart,
    List<Large> largest,
    List<Fleet> fleets,
    List<Finding> findings,
    List<Candidate> candidates,
    Score score,
    List<Step> plan,
    double coveredHours,
    boolean hourly,
    Optional<BigDecimal> mayEnd,
    List<ServiceCost> untouched,
    Optional<Double> discount,
    List<String> notes) {
  private static final int LARGEST = 20;

  /// One of the largest resources.
  ///
  /// @param alike how many others of the account and service cost the same
  public record Large(String account, String service, String resource, Amount amount, long alike) {
    /// Whether this one is counted by the other, and the other by this.
    public boolean isLike(Large other) {
      return account.equals(other.account)
          && service.equals(other.service)
          && amount.cost().compareTo(other.amount.cost()) == 0;
    }
  }

  /// Whether the bill has a column of discounts that costs and savings do not subtract.
  public boolean isBeforeDiscounts() {
    return bill.beforeDiscounts();
  }

  /// Draws the conclusions from a bill that was read into a ledger.
  ///
  /// @param wanted the month of the report; null for the last one
  /// @throws BillException if the bill has no such month
  static Audit of(
      BillSummary bill,
      Ledger ledger,
      Utilisation use,
      Assumptions assumptions,
      @Nullable YearMonth wanted) {
    SortedSet<YearMonth> all = bill.months();
    if (ledger.months().isEmpty()) {
      throw new BillException("the bill has no charges");
    }
    YearMonth last = Collections.max(ledger.months());
    YearMonth month = wanted == null ? last : wanted;
    if (!ledger.months().contains(month)) {
      throw new BillException("--month is %s; the bill has %s".formatted(month, all));
    }
    Books books = new Books(ledger, month);
    List<Fleet> fleets = Fleet.of(books, use, assumptions.alwaysOn(), Set.of());
    requireNamed(assumptions, fleets);
    Utilisation worth = use.in(bill.currency(), assumptions.perUsd(bill.currency()));
    List<Advised> advised = Advised.of(books, worth);
    List<Candidate> candidates = candidates(bill, books, use, assumptions, advised);
    List<Finding> findings = Findings.of(books, assumptions, advised);
    Trend services = books.trend(books.sum(meter -> !meter.kind().apart()));
    Signals signals = new Measures(books, fleets).of(services, use, advised, assumptions.budgets());
    List<ServiceCost> byService = ServiceCost.of(books);
    List<ServiceCost> untouched = ServiceCost.untouched(byService, ledger);
    return new Audit(
        bill,
        assumptions,
        use,
        month,
        books.order().stream().map(ledger.months()::get).toList(),
        books.amount(_ -> true, books.filter()),
        services,
        byService,
        apart(books),
        largest(books),
        fleets,
        findings,
        candidates,
        Rubric.score(signals),
        Plan.of(books, assumptions, advised, candidates, findings, untouched, signals.budgets()),
        ledger.coveredHours(books.now()),
        ledger.span(books.now()).hourly(),
        mayEnd(books, advised, candidates, findings),
        untouched,
        books.discount(),
        notes(bill, use, ledger, books, fleets));
  }

  private static List<Candidate> candidates(
      BillSummary bill,
      Books books,
      Utilisation use,
      Assumptions assumptions,
      List<Advised> advised) {
    Set<String> idle = new HashSet<>();
    advised.stream()
        .filter(Advised::idle)
        .forEach(each -> each.resources().forEach(key -> idle.add(key.id())));
    Set<String> named = assumptions.requestsOf().keySet();
    List<Fleet> fleets = Fleet.of(books, use, assumptions.alwaysOn(), named);
    return new Candidates(assumptions, bill.currency(), idle, books).of(fleets);
  }

  // a bill does not link disks to machines
  private static Optional<BigDecimal> mayEnd(
      Books books, List<Advised> advised, List<Candidate> candidates, List<Finding> findings) {
    Set<String> regions = new HashSet<>();
    for (Candidate each : candidates) {
      if (each.saving().isPresent() && each.fleet().role() == Role.MACHINE) {
        regions.add(each.fleet().region());
      }
    }
    return findings.stream()
        .filter(each -> each.id().equals(Findings.GP2) && each.saving().isPresent())
        .map(_ -> new Saving(books, advised).all(Role.DISK_GP2, regions))
        .filter(cost -> cost.signum() > 0)
        .findFirst();
  }

  // a name that fits nothing is a mistake of typing
  private static void requireNamed(Assumptions assumptions, List<Fleet> fleets) {
    Set<String> names = assumptions.requestsOf().keySet();
    for (String name : names) {
      List<Fleet> found =
          fleets.stream()
              .filter(fleet -> fleet.instanceType().equals(name) || has(fleet, name))
              .toList();
      if (found.isEmpty()) {
        throw new BillException(
            "--requests names '%s', but no machine of the bill has this id or type"
                .formatted(name));
      }
      if (found.stream().noneMatch(Candidates::possible)) {
        throw new BillException(
            "--requests names '%s', but no machine of the bill with this id or type is always on"
                .formatted(name));
      }
      for (Fleet fleet : found) {
        if (names.contains(fleet.instanceType()) && !fleet.instanceType().equals(name)) {
          throw new BillException(
              "--requests names '%s' and its type '%s'; accepted: one of them"
                  .formatted(name, fleet.instanceType()));
        }
      }
    }
  }

  private static boolean has(Fleet fleet, String name) {
    return fleet.ids().stream().anyMatch(id -> id.equals(name) || Utilisation.id(id).equals(name));
  }

  private static Map<Kind, Amount> apart(Books books) {
    Map<Kind, Amount> apart = new LinkedHashMap<>();
    for (Kind kind : Kind.values()) {
      if (kind.apart()) {
        Amount amount =
            books.amount(
                meter -> meter.kind() == kind, books.filter().and("kind = '" + kind + "'"));
        if (amount.source().lines() > 0) {
          apart.put(kind, amount);
        }
      }
    }
    return apart;
  }

  private static List<Large> largest(Books books) {
    int now = books.now();
    List<Resource> all = new ArrayList<>(books.ledger().resources());
    all.sort(
        Comparator.comparing((Resource resource) -> resource.cost(now))
            .reversed()
            .thenComparing(resource -> resource.key().id()));
    List<Large> largest = new ArrayList<>();
    for (Resource resource : all.subList(0, Math.min(LARGEST, all.size()))) {
      if (resource.cost(now).signum() > 0) {
        Resource.Key key = resource.key();
        Filter filter =
            books
                .filter()
                .and("account", key.account())
                .and("service", key.service())
                .and("resource", key.id())
                .and("kind in ('USAGE', 'FEE')");
        long alike = all.stream().filter(other -> resource.isLike(other, now)).count() - 1;
        Amount amount = books.amount(resource.all(), filter);
        largest.add(new Large(key.account(), key.service(), key.id(), amount, alike));
      }
    }
    return largest;
  }

  private static List<String> notes(
      BillSummary bill, Utilisation use, Ledger ledger, Books books, List<Fleet> fleets) {
    List<String> notes = new ArrayList<>(bill.notes());
    notes.addAll(use.notes());
    if (bill.beforeDiscounts()) {
      notes.add("Savings are before the discounts of discount_total_discount.");
    }
    for (int month : books.order()) {
      if (!ledger.complete(month)) {
        notes.add(
            "%s is not complete: its lines cover %.0f of %.0f hours, so no growth is computed with"
                    .formatted(
                        ledger.months().get(month),
                        ledger.coveredHours(month),
                        ledger.wholeHours(month))
                + " it."
                + (month == books.now()
                    ? " Savings are those of this part; that of a move is scaled to a month."
                    : ""));
      }
    }
    for (int i = 1; i < books.order().size(); i++) {
      YearMonth before = ledger.months().get(books.order().get(i - 1));
      YearMonth next = ledger.months().get(books.order().get(i));
      if (!before.plusMonths(1).equals(next)) {
        notes.add("No month between %s and %s was read.".formatted(before, next));
      }
    }
    if (fleets.stream().anyMatch(Fleet::estimated)) {
      notes.add(
          "Some machines have no resource id: how many are always on is an estimate, the hours of"
              + " a type divided by the month's. They save nothing unless --requests TYPE=N names"
              + " their type.");
    }
    if (ledger.pooledLines() > 0) {
      notes.add(
          "The bill has over %,d resources; %,d lines of further ones are summed by service and"
                  .formatted(ledger.limit(), ledger.pooledLines())
              + " instance type. Totals are complete; the largest resources may lack some.");
    }
    return notes;
  }

  /// The sum of the plan's savings a month.
  public BigDecimal saving() {
    return plan.stream()
        .map(step -> step.saving().orElse(BigDecimal.ZERO))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
