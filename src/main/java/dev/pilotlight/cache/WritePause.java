package dev.pilotlight.cache;

import dev.pilotlight.support.Durations;
import dev.pilotlight.support.Log;
import java.time.Duration;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisDataException;

/// Backs off from a server that refuses writes, because it is full, a replica, or forbids them.
/// Look-ups continue.
///
/// A refusal stops writes for an interval, and each further one in a row for twice as long, up to
/// 32 intervals. Then one caller's write is the trial. It logs one warning when writes are refused,
/// and one line when they are accepted again. Thread-safe.
final class WritePause {
  private static final int DOUBLINGS_MAX = 5;

  private final HostAndPort address;
  private final Duration interval;
  private final Log log;
  private volatile boolean refusing;
  private boolean trial;
  private int refusalsInRow;
  private long endNanos;

  WritePause(HostAndPort address, Duration interval, Log log) {
    this.address = address;
    this.interval = interval;
    this.log = log;
  }

  boolean allows() {
    return !refusing || isTrial();
  }

  void accepted() {
    if (refusing) {
      end();
    }
  }

  /// Refusals of concurrent writes count once.
  synchronized void refused(JedisDataException cause) {
    if (refusing && !trial) {
      return;
    }
    if (!refusing) {
      log.warn("Redis refuses writes; backing off until it accepts one", cause, "redis", address);
    }
    refusing = true;
    trial = false;
    refusalsInRow = Math.min(refusalsInRow + 1, DOUBLINGS_MAX + 1);
    pause();
  }

  /// At the end of a pause one caller gets the trial; for the others the pause starts again.
  private synchronized boolean isTrial() {
    if (refusing && System.nanoTime() - endNanos < 0) {
      return false;
    }
    trial = true;
    pause();
    return true;
  }

  private void pause() {
    int doublings = Math.max(0, refusalsInRow - 1);
    endNanos = System.nanoTime() + Durations.times(interval, 1L << doublings).toNanos();
  }

  private synchronized void end() {
    if (refusing) {
      refusing = false;
      refusalsInRow = 0;
      log.info("Redis accepts writes again", "redis", address);
    }
  }
}
