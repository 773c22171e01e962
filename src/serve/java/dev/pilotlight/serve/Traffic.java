package dev.pilotlight.serve;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// Counts requests and connections since the start. Thread-safe.
final class Traffic {
  /// Bounds of the buckets of durations, in seconds.
  static final double[] BOUNDS = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
  };

  private static final double NANOS = 1e9;

  private final AtomicLong inFlight = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();
  private final AtomicLong waiting = new AtomicLong();
  private final LongAdder bytesIn = new LongAdder();
  private final LongAdder bytesOut = new LongAdder();
  private final LongAdder broken = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
  private final Map<Integer, LongAdder> byStatus = new ConcurrentSkipListMap<>();
  private volatile boolean draining;

  Traffic() {
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = new LongAdder();
    }
  }

  /// From now on the server is not ready.
  void drain() {
    draining = true;
  }

  boolean isDraining() {
    return draining;
  }

  void begin() {
    inFlight.incrementAndGet();
  }

  /// A request has its response and its deferred work is done.
  void end() {
    inFlight.decrementAndGet();
  }

  long inFlight() {
    return inFlight.get();
  }

  void opened() {
    connections.incrementAndGet();
  }

  void closed() {
    connections.decrementAndGet();
  }

  long connections() {
    return connections.get();
  }

  void queued() {
    waiting.incrementAndGet();
  }

  void dequeued() {
    waiting.decrementAndGet();
  }

  long waiting() {
    return waiting.get();
  }

  void answered(int status, long in, long out, long took) {
    count(status);
    bytesIn.add(in);
    bytesOut.add(out);
    nanos.add(took);
    int bucket = 0;
    while (bucket < BOUNDS.length && took > BOUNDS[bucket] * NANOS) {
      bucket++;
    }
    buckets[bucket].increment();
  }

  /// Counts an answer that the server made itself.
  void refused(int status) {
    count(status);
  }

  private void count(int status) {
    byStatus.computeIfAbsent(status, _ -> new LongAdder()).increment();
  }

  /// Counts a request whose connection ended within its answer.
  void broken() {
    broken.increment();
  }

  long brokenCount() {
    return broken.sum();
  }

  /// Answers by their status.
  Map<Integer, LongAdder> byStatus() {
    return byStatus;
  }

  long bytesIn() {
    return bytesIn.sum();
  }

  long bytesOut() {
    return bytesOut.sum();
  }

  double seconds() {
    return nanos.sum() / NANOS;
  }

  /// Answers that took longer than the bound before this bucket's, and no longer than its own.
  long bucket(int index) {
    return buckets[index].sum();
  }
}
