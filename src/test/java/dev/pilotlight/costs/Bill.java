package dev.pilotlight.costs;

/// A month's costs, in USD.
///
/// @param watching metrics, alarms and dashboard
record Bill(double lambda, double api, double dynamo, double cache, double logs, double watching) {
  double total() {
    return lambda + api + dynamo + cache + logs + watching;
  }

  /// The same for each of so many.
  Bill per(double count) {
    return new Bill(
        lambda / count, api / count, dynamo / count, cache / count, logs / count, watching / count);
  }
}
