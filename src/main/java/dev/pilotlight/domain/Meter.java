package dev.pilotlight.domain;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Counts what a request or a batch's invocation uses, as it happens, so that failures are measured
/// too. For one thread at a time; another thread may count the lines of a batch.
@SuppressWarnings("EnumOrdinal") // of arrays that live as long as this object
public final class Meter {
  /// A stage that has ended.
  ///
  /// @param atNanos of [System#nanoTime()]
  public record Ended(Timing timing, long atNanos) {}

  private static final Timing.Stage[] STAGES = Timing.Stage.values();
  private static final int TIERS = Tier.values().length;

  private final long[] byTier = new long[TIERS];
  private final long[] byStage = new long[STAGES.length];

  /// A bit for each stage that ran.
  private int stages;

  private long items;
  private long halfReads;
  private long writes;
  private long puts;
  private long gets;
  private long lines;
  private long lineErrors;
  private long runNanos;
  private long wastedRuns;
  private long lost;
  private boolean redisAway;
  private boolean notLoaded;
  private @Nullable List<Ended> ends;

  /// Adds the time of a stage. Times of one stage add up.
  public void took(Timing timing) {
    int stage = timing.stage().ordinal();
    byStage[stage] += timing.nanos();
    stages |= 1 << stage;
    if (ends != null) {
      ends.add(new Ended(timing, System.nanoTime()));
    }
  }

  /// Keeps from now on when each stage ended, for a trace.
  public void keepEnds() {
    ends = new ArrayList<>();
  }

  /// The stages that have ended since [#keepEnds()], in order.
  public List<Ended> ends() {
    return ends == null ? List.of() : ends;
  }

  /// Adds items that a request holds.
  public void asked(int count) {
    items += count;
  }

  /// Adds items that a tier answered, or that were run.
  public void answered(Tier tier, int count) {
    byTier[tier.ordinal()] += count;
  }

  /// Adds reads of DynamoDB.
  ///
  /// @param halfUnits halves of read capacity units
  public void read(long halfUnits) {
    halfReads += halfUnits;
  }

  /// Adds writes to DynamoDB.
  ///
  /// @param units write capacity units
  public void wrote(long units) {
    writes += units;
  }

  /// Adds requests to S3.
  ///
  /// @param newPuts PUT, POST, COPY and LIST requests
  /// @param newGets other requests
  public void objects(long newPuts, long newGets) {
    puts += newPuts;
    gets += newGets;
  }

  /// Adds the time of an item's run; the runs of a request may overlap.
  public void executed(long nanos) {
    runNanos += nanos;
  }

  /// Adds runs that began early and whose results were not used.
  public void wasted(int count) {
    wastedRuns += count;
  }

  /// Adds an answered line of a batch.
  ///
  /// @param failed whether the answer is an error
  public void line(boolean failed) {
    lines++;
    lineErrors += failed ? 1 : 0;
  }

  /// Adds results that callers got and that could not be stored.
  public void lost(int count) {
    lost += count;
  }

  /// Notes that Redis, or one of its nodes, did not answer for an item.
  public void redisAway() {
    redisAway = true;
  }

  /// Notes that the request's model was not loaded, so that there is no answer.
  public void notLoaded() {
    notLoaded = true;
  }

  /// The stages that have run so far, in order.
  public List<Timing> timings() {
    List<Timing> timings = new ArrayList<>(STAGES.length);
    for (Timing.Stage stage : STAGES) {
      if (ran(stage)) {
        timings.add(new Timing(stage, nanos(stage)));
      }
    }
    return timings;
  }

  public boolean ran(Timing.Stage stage) {
    return (stages & (1 << stage.ordinal())) != 0;
  }

  /// How long a stage took; 0 if it has not run.
  public long nanos(Timing.Stage stage) {
    return byStage[stage.ordinal()];
  }

  public long items() {
    return items;
  }

  public long answered(Tier tier) {
    return byTier[tier.ordinal()];
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

  /// How long the runs took, each by itself.
  public long runNanos() {
    return runNanos;
  }

  public long wastedRuns() {
    return wastedRuns;
  }

  public long lost() {
    return lost;
  }

  public boolean isRedisAway() {
    return redisAway;
  }

  public boolean isNotLoaded() {
    return notLoaded;
  }

  public long lines() {
    return lines;
  }

  public long lineErrors() {
    return lineErrors;
  }
}
