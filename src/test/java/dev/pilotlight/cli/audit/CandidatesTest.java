package dev.pilotlight.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cli.audit.bill.Payment;
import dev.pilotlight.cli.audit.use.Utilisation;
import dev.pilotlight.cli.audit.use.Utilisation.Advice;
import dev.pilotlight.cli.audit.use.Utilisation.Cpu;
import dev.pilotlight.cli.cost.CostInputs;
import dev.pilotlight.cli.cost.MonthlyCost;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which machines might move, and what that saves.
final class CandidatesTest {
  private static final BigDecimal REQUESTS = BigDecimal.valueOf(340_000);

  private static TestBill fleet(int machines) {
    TestBill bill = new TestBill();
    for (int i = 0; i < machines; i++) {
      bill.machine("i-" + i, "m5.2xlarge", TestBill.HOURS, "285.696");
    }
    return bill;
  }

  private static Assumptions requests(Map<String, BigDecimal> of, Optional<BigDecimal> perUsd) {
    Assumptions plain = TestBill.assumptions(Optional.empty());
    return new Assumptions(
        Optional.empty(),
        of,
        plain.hits(),
        plain.tokens(),
        plain.model(),
        plain.missMillis(),
        plain.preset(),
        perUsd,
        plain.alwaysOn(),
        plain.coldShare(),
        plain.budgets(),
        plain.hours(),
        plain.given());
  }

  @Test
  void theSavingIsTheBilledCostLessTheFormulasCost() {
    Audit audit = fleet(34).audit(Utilisation.NONE, TestBill.assumptions(Optional.of(REQUESTS)));
    Candidate candidate = audit.candidates().getFirst();

    BigDecimal here =
        BigDecimal.valueOf(MonthlyCost.of(CostInputs.production(340_000, 0)).total())
            .setScale(2, RoundingMode.HALF_EVEN);
    assertThat(candidate.fits()).isTrue();
    assertThat(candidate.movable()).isEqualByComparingTo("9713.664");
    assertThat(candidate.here()).hasValue(here);
    assertThat(candidate.saving()).hasValue(candidate.movable().subtract(here));
    assertThat(audit.saving()).isEqualByComparingTo(candidate.saving().orElseThrow());
    long breakEven =
        MonthlyCost.of(CostInputs.production(0, 0)).breakEvenRequests(9_713.664).orElseThrow();
    assertThat(candidate.breakEven()).hasValue(breakEven);
  }

  @Test
  void withoutRequestsThereIsABreakEvenAndNoSaving() {
    Audit audit = fleet(34).audit();
    Candidate candidate = audit.candidates().getFirst();
    assertThat(candidate.fits()).isTrue();
    assertThat(candidate.breakEven()).hasValueSatisfying(n -> assertThat(n).isPositive());
    assertThat(candidate.saving()).isEmpty();
    assertThat(audit.saving()).isEqualByComparingTo("0");
  }

  @Test
  void aSteadyLoadAboveTheBreakEvenIsRuledOut() {
    long breakEven = fleet(1).audit().candidates().getFirst().breakEven().orElseThrow();
    Assumptions more = TestBill.assumptions(Optional.of(BigDecimal.valueOf(2 * breakEven)));
    Candidate candidate = fleet(1).audit(Utilisation.NONE, more).candidates().getFirst();
    assertThat(candidate.fits()).isFalse();
    assertThat(candidate.saving()).isEmpty();
    assertThat(candidate.against().getFirst()).contains("above the break-even");
  }

