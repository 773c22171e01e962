package dev.pilotlight.local;

import dev.pilotlight.local.support.Option;
import dev.pilotlight.local.support.Ports;
import java.time.Duration;
import java.util.List;

/// The ports of a stack before it starts.
final class FreePorts {
  private static final Duration AFTER_A_KILL = Duration.ofMillis(500);

  private FreePorts() {}

  /// Requires that all ports are free, or become so within half a second: the parts of a runner
  /// that was killed may take so long to end.
  ///
  /// @param redis whether there is a Redis, which needs its port
  /// @throws IllegalStateException in one clear line that names every port that is taken
  static void require(Options options, boolean redis) {
    long end = System.nanoTime() + AFTER_A_KILL.toNanos();
    List<String> taken = taken(options, redis);
    while (!taken.isEmpty() && System.nanoTime() < end) {
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while ports are taken", e);
      }
      taken = taken(options, redis);
    }
    if (!taken.isEmpty()) {
      throw new IllegalStateException("taken: port " + String.join(", port ", taken));
    }
  }

  private static List<String> taken(Options options, boolean redis) {
    return Option.PORTS.stream()
        .filter(option -> redis || option != Option.REDIS_PORT)
        .filter(option -> !Ports.free(options.port(option)))
        .map(o -> "%d (choose another with -D%s=)".formatted(options.port(o), o.optionName()))
        .toList();
  }
}
