package dev.pilotlight.costs;

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
