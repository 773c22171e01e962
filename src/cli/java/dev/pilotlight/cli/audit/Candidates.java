package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.bill.Payment;
import dev.pilotlight.cli.audit.score.Percent;
import dev.pilotlight.cli.audit.use.Utilisation;
import dev.pilotlight.cli.cost.CostInputs;
import dev.pilotlight.cli.cost.MonthlyCost;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/// Finds the machines that might become functions, and compares their cost.
final class Candidates {
  private static final Pattern ACCELERATED =
      Pattern.compile("^(?:ml\\.)?(?:p|g|gr|inf|trn|dl|vt|f)\\d.*");
  private static final double STEADY_PERCENT = 50;
  private static final int CENTS = 2;
  private static final int MOST = 20;

  private final Assumptions assumptions;
  private final Optional<BigDecimal> perUsd;
  private final Set<String> idle;
  private final Books books;

  /// @param idle ids in the bill of resources that an export calls idle
  Candidates(Assumptions assumptions, String currency, Set<String> idle, Books books) {
    this.assumptions = assumptions;
    this.perUsd = assumptions.perUsd(currency);
    this.idle = idle;
    this.books = books;
  }

  /// Whether a fleet may become a candidate.
  static boolean possible(Fleet fleet) {
    return fleet.alwaysOn() > 0 || fleet.role() == Role.JOB;
  }

  /// The candidates and those that are ruled out, the most expensive first. Beyond a number, only
  /// those that are named.
  List<Candidate> of(List<Fleet> fleets) {
    List<Candidate> drafts = new ArrayList<>();
    for (Fleet fleet : fleets) {
      if (possible(fleet) && (drafts.size() < MOST || stated(fleet).isPresent())) {
        drafts.add(draft(fleet));
      }
    }
    List<Candidate> shared =
        drafts.stream().filter(draft -> draft.fits() && shares(draft.fleet())).toList();
    BigDecimal all =
        shared.stream().map(Candidate::movable).reduce(BigDecimal.ZERO, BigDecimal::add);
    boolean vague =
        shared.stream().filter(draft -> draft.fleet().role() == Role.MACHINE).count() > 1;
    return drafts.stream().map(draft -> priced(draft, all, vague)).toList();
  }

  // a number without a name is that of the fleets that no other number names
  private boolean shares(Fleet fleet) {
    return stated(fleet).isEmpty() && !fleet.estimated();
  }

  // after discounts, and of a whole month
  private BigDecimal movable(Fleet fleet) {
    int now = books.now();
    BigDecimal cost = fleet.steadyCosts().getOrDefault(Payment.ON_DEMAND, BigDecimal.ZERO);
    cost = cost.add(fleet.steadyCosts().getOrDefault(Payment.UNKNOWN, BigDecimal.ZERO));
    cost = cost.multiply(books.afterDiscounts(fleet.service()));
    if (!books.ledger().complete(now)) {
      double part = books.ledger().wholeHours(now) / books.ledger().coveredHours(now);
      cost = cost.multiply(BigDecimal.valueOf(part), MathContext.DECIMAL64);
    }
    return cost.stripTrailingZeros();
  }

  private Candidate draft(Fleet fleet) {
    List<String> reasons = new ArrayList<>();
    List<String> against = new ArrayList<>();
    boolean fits = true;
    BigDecimal movable = movable(fleet);
    reasons.add("%d always on".formatted(fleet.alwaysOn()));
    if (fleet.role() == Role.ENDPOINT) {
      reasons.add("a SageMaker endpoint serves a model");
    }
    fleet
        .average()
        .filter(use -> use <= STEADY_PERCENT)
        .ifPresent(use -> reasons.add("used %s".formatted(Percent.of(use / 100))));
    if (ACCELERATED.matcher(fleet.instanceType()).matches()) {
      against.add("has a GPU or another accelerator, which Lambda has not");
      fits = false;
    }
    if (fleet.role() == Role.JOB) {
      reasons.clear();
      against.add("jobs may run longer than Lambda's 15 minutes");
      fits = false;
    }
    double committed = fleet.share(Payment.RESERVED) + fleet.share(Payment.SAVINGS_PLAN);
    if (committed > 0) {
      against.add(
          "commitments pay %s, which the move does not end".formatted(Percent.of(committed)));
    }
    if (fleet.share(Payment.SPOT) > 0) {
      against.add("Spot pays %s already".formatted(Percent.of(fleet.share(Payment.SPOT))));
    }
    if (fleet.average().filter(use -> use > STEADY_PERCENT).isPresent()) {
      against.add("steady load: used over 50 %, which machines may serve cheaper");
    }
    if (fleet.role() == Role.MACHINE) {
      against.add(
          "a bill does not show what runs on them: a machine with other work stays, and saves"
              + " nothing");
    }
    if (fleet.estimated()) {
      against.add(
          "the bill has no resource ids: always on is an estimate from the hours of the type");
    }
    if (!books.ledger().complete(books.now())) {
      against.add("the month is not complete: the cost now is scaled to a whole month");
    }
    if (fleet.ids().stream().anyMatch(idle::contains)) {
      against.add("an export calls some of them idle: delete those, move nothing");
      fits = false;
    }
    fits &= movable.signum() > 0;
    Optional<BigDecimal> none = Optional.empty();
    return new Candidate(
        fleet, reasons, against, fits, movable, none, none, none, Optional.empty(), none);
  }

