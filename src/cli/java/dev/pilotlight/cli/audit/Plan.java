package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.use.Utilisation.Advice;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Makes the plan for 30 days, 90 days and 6 months. No saving is counted twice: a machine that
/// moves or is deleted has no other saving.
final class Plan {
  static final int SOON = 30;
  static final int NEXT = 90;
  static final int LATER = 180;

  private static final Optional<BigDecimal> NONE = Optional.empty();
  private static final String CONDITION =
      "if all of these machines serve ONNX models alone; replay real requests first, within 30"
          + " days";

  private final Books books;
  private final Assumptions assumptions;
  private final List<Advised> advised;
  private final List<Candidate> candidates;
  private final List<Step> steps = new ArrayList<>();

  private Plan(
      Books books, Assumptions assumptions, List<Advised> advised, List<Candidate> candidates) {
    this.books = books;
    this.assumptions = assumptions;
    this.advised = advised;
    this.candidates = candidates;
  }

  /// @param untouched services to which no rule applies; each large one is asked about
  /// @param budgets whether a budget is seen or stated
  static List<Step> of(
      Books books,
      Assumptions assumptions,
      List<Advised> advised,
      List<Candidate> candidates,
      List<Finding> findings,
      List<ServiceCost> untouched,
      Optional<Boolean> budgets) {
    Plan plan = new Plan(books, assumptions, advised, candidates);
    plan.idle();
    findings.forEach(plan::follow);
    plan.measure();
    if (!budgets.orElse(false)) {
      plan.budget();
    }
    plan.move();
    plan.advice();
    plan.commit();
    plan.steps.sort(
        Comparator.comparingInt(Step::days)
            .thenComparing(
                step -> step.saving().orElse(BigDecimal.ZERO), Comparator.reverseOrder()));
    plan.steps.addAll(
        0,
        untouched.stream()
            .filter(ServiceCost::large)
            .map(service -> Step.ask(service, books.month()))
            .toList());
    return List.copyOf(plan.steps);
  }

  private void step(
      int days,
      String title,
      Optional<BigDecimal> saving,
      String effort,
      String risk,
      String why,
      String command) {
    steps.add(new Step(days, title, saving, effort, risk, why, command, ""));
  }

  private void idle() {
    for (Advised each : advised) {
      if (each.idle()) {
        Advice advice = each.best();
        step(
            SOON,
            advice.action() + " " + advice.id() + " (idle)",
            each.saving(),
            each.effort(),
            advice.rollback() ? "low: can be rolled back" : "medium: cannot be rolled back",
            "%s, line %d".formatted(advice.file(), advice.line()),
            each.command());
      }
    }
  }

  private void follow(Finding finding) {
    switch (finding.id()) {
      case Findings.GP2, Findings.ADDRESSES, Findings.NAT -> soon(finding);
      case Finding.STANDARD, Findings.NIGHTS, Findings.SNAPSHOTS -> next(finding);
      case Findings.SAME_SIZE ->
          step(
              LATER,
              "Keep one copy of data that is kept more than once",
              NONE,
              "High",
              "high: check what reads each copy",
              finding.title(),
              "");
      default -> {
        // transfer and unused commitments have no step of a bill alone
      }
    }
  }

  private void soon(Finding finding) {
    switch (finding.id()) {
      case Findings.GP2 -> gp3(finding);
      case Findings.ADDRESSES ->
          step(
              SOON,
              "Release idle addresses",
              finding.saving(),
              "VeryLow",
              "medium: an address is lost for good",
              finding.title(),
              "aws ec2 release-address --allocation-id ALLOCATION");
      default ->
          step(
              SOON,
              "Reach S3 and DynamoDB by gateway endpoints",
              NONE,
              "Low",
              "low: routes change",
              finding.title(),
              "aws ec2 create-vpc-endpoint --vpc-id VPC --service-name"
                  + " com.amazonaws.REGION.s3 --route-table-ids TABLE");
    }
  }

  private void gp3(Finding finding) {
    Findings.Disks disks = Findings.Disks.of(books);
    String risk = "medium: online, but disks of over 170 GB may get slower";
    if (disks.all().isPresent()) {
      long all = disks.all().getAsLong();
      String count = (disks.fast() < all ? "at least " : "") + disks.fast() + " of " + all;
      risk =
          disks.fast() == 0
              ? "low: online, if no disk is over 170 GB (the bill has GB-months only)"
              : "medium: online, but disks of over 170 GB (%s) may get slower".formatted(count);
    }
    steps.add(
        new Step(
            SOON,
            "Change gp2 disks to gp3",
            finding.saving(),
            "Low",
            risk,
            finding.title(),
            "aws ec2 modify-volume --volume-id VOLUME --volume-type gp3",
            "if 125 MB/s and 3,000 IOPS are enough for each disk"));
  }

