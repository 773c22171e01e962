package dev.pilotlight.cli.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;

/// Replays traffic against one or two targets.
public final class Campaign {
  /// Answers that wait for the other target's may take this share of the heap.
  private static final long HEAP_SHARE = 4;

  private static final int DIGITS = 3;
  private static final long NANOS_PER_MICRO = 1_000;

  private final List<RecordedRequest> requests;
  private final List<HttpTarget> targets;
  private final Schedule schedule;
  private final int inFlightMax;

  /// @param targets one, or two whose answers are compared
  /// @param inFlightMax for each target
  public Campaign(
      List<RecordedRequest> requests,
      List<HttpTarget> targets,
      Schedule schedule,
      int inFlightMax) {
    this.requests = requests;
    this.targets = targets;
    this.schedule = schedule;
    this.inFlightMax = inFlightMax;
  }

  /// The results of a replay.
  ///
  /// @param differences empty if there is one target
  /// @param lateness of all requests that are measured
  public record Outcome(
      List<TargetResult> targets, Optional<Differences.Result> differences, Lateness lateness) {}

  /// How late the client was with requests: latency counts from when a request was due, and so
  /// includes it.
  ///
  /// @param p99 in milliseconds
  /// @param max in milliseconds
  public record Lateness(double p99, double max) {
    private static final double MICROS_PER_MILLI = 1_000;
    private static final double PERCENTILE = 99;
    private static final double BOUND_MS = 5;

    static Lateness of(Histogram micros) {
      return new Lateness(
          micros.getValueAtPercentile(PERCENTILE) / MICROS_PER_MILLI,
          micros.getMaxValue() / MICROS_PER_MILLI);
    }

    /// A sentence for reports.
    String sentence() {
      String facts =
          ReplayReport.format(
              "The client was up to %.2f ms late with a request (p99 %.2f ms); latency includes"
                  + " it.",
              max, p99);
      return p99 > BOUND_MS
          ? facts + " It could not keep this rate: the latencies are partly the client's."
          : facts;
    }
  }

  /// Sends everything, and returns when all is answered and compared.
  public Outcome run(AnswerRules rules) throws InterruptedException {
    List<Tally> tallies = new ArrayList<>();
    targets.forEach(_ -> tallies.add(new Tally()));
    long bytesMax = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    try (Differences differences = new Differences(rules, bytesMax)) {
      Collector collector = new Collector(tallies, differences);
      OpenLoop loop = new OpenLoop(Pacer.system(), this::send, collector, inFlightMax);
      ClientWarmUp.run(targets.stream().anyMatch(target -> target.url().startsWith("https:")));
      for (Iterable<Schedule.Slot> pass : schedule.passes()) {
        loop.run(pass, targets.size());
      }
      List<TargetResult> results = new ArrayList<>();
      for (int i = 0; i < targets.size(); i++) {
        HttpTarget target = targets.get(i);
        results.add(tallies.get(i).result(target.url(), target.headers().names()));
      }
      Differences.Result compared = differences.finish();
      return new Outcome(
          results,
          targets.size() < 2 ? Optional.empty() : Optional.of(compared),
          Lateness.of(collector.lateMicros));
    }
  }

  private CompletableFuture<Reply> send(Schedule.Slot slot) {
    return targets.get(slot.target()).send(request(slot));
  }

  private RecordedRequest request(Schedule.Slot slot) {
    return requests.get(slot.index() % requests.size());
  }

  private final class Collector implements OpenLoop.Listener {
    private final List<Tally> tallies;
    private final Differences differences;

    /// Used by the loop's thread alone.
    private final Histogram lateMicros = new Histogram(DIGITS);

    Collector(List<Tally> tallies, Differences differences) {
      this.tallies = tallies;
      this.differences = differences;
    }

    @Override
    public void answered(Schedule.Slot slot, Reply reply, long latencyNanos, long doneNanos) {
      if (!slot.warmUp()) {
        tallies.get(slot.target()).add(reply, latencyNanos, doneNanos);
        if (targets.size() > 1) {
          differences.add(slot.target(), slot.index(), request(slot), reply);
        }
      }
    }

    @Override
    public void sending(Schedule.Slot slot, long lateNanos) {
      if (!slot.warmUp()) {
        lateMicros.recordValue(lateNanos / NANOS_PER_MICRO);
      }
    }

    @Override
    public void notSent(Schedule.Slot slot) {
      if (!slot.warmUp()) {
        tallies.get(slot.target()).notSent();
        if (targets.size() > 1) {
          differences.notSent(slot.index());
        }
      }
    }
  }
}