  private Optional<BigDecimal> stated(Fleet fleet) {
    Map<String, BigDecimal> stated = assumptions.requestsOf();
    Optional<BigDecimal> ofType = Optional.ofNullable(stated.get(fleet.instanceType()));
    BigDecimal sum = BigDecimal.ZERO;
    Set<String> names = new HashSet<>();
    for (String id : fleet.ids()) {
      String name = stated.containsKey(id) ? id : Utilisation.id(id);
      BigDecimal own = stated.get(name);
      if (own != null && !name.equals(fleet.instanceType()) && names.add(name)) {
        sum = sum.add(own);
      }
    }
    return names.isEmpty() ? ofType : Optional.of(sum);
  }

  private Optional<BigDecimal> requests(Candidate draft, BigDecimal all, boolean vague) {
    return stated(draft.fleet())
        .or(
            () ->
                assumptions
                    .requests()
                    .filter(_ -> !vague && shares(draft.fleet()))
                    .map(n -> part(n, draft, all)));
  }

  // without the currency's rate, the requests alone
  private Candidate priced(Candidate draft, BigDecimal all, boolean vague) {
    if (!draft.fits()) {
      return draft;
    }
    Optional<BigDecimal> requests = requests(draft, all, vague);
    MonthlyCost idleMonth = month(BigDecimal.ZERO);
    List<String> against = new ArrayList<>(draft.against());
    if (requests.isEmpty() && assumptions.requests().isPresent()) {
      against.add(
          "N alone does not show which of these machines serve models: name them with --requests"
              + " %s=N".formatted(draft.fleet().instanceType()));
    }
    double most = throttled(idleMonth);
    if (requests.isPresent() && requests.get().doubleValue() > most) {
      against.add(
          "the stack lets %s a month through: raise ThrottleRate"
              .formatted(String.format(Locale.ROOT, "%,.0f", most)));
    }
    Candidate stated = with(draft, against, requests);
    return perUsd.map(rate -> compared(stated, idleMonth, rate)).orElse(stated);
  }

  private static Candidate with(
      Candidate draft, List<String> against, Optional<BigDecimal> requests) {
    return new Candidate(
        draft.fleet(),
        draft.reasons(),
        against,
        draft.fits(),
        draft.movable(),
        requests,
        draft.here(),
        draft.fixed(),
        draft.breakEven(),
        draft.saving());
  }

  private Candidate compared(Candidate draft, MonthlyCost idleMonth, BigDecimal rate) {
    double fleetUsd = draft.movable().divide(rate, MathContext.DECIMAL64).doubleValue();
    OptionalLong breakEven = idleMonth.breakEvenRequests(fleetUsd);
    Optional<BigDecimal> here = draft.requests().map(n -> cost(month(n), rate));
    List<String> against = new ArrayList<>(draft.against());
    boolean fits = true;
    if (here.isPresent() && here.get().compareTo(draft.movable()) >= 0) {
      against.addFirst("steady load above the break-even: machines are cheaper");
      fits = false;
    } else if (breakEven.isEmpty()) {
      against.addFirst("Pilotlight's idle cost is higher");
      fits = false;
    }
    Optional<BigDecimal> saving =
        fits ? here.map(cost -> draft.movable().subtract(cost)) : Optional.empty();
    return new Candidate(
        draft.fleet(),
        draft.reasons(),
        against,
        fits,
        draft.movable(),
        draft.requests(),
        here,
        Optional.of(cost(month(BigDecimal.ONE), rate)),
        breakEven.isPresent() ? Optional.of(breakEven.getAsLong()) : Optional.empty(),
        saving);
  }

  private static BigDecimal cost(MonthlyCost month, BigDecimal rate) {
    return BigDecimal.valueOf(month.total()).multiply(rate).setScale(CENTS, RoundingMode.HALF_EVEN);
  }

  // by cost, rounded up, so that no inference is lost
  private static BigDecimal part(BigDecimal requests, Candidate draft, BigDecimal all) {
    return requests.multiply(draft.movable()).divide(all, 0, RoundingMode.CEILING);
  }

  /// The requests a month that the stack lets through.
  private static double throttled(MonthlyCost month) {
    return month.inputs().api()
        ? month.value("throttleRate") * month.value("monthSeconds")
        : Double.POSITIVE_INFINITY;
  }

  /// The command that makes the stack of a candidate.
  static String deploy(Assumptions assumptions, Optional<BigDecimal> requests) {
    String preset = assumptions.preset();
    String command = preset.equals("starter") ? "sam deploy" : "sam deploy --config-env " + preset;
    MonthlyCost month = month(assumptions, BigDecimal.ZERO);
    double count = requests.map(BigDecimal::doubleValue).orElse(0.0);
    if (count <= throttled(month)) {
      return command;
    }
    // twice the average rate
    long rate = (long) Math.ceil(2 * count / month.value("monthSeconds"));
    return command + " # with ThrottleRate=" + rate + " in samconfig.toml";
  }

  private MonthlyCost month(BigDecimal requests) {
    return month(assumptions, requests);
  }

  /// A month of the assumed stack.
  private static MonthlyCost month(Assumptions assumptions, BigDecimal requests) {
    double count = requests.doubleValue();
    CostInputs inputs =
        CostInputs.preset(assumptions.preset(), count, assumptions.hits())
            .withText(assumptions.tokens(), assumptions.model());
    Optional<Double> millis = assumptions.missMillis();
    return MonthlyCost.of(millis.isPresent() ? inputs.with("computedMs", millis.get()) : inputs);
  }
}
