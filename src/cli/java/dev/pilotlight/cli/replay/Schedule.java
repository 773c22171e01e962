package dev.pilotlight.cli.replay;

import java.util.List;
import java.util.stream.IntStream;

/// When each request is due at each target.
///
/// @param rate requests a second to each target
/// @param warmUp requests before those that are measured
/// @param count requests that are measured
/// @param targets 1 or 2
/// @param interleaved whether two targets get each request half an interval apart; else the second
///   begins when the first is done
public record Schedule(double rate, int warmUp, int count, int targets, boolean interleaved) {
  private static final double NANOS = 1e9;

  /// One request to one target.
  ///
  /// @param index from 0, the same for both targets
  /// @param offsetNanos since the beginning of the pass
  record Slot(int target, int index, boolean warmUp, long offsetNanos) {}

  /// The slots of each pass, which are run one after another, in the order of time. Where targets
  /// are interleaved, the one that comes first alternates.
  List<Iterable<Slot>> passes() {
    return targets == 1 || interleaved
        ? List.of(pass(0, targets))
        : List.of(pass(0, 1), pass(1, 1));
  }

  private Iterable<Slot> pass(int first, int width) {
    return () ->
        IntStream.range(0, (warmUp + count) * width)
            .mapToObj(i -> slot(first, width, i / width, i % width))
            .iterator();
  }

  private Slot slot(int first, int width, int index, int place) {
    int target = first + (place + index) % width;
    double due = (index + (double) place / width) / rate;
    return new Slot(target, index, index < warmUp, Math.round(due * NANOS));
  }
}