  private void next(Finding finding) {
    switch (finding.id()) {
      case Finding.STANDARD ->
          step(
              NEXT,
              "Move unread objects to Intelligent-Tiering",
              finding.saving(),
              "Low",
              "low: a fee for each object",
              finding.title(),
              "aws s3api put-bucket-lifecycle-configuration --bucket BUCKET"
                  + " --lifecycle-configuration file://tiering.json");
      case Findings.NIGHTS ->
          step(
              NEXT,
              "Stop machines that nobody needs at night",
              NONE,
              "Medium",
              "medium: someone may need one",
              finding.title(),
              "aws autoscaling put-scheduled-update-group-action --auto-scaling-group-name GROUP"
                  + " --scheduled-action-name night --recurrence '0 20 * * 1-5'"
                  + " --desired-capacity 0 --min-size 0");
      default ->
          step(
              NEXT,
              "Delete old snapshots by a lifecycle policy",
              NONE,
              "Low",
              "medium: a deleted snapshot is lost",
              finding.title(),
              "aws dlm create-lifecycle-policy --policy-details file://snapshots.json"
                  + " --description snapshots --state ENABLED --execution-role-arn ROLE");
    }
  }

  private void measure() {
    boolean unknown =
        candidates.stream()
            .anyMatch(each -> each.fleet().alwaysOn() > 0 && each.fleet().average().isEmpty());
    if (unknown) {
      step(
          SOON,
          "Export the use of machines, then run this again with --utilisation",
          NONE,
          "VeryLow",
          "none",
          "utilisation is unknown",
          "aws compute-optimizer export-ec2-instance-recommendations --s3-destination-config"
              + " bucket=BUCKET");
    }
  }

  private void budget() {
    step(
        SOON,
        "Set a budget that alerts",
        NONE,
        "VeryLow",
        "none",
        "no budget is seen or stated",
        "aws budgets create-budget --account-id ACCOUNT --budget file://budget.json");
  }

  private void move() {
    for (Candidate candidate : candidates) {
      if (candidate.fits()) {
        Fleet fleet = candidate.fleet();
        String what = "%d × %s".formatted(fleet.alwaysOn(), fleet.instanceType());
        step(
            SOON,
            "Replay real requests of " + what + " against both before you move",
            NONE,
            "Low",
            "none",
            "Pilotlight must give the same answers",
            "./pilotlight replay --help");
        steps.add(
            new Step(
                NEXT,
                "Move inference from " + what + " to Pilotlight",
                candidate.saving(),
                "High",
                "medium: keep the machines until Pilotlight gives the same answers just as fast",
                "serverless candidate",
                Candidates.deploy(assumptions, candidate.requests()),
                fleet.role() == Role.MACHINE ? CONDITION : ""));
      }
    }
  }

  private void advice() {
    Set<String> moved = new HashSet<>();
    for (Candidate candidate : candidates) {
      if (candidate.saving().isPresent()) {
        moved.addAll(candidate.fleet().ids());
      }
    }
    for (Advised each : advised) {
      if (each.idle() || each.resources().stream().anyMatch(key -> moved.contains(key.id()))) {
        continue;
      }
      Advice advice = each.best();
      step(
          NEXT,
          "%s %s %s".formatted(advice.action(), advice.id(), advice.summary()).strip(),
          each.saving(),
          each.effort(),
          advice.restart() ? "medium: needs a restart" : "low: without a restart",
          "%s, line %d".formatted(advice.file(), advice.line()),
          each.command());
    }
  }

  private void commit() {
    boolean rest =
        candidates.stream()
            .filter(each -> each.fleet().alwaysOn() > 0 && each.movable().signum() > 0)
            .anyMatch(each -> each.saving().isEmpty() || each.fleet().role() == Role.MACHINE);
    if (rest) {
      boolean move = candidates.stream().anyMatch(Candidate::fits);
      step(
          LATER,
          move
              ? "If machines stay after the moves: rightsize them, then commit to them"
              : "Rightsize the steady machines, then commit to them",
          NONE,
          "Medium",
          "medium: a commitment is paid whether it is used or not",
          "steady machines that remain, or all of them if the replay fails",
          "aws ce get-savings-plans-purchase-recommendation --savings-plans-type COMPUTE_SP"
              + " --term-in-years ONE_YEAR --payment-option NO_UPFRONT"
              + " --lookback-period-in-days SIXTY_DAYS");
    }
  }
}
