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
import java.util.List;
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

  /// @param idle ids of resources that an export calls idle
  Candidates(Assumptions assumptions, String currency, Set<String> idle) {
    this.assumptions = assumptions;
    this.perUsd = assumptions.perUsd(currency);
    this.idle = idle;
  }

  /// The candidates and those that are ruled out, the most expensive first.
  List<Candidate> of(List<Fleet> fleets) {
    List<Candidate> drafts = new ArrayList<>();
    for (Fleet fleet : fleets) {
      if (drafts.size() < MOST && (fleet.alwaysOn() > 0 || fleet.role() == Role.JOB)) {
        drafts.add(draft(fleet));
      }
    }
    BigDecimal all =
        drafts.stream()
            .filter(draft -> draft.fits() && stated(draft.fleet()).isEmpty())
            .map(Candidate::movable)
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    return drafts.stream().map(draft -> priced(draft, all)).toList();
  }

  private Candidate draft(Fleet fleet) {
    List<String> reasons = new ArrayList<>();
    List<String> against = new ArrayList<>();
    boolean fits = true;
    BigDecimal movable = fleet.steadyCosts().getOrDefault(Payment.ON_DEMAND, BigDecimal.ZERO);
    movable = movable.add(fleet.steadyCosts().getOrDefault(Payment.UNKNOWN, BigDecimal.ZERO));
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
      against.add("a bill does not show what runs on them: only what serves ONNX models moves");
    }
    if (fleet.ids().stream().map(Utilisation::id).anyMatch(idle::contains)) {
      against.add("an export calls some of them idle: delete those, move nothing");
      fits = false;
    }
    fits &= movable.signum() > 0;
    Optional<BigDecimal> none = Optional.empty();
    return new Candidate(
        fleet, reasons, against, fits, movable, none, none, Optional.empty(), none);
  }

  private Optional<BigDecimal> stated(Fleet fleet) {
    Map<String, BigDecimal> stated = assumptions.requestsOf();
    Optional<BigDecimal> ofType = Optional.ofNullable(stated.get(fleet.instanceType()));
    BigDecimal sum = BigDecimal.ZERO;
    boolean any = false;
    for (String id : fleet.ids()) {
      BigDecimal own = stated.get(id);
      own = own == null ? stated.get(Utilisation.id(id)) : own;
      if (own != null && !id.equals(fleet.instanceType())) {
        sum = sum.add(own);
        any = true;
      }
    }
    return any ? Optional.of(sum) : ofType;
  }

  private Candidate priced(Candidate draft, BigDecimal all) {
    if (perUsd.isEmpty() || !draft.fits()) {
      return draft;
    }
    BigDecimal rate = perUsd.get();
    double fleetUsd = draft.movable().divide(rate, MathContext.DECIMAL64).doubleValue();
    MonthlyCost idleMonth = month(BigDecimal.ZERO);
    OptionalLong breakEven = idleMonth.breakEvenRequests(fleetUsd);
    Optional<BigDecimal> requests =
        stated(draft.fleet()).or(() -> assumptions.requests().map(n -> part(n, draft, all)));
    Optional<BigDecimal> here =
        requests.map(
            n ->
                BigDecimal.valueOf(month(n).total())
                    .multiply(rate)
                    .setScale(CENTS, RoundingMode.HALF_EVEN));
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
        requests,
        here,
        breakEven.isPresent() ? Optional.of(breakEven.getAsLong()) : Optional.empty(),
        saving);
  }

  // by cost, rounded up, so that no inference is lost
  private static BigDecimal part(BigDecimal requests, Candidate draft, BigDecimal all) {
    return requests.multiply(draft.movable()).divide(all, 0, RoundingMode.CEILING);
  }

  /// A month of the assumed stack.
  MonthlyCost month(BigDecimal requests) {
    double count = requests.doubleValue();
    CostInputs preset =
        assumptions.preset().equals("starter")
            ? CostInputs.starter(count, assumptions.hits())
            : CostInputs.production(count, assumptions.hits());
    CostInputs inputs =
        new CostInputs(
            count,
            assumptions.hits(),
            assumptions.tokens(),
            assumptions.model(),
            preset.memoryMb(),
            preset.processor(),
            preset.provisionedMin(),
            preset.provisionedMax(),
            preset.cached(),
            preset.api(),
            preset.allAlarms(),
            Map.of());
    Optional<Double> millis = assumptions.missMillis();
    return MonthlyCost.of(millis.isPresent() ? inputs.with("computedMs", millis.get()) : inputs);
  }
}
