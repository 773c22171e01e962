package dev.pilotlight.cli.replay;

import java.util.List;
import java.util.Map;

/// The measured requests of one target.
///
/// @param headers names of the headers that were added to each request
/// @param sent requests that were answered, failed or timed out
/// @param notSent requests for which too many were in flight
/// @param succeeded answers with 2xx
/// @param kinds requests by status, or by the reason for no answer
/// @param latency from when a request was due: of answers with 2xx and of time-outs
/// @param throughput answers with 2xx a second
/// @param withCacheStatus answers with 2xx and the header `Cache-Status`
/// @param withCost answers with 2xx and the header `pilotlight-cost-usd`
/// @param costUsd the sum of these headers
public record TargetResult(
    String url,
    List<String> headers,
    int sent,
    int notSent,
    int succeeded,
    Map<String, Integer> kinds,
    Latency latency,
    double throughput,
    int withCacheStatus,
    int hits,
    int withCost,
    double costUsd) {
  /// The share of all requests that were due and did not get 2xx.
  public double errorShare() {
    int due = sent + notSent;
    return due == 0 ? 0 : (double) (due - succeeded) / due;
  }

  /// NaN without the header.
  double hitShare() {
    return withCacheStatus == 0 ? Double.NaN : (double) hits / withCacheStatus;
  }

  /// The estimate of a month, without fixed costs; NaN without the header.
  double usdMonth(double requests) {
    return withCost == 0 ? Double.NaN : costUsd / withCost * requests;
  }
}
