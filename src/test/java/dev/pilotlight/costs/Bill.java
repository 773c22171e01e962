package dev.pilotlight.costs;

import dev.pilotlight.cli.cost.MonthlyCost;
import dev.pilotlight.cli.cost.Part;

/// A month's costs, in USD.
///
/// @param watching metrics, alarms and dashboard
/// @param queues the polling of queues
record Bill(
    double lambda,
    double api,
    double dynamo,
    double cache,
    double logs,
    double watching,
    double queues) {
  static Bill of(MonthlyCost cost) {
    return new Bill(
        cost.part(Part.LAMBDA),
        cost.part(Part.API),
        cost.part(Part.DYNAMODB),
        cost.part(Part.CACHE),
        cost.part(Part.LOGS),
        cost.part(Part.WATCHING),
        cost.part(Part.QUEUES));
  }

  double total() {
    return lambda + api + dynamo + cache + logs + watching + queues;
  }

  /// The same for each of so many.
  Bill per(double count) {
    return new Bill(
        lambda / count,
        api / count,
        dynamo / count,
        cache / count,
        logs / count,
        watching / count,
        queues / count);
  }
}
