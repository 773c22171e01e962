package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.bill.BillSummary;
import dev.pilotlight.cli.audit.bill.Kind;
import dev.pilotlight.cli.audit.score.Rubric;
import dev.pilotlight.cli.audit.score.Score;
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
/// @param untouched the largest service of over a fifth of the cost to which no rule applies, if
///   any
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
    Optional<ServiceCost> untouched,
    Optional<Double> discount,
    List<String> notes) {
  private static final int LARGEST = 20;
  private static final double COMPLETE = 0.99;
  private static final double LARGE = 0.2;

  /// One of the largest resources.
  public record Large(String account, String service, String resource, Amount amount) {}

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
    List<Fleet> fleets = Fleet.of(books, use, assumptions.alwaysOn());
    requireNamed(assumptions, fleets);
    Set<String> idle = new HashSet<>();
    Idle.of(books, use).forEach(each -> idle.add(each.advice().resource()));
    List<Candidate> candidates = new Candidates(assumptions, bill.currency(), idle).of(fleets);
    List<Finding> findings = Findings.of(books, assumptions);
    Trend services = new Trend(books.byMonth(books.sum(meter -> !meter.kind().apart())));
    Score score =
        Rubric.score(new Measures(books, fleets).of(services, use, assumptions.budgets()));
    List<ServiceCost> byService = ServiceCost.of(books);
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
        score,
        Plan.of(books, use, candidates, findings, assumptions.budgets()),
        untouched(byService, ledger),
        discount(ledger.span(books.now())),
        notes(bill, ledger, books));
  }

  // a name that fits nothing is a mistake of typing
  private static void requireNamed(Assumptions assumptions, List<Fleet> fleets) {
    for (String name : assumptions.requestsOf().keySet()) {
      boolean known =
          fleets.stream()
              .anyMatch(
                  fleet ->
                      fleet.instanceType().equals(name)
                          || fleet.ids().stream()
                              .anyMatch(id -> id.equals(name) || Utilisation.id(id).equals(name)));
      if (!known) {
        throw new BillException(
            "--requests names '%s', but no machine of the bill has this id or type"
                .formatted(name));
      }
    }
  }

  private static Optional<ServiceCost> untouched(List<ServiceCost> services, Ledger ledger) {
    return services.stream()
        .filter(service -> service.share() >= LARGE)
        .filter(
            service ->
                ledger.meters().keySet().stream()
                    .filter(meter -> meter.service().equals(service.service()))
                    .allMatch(meter -> meter.role() == Role.OTHER))
        .findFirst();
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
        Filter filter = books.filter().and("service", key.service()).and("resource", key.id());
        largest.add(
            new Large(
                key.account(), key.service(), key.id(), books.amount(resource.all(), filter)));
      }
    }
    return largest;
  }

  private static Optional<Double> discount(Ledger.Span span) {
    return span.list() > 0 ? Optional.of(1 - span.effective() / span.list()) : Optional.empty();
  }

  private static List<String> notes(BillSummary bill, Ledger ledger, Books books) {
    List<String> notes = new ArrayList<>(bill.notes());
    double covered = ledger.coveredHours(books.now());
    double whole = ledger.wholeHours(books.now());
    if (covered < COMPLETE * whole) {
      notes.add(
          "%s is not complete: its lines cover %.0f of %.0f hours, so growth and savings a month"
                  .formatted(books.month(), covered, whole)
              + " are those of this part.");
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
