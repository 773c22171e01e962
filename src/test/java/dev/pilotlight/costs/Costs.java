package dev.pilotlight.costs;

import dev.pilotlight.cli.cost.CostInputs;
import dev.pilotlight.cli.cost.CostLine;
import dev.pilotlight.cli.cost.MonthlyCost;
import dev.pilotlight.support.Prices.Processor;
import java.util.HashMap;
import java.util.Map;

/// The costs of a preset's stack in a month, in USD, by the table of terms: us-east-1.
///
/// Traffic is taken as even over the month, every hit as one from Valkey (without it, from
/// DynamoDB), and the provisioned environments as busy as scaling aims at; what they do not take is
/// run on demand.
record Costs(Figures figures, StackFacts stack) {
  private static final double HOUR_MINUTES = 60;
  private static final double TOKENS = 128; // the durations are given anyway

  static Costs of(String preset) {
    return new Costs(Figures.load(), StackFacts.of(preset));
  }

  /// The costs of the same stack with other values of some parameters.
  Costs with(Map<String, String> values) {
    return new Costs(figures, stack.with(values));
  }

  /// @param hits the share of texts that are known, 0 to 1
  /// @param requests a month, of one text each
  Bill month(Durations durations, double hits, double requests) {
    return Bill.of(cost(durations, hits, requests));
  }

  /// The same by terms.
  MonthlyCost cost(Durations durations, double hits, double requests) {
    Map<String, Double> given = new HashMap<>(facts());
    given.put("hitMs", stack.cached() ? durations.hit() : durations.stored());
    given.put("missMs", stack.cached() ? durations.miss() : durations.missUncached());
    given.put("coldMs", durations.cold());
    return MonthlyCost.of(
        new CostInputs(
            requests,
            hits,
            TOKENS,
            CostInputs.MINI_LM,
            stack.number("MemorySize"),
            stack.processor().equals("arm") ? Processor.ARM : Processor.X86,
            stack.provisioned() ? (int) stack.number("ProvisionedMin") : 0,
            stack.provisioned() ? (int) stack.number("ProvisionedMax") : 0,
            stack.cached(),
            stack.behindApi(),
            false,
            given));
  }

  /// The facts of the template, in place of those that the table of terms assumes.
  private Map<String, Double> facts() {
    return Map.of(
        "utilization", stack.number("ProvisionedUtilization"),
        "cacheTtl", stack.number("CacheTtl"),
        "cacheStorageMax", stack.number("CacheStorageMax"),
        "traced", stack.traced() ? 1.0 : 0.0,
        "alarmMetrics", (double) stack.alarmMetrics(),
        "compositeAlarms", (double) stack.resources("AWS::CloudWatch::CompositeAlarm"),
        "dashboards", (double) stack.resources("AWS::CloudWatch::Dashboard"),
        "keys", (double) stack.resources("AWS::KMS::Key"),
        "queues", (double) stack.polledQueues());
  }

  /// The costs of a month without any call: metrics that nobody writes are not billed.
  Bill idle() {
    return Bill.of(idleCost());
  }

  private MonthlyCost idleCost() {
    return cost(Durations.measured(figures), 0, 0);
  }

  /// The same, less what is free in an account that has nothing else.
  double idleInTheFreeTier() {
    double metrics = Math.min((double) stack.alarmMetrics(), figures.of("free.alarm-metrics"));
    boolean small = stack.dashboardMetrics() <= figures.of("free.dashboard-metrics");
    double polls = Math.min(polls(), figures.of("free.sqs.requests"));
    return idle().total()
        - metrics * figures.of("cloudwatch.alarm-metric-month")
        - (small ? dashboard() : 0)
        - polls * figures.each("sqs.requests.million");
  }

  /// Requests with which Lambda polls the queues in a month, also while they are empty.
  private double polls() {
    return stack.polledQueues()
        * figures.of("sqs.idle.polls.minute")
        * HOUR_MINUTES
        * figures.of("month.hours");
  }

  /// The traffic at which a month of the stack costs what one of the fleet does, in millions.
  double even(Durations durations, double hits, double fleetUsd) {
    return cost(durations, hits, 0).breakEvenRequests(fleetUsd).orElse(0) / 1e6;
  }

  double alarms() {
    return idle("alarms");
  }

  double incident() {
    return idle("composites");
  }

  double dashboard() {
    return idle("dashboard");
  }

  double key() {
    return idle("key");
  }

  private double idle(String term) {
    return usd(idleCost(), term);
  }

  /// The USD of a term.
  static double usd(MonthlyCost cost, String term) {
    return cost.lines().stream()
        .filter(line -> line.name().equals(term))
        .mapToDouble(CostLine::usd)
        .sum();
  }
}
