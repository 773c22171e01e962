package dev.pilotlight.domain;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;

/// What a request, or an invocation for a batch, has used so far: counted as it happens, so that it
/// is known of one that fails, too. For one thread at a time; the lines of a batch may be counted
/// by another.
public final class Meter {
  private final EnumMap<Tier, Long> byTier = new EnumMap<>(Tier.class);
  private final List<Timing> timings = new ArrayList<>();
  private long items;
  private long halfReads;
  private long writes;
  private long puts;
  private long gets;
  private long lines;
  private long lineErrors;

  /// A stage is over. Times of one stage add up.
  public void took(Timing timing) {
    for (int i = 0; i < timings.size(); i++) {
      Timing before = timings.get(i);
      if (before.stage().equals(timing.stage())) {
        timings.set(i, new Timing(timing.stage(), before.nanos() + timing.nanos()));
        return;
      }
    }
    timings.add(timing);
  }

  /// Items are to be answered.
  public void asked(int count) {
    items += count;
  }

  /// Items are known, or were run.
  public void answered(Tier tier, int count) {
    byTier.merge(tier, (long) count, Long::sum);
  }

  /// DynamoDB was read.
  ///
  /// @param halfUnits of capacity
  public void read(long halfUnits) {
    halfReads += halfUnits;
  }

  /// DynamoDB was written to.
  ///
  /// @param units of capacity
  public void wrote(long units) {
    writes += units;
  }

  /// S3 was asked.
  ///
  /// @param newPuts PUT, POST, COPY and LIST requests
  /// @param newGets other requests
  public void objects(long newPuts, long newGets) {
    puts += newPuts;
    gets += newGets;
  }

  /// A line of a batch is answered.
  ///
  /// @param failed by an error
  public void line(boolean failed) {
    lines++;
    lineErrors += failed ? 1 : 0;
  }

  /// How long a stage has taken so far; 0 if it did not run.
  public long nanos(String stage) {
    for (int i = 0; i < timings.size(); i++) {
      if (timings.get(i).stage().equals(stage)) {
        return timings.get(i).nanos();
      }
    }
    return 0;
  }

  /// The stages so far, in order.
  public List<Timing> timings() {
    return timings;
  }

  public long items() {
    return items;
  }

  public long answered(Tier tier) {
    return byTier.getOrDefault(tier, 0L);
  }

  public long halfReads() {
    return halfReads;
  }

  public long writes() {
    return writes;
  }

  public long puts() {
    return puts;
  }

  public long gets() {
    return gets;
  }

  public long lines() {
    return lines;
  }

  public long lineErrors() {
    return lineErrors;
  }
}
