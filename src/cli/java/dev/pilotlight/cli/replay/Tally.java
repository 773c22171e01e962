package dev.pilotlight.cli.replay;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// Counts one target's answers. Thread-safe.
final class Tally {
  private static final int DIGITS = 3;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final double NANOS = 1e9;

  private final Map<String, Integer> kinds = new TreeMap<>();
  private final Histogram micros = new Histogram(DIGITS);
  private int succeeded;
  private int notSent;
  private int hits;
  private int withCacheStatus;
  private int withCost;
  private double costUsd;
  private long firstNanos;
  private long lastNanos;

  /// @param latencyNanos since the request was due
  /// @param doneNanos when the answer had arrived
  synchronized void add(Reply reply, long latencyNanos, long doneNanos) {
    boolean first = kinds.isEmpty();
    firstNanos = first ? doneNanos - latencyNanos : Math.min(firstNanos, doneNanos - latencyNanos);
    lastNanos = first ? doneNanos : Math.max(lastNanos, doneNanos);
    kinds.merge(reply.kind(), 1, Integer::sum);
    if (reply.succeeded() || reply.failure().equals(Reply.TIMEOUT)) {
      micros.recordValue(Math.max(0, latencyNanos / NANOS_PER_MICRO));
    }
    if (!reply.succeeded()) {
      return;
    }
    succeeded++;
    if (!reply.cacheStatus().isEmpty()) {
      withCacheStatus++;
      hits += CacheStatus.isHit(reply.cacheStatus()) ? 1 : 0;
    }
    if (reply.costUsd() >= 0) {
      withCost++;
      costUsd += reply.costUsd();
    }
  }

  synchronized void notSent() {
    notSent++;
  }

  /// @param headers names of the headers that were added
  synchronized TargetResult result(String url, List<String> headers) {
    int sent = kinds.values().stream().mapToInt(Integer::intValue).sum();
    double seconds = (lastNanos - firstNanos) / NANOS;
    return new TargetResult(
        url,
        headers,
        sent,
        notSent,
        succeeded,
        new TreeMap<>(kinds),
        Latency.of(micros),
        seconds > 0 ? succeeded / seconds : 0,
        withCacheStatus,
        hits,
        withCost,
        costUsd);
  }
}
