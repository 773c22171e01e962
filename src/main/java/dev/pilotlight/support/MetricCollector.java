package dev.pilotlight.support;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Collects the metrics of requests, and writes one line for many. Thread-safe.
///
/// It writes what it holds:
///
/// - with a request that must be visible at once;
/// - with a request after which it would hold over a tenth of the requests that it has written, so
///   that a killed environment loses no more than that: the first ten requests have a line each;
/// - before a request in another minute than the first held one's, or [#AGE_MAX_MILLIS] later.
///   CloudWatch keeps metrics by the minute, so the one timestamp of a line is right for all its
///   requests, also if the environment was frozen meanwhile.
///
/// Requests of different tiers are in different lines, since a line has one value of a dimension. A
/// line is written when it is full.
public final class MetricCollector {
  static final long AGE_MAX_MILLIS = 10_000;
  private static final long MINUTE_MILLIS = 60_000;
  private static final int WRITTEN_PER_HELD = 10;

  private final PrintStream out;
  private final boolean collects;
  private final LongSupplier millis;

  /// By tier.
  private final Map<String, MetricLine> lines = new HashMap<>();

  private int held;
  private long written;
  private long firstMillis;
  private long lastMillis;

  /// @param collects false to write a line for each request
  public MetricCollector(PrintStream out, boolean collects) {
    this(out, collects, System::currentTimeMillis);
  }

  /// @param collects false to write a line for each request
  /// @param millis the time since 1970
  public MetricCollector(PrintStream out, boolean collects, LongSupplier millis) {
    this.out = out;
    this.collects = collects;
    this.millis = millis;
  }

  /// Writes the line of an invocation by itself.
  public void write(MetricLine line) {
    line.write(out, millis.getAsLong());
  }

  /// Takes the line of a request.
  ///
  /// @param atOnce whether it must be visible at once, and with it all that is held
  public void add(MetricLine request, boolean atOnce) {
    if (collects) {
      collect(request, atOnce);
    } else {
      write(request);
    }
  }

  private synchronized void collect(MetricLine request, boolean atOnce) {
    long now = millis.getAsLong();
    if (held > 0 && isOver(now)) {
      writeHeld();
    }
    boolean isDue = atOnce || (held + 1L) * WRITTEN_PER_HELD > written;
    lastMillis = now;
    if (held == 0) {
      firstMillis = now;
      if (isDue) {
        request.write(out, now);
        written++;
        return;
      }
    }
    MetricLine line = lines.get(request.tier());
    if (line == null) {
      line = request.forSeveral();
      lines.put(request.tier(), line);
    }
    line.add(request);
    held++;
    if (isDue) {
      writeHeld();
    } else if (line.isFull()) {
      lines.remove(request.tier());
      writeLine(line, now);
    }
  }

  private boolean isOver(long now) {
    return now - firstMillis >= AGE_MAX_MILLIS
        || now / MINUTE_MILLIS != firstMillis / MINUTE_MILLIS;
  }

  /// Writes what is held. Call this before the process ends.
  public synchronized void writeHeld() {
    for (MetricLine line : lines.values()) {
      writeLine(line, lastMillis);
    }
    lines.clear();
  }

  private void writeLine(MetricLine line, long at) {
    line.write(out, at);
    held -= line.requests();
    written += line.requests();
  }
}