  @Test
  void aFleetBelowTheIdleCostIsRuledOut() {
    TestBill bill = new TestBill().machine("i-1", "t4g.nano", TestBill.HOURS, "3.12");
    Candidate candidate = bill.audit().candidates().getFirst();
    assertThat(candidate.fits()).isFalse();
    assertThat(candidate.breakEven()).isEmpty();
    assertThat(candidate.against().getFirst()).contains("idle cost is higher");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"g5.xlarge", "p4d.24xlarge", "inf2.xlarge", "trn1.2xlarge", "gr6.4xlarge"})
  void acceleratorsAreRuledOut(String type) {
    TestBill bill = new TestBill().machine("i-1", type, TestBill.HOURS, "750");
    Candidate candidate = bill.audit().candidates().getFirst();
    assertThat(candidate.fits()).isFalse();
    assertThat(candidate.against()).anyMatch(reason -> reason.contains("GPU"));
  }

  @Test
  void onlyOnDemandCostEndsWithTheMachines() {
    TestBill bill = fleet(2).paid(Payment.SAVINGS_PLAN);
    bill.machine("i-8", "m5.2xlarge", TestBill.HOURS, "200").paid(Payment.SPOT);
    bill.machine("i-9", "m5.2xlarge", TestBill.HOURS, "100");
    Candidate candidate = bill.audit().candidates().getFirst();
    assertThat(candidate.movable()).isEqualByComparingTo("571.392");
    assertThat(candidate.against())
        .anyMatch(reason -> reason.startsWith("commitments pay 23.0 %"))
        .anyMatch(reason -> reason.startsWith("Spot pays 11.5 %"));
  }

  @Test
  void machinesThatAreOffForAFifthOfTheMonthAreNotCandidates() {
    TestBill bill = new TestBill().machine("i-1", "m5.large", 0.8 * TestBill.HOURS, "57");
    assertThat(bill.audit().candidates()).isEmpty();
  }

  @Test
  void endpointsAreCandidatesAndJobsAreRuledOut() {
    TestBill bill =
        new TestBill()
            .charge("AmazonSageMaker", "Host:ml.m5.xlarge", "e", "ml.m5.xlarge", 744, "171")
            .charge("AmazonSageMaker", "Train:ml.m5.xlarge", "t", "ml.m5.xlarge", 10, "2.3");
    List<Candidate> candidates = bill.audit().candidates();
    assertThat(candidates.getFirst().fits()).isTrue();
    assertThat(candidates.getFirst().reasons()).contains("a SageMaker endpoint serves a model");
    assertThat(candidates.getLast().fits()).isFalse();
    assertThat(candidates.getLast().against()).anyMatch(text -> text.contains("15 minutes"));
  }

  @Test
  void requestsAreSharedByCostOrStatedByTypeOrResource() {
    TestBill bill = fleet(3);
    bill.machine("i-big", "c5.4xlarge", TestBill.HOURS, "285.696");
    TestBill endpoints = fleet(3);
    endpoints.charge("AmazonSageMaker", "Host:ml.c5.large", "e", "ml.c5.large", 744, "285.696");
    List<Candidate> shared =
        endpoints.audit(Utilisation.NONE, TestBill.assumptions(Optional.of(REQUESTS))).candidates();
    assertThat(shared.getFirst().requests()).hasValue(BigDecimal.valueOf(255_000));
    assertThat(shared.getLast().requests()).hasValue(BigDecimal.valueOf(85_000));

    Map<String, BigDecimal> stated = new HashMap<>();
    stated.put("m5.2xlarge", BigDecimal.TEN);
    stated.put("i-big", BigDecimal.ONE);
    List<Candidate> own =
        bill.audit(Utilisation.NONE, requests(stated, Optional.empty())).candidates();
    assertThat(own.getFirst().requests()).hasValue(BigDecimal.TEN);
    assertThat(own.getLast().requests()).hasValue(BigDecimal.ONE);
  }

  @Test
  void anotherCurrencyNeedsItsRate() {
    Map<String, BigDecimal> stated = Map.of("m5.2xlarge", REQUESTS);
    Candidate unknown =
        fleet(1)
            .audit(Utilisation.NONE, requests(stated, Optional.empty()), "EUR")
            .candidates()
            .getFirst();
    assertThat(unknown.breakEven()).isEmpty();
    assertThat(unknown.saving()).isEmpty();

    Optional<BigDecimal> two = Optional.of(BigDecimal.TWO);
    Candidate known =
        fleet(1).audit(Utilisation.NONE, requests(stated, two), "EUR").candidates().getFirst();
    double usd = MonthlyCost.of(CostInputs.production(340_000, 0)).total();
    assertThat(known.here().orElseThrow().doubleValue())
        .isCloseTo(2 * usd, org.assertj.core.data.Offset.offset(0.005));
  }

  @Test
  void aMovedOrIdleResourceIsNotSavedTwice() {
    Advice rightsize = advice("Rightsize", "i-0", "200");
    Advice other = advice("Rightsize", "i-big", "999");
    Advice absent = advice("Stop", "i-elsewhere", "50");
    Utilisation use =
        new Utilisation(Map.of(), List.of(rightsize, other, absent), true, List.of(), List.of());
    TestBill bill = fleet(3);
    bill.machine("i-big", "g5.xlarge", TestBill.HOURS, "750");
    Audit audit = bill.audit(use, TestBill.assumptions(Optional.of(REQUESTS)));

    BigDecimal moved = audit.candidates().getFirst().saving().orElseThrow();
    // of i-0 only the move counts; of i-big not more than its cost
    assertThat(audit.saving()).isEqualByComparingTo(moved.add(BigDecimal.valueOf(750)));

    Utilisation idle =
        new Utilisation(
            Map.of(), List.of(advice("Stop", "i-0", "285")), true, List.of(), List.of());
    Audit stopped = fleet(3).audit(idle, TestBill.assumptions(Optional.of(REQUESTS)));
    assertThat(stopped.candidates().getFirst().fits()).isFalse();
    assertThat(stopped.saving()).isEqualByComparingTo("285");
  }

  private static Advice advice(String action, String id, String saving) {
    Optional<BigDecimal> amount = Optional.of(new BigDecimal(saving));
    return new Advice(action, "Ec2Instance", id, "", amount, "", "Low", true, true, "hub.csv", 2);
  }

  @Test
  void utilisationIsWeightedByCostAndUnknownWithoutAnExport() {
    TestBill bill = fleet(1);
    bill.machine("arn:aws:ec2:us-east-1:1:instance/i-x", "m5.2xlarge", 744, "857.088");
    Map<String, Cpu> cpu =
        Map.of(
            "i-0", new Cpu(Optional.of(60.0), Optional.empty()),
            "i-x", new Cpu(Optional.of(20.0), Optional.of(90.0)));
    Utilisation use = new Utilisation(cpu, List.of(), false, List.of(), List.of());
    Fleet fleet = bill.audit(use, TestBill.assumptions(Optional.empty())).fleets().getFirst();
    assertThat(fleet.average()).hasValue(30.0);
    assertThat(fleet.maximum()).hasValue(90.0);
    assertThat(fleet.averages()).isEqualTo(new Fleet.Use(30, 1, 2));
    assertThat(fleet.maxima().machines()).isOne();
    assertThat(bill.audit().fleets().getFirst().average()).isEmpty();
  }
}
