package dev.pilotlight.costs;

/// A stack compared with the fleet, for the traffic that makes the fleet as busy as it is.
///
/// @param hits the hit rate of the stack, 0 to 1
record Comparison(Costs costs, Fleet fleetOf, Durations durations, double hits) {
  private static final double MILLION = 1e6;
  private static final double PERCENT = 100;

  String name() {
    return durations.name();
  }

  double computed() {
    return durations.computed();
  }

  /// Inferences of the fleet a month, each of them computed, in millions.
  double millions() {
    return fleetOf.inferences(computed()) / MILLION;
  }

  /// USD a million.
  double fleet() {
    return fleetOf.monthUsd() / millions();
  }

  /// USD a million.
  double stack(double known) {
    return stack(costs, known);
  }

  /// The same for another preset's stack.
  double stack(Costs other, double known) {
    return other.month(durations, known, millions() * MILLION).total() / millions();
  }

  /// How much more the stack costs than the fleet, in percent.
  double change() {
    return (stack(hits) / fleet() - 1) * PERCENT;
  }

  /// The same for Lambda and API Gateway alone: the fleet too only takes requests and computes.
  double likeForLike() {
    Bill bill = costs.month(durations, hits, millions() * MILLION);
    return ((bill.lambda() + bill.api()) / fleetOf.monthUsd() - 1) * PERCENT;
  }

  /// How much more the stack costs, in percent, for the traffic of a fleet that computes only the
  /// misses, as the stack does.
  double changeIfFleetCaches() {
    double requests = fleetOf.inferences(computed()) / (1 - hits);
    double stack = costs.month(durations, hits, requests).total();
    return (stack / fleetOf.monthUsd() - 1) * PERCENT;
  }

  /// The traffic at which a month of the stack costs what one of the fleet does, in millions.
  double even() {
    return costs.even(durations, hits, fleetOf.monthUsd());
  }
}
