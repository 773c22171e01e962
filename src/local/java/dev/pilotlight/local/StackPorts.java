package dev.pilotlight.local;

import dev.pilotlight.local.support.Option;
import dev.pilotlight.local.support.Ports;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Checks the ports of a local stack before anything is started.
final class StackPorts {
  private static final Duration AFTER_A_KILL = Duration.ofMillis(500);

  private StackPorts() {}

  /// Says of all ports of a stack at once which are taken.
  ///
  /// @throws IllegalStateException in one clear line if one is, and stays so for half a second:
  ///   that is how long the parts of a killed runner may take to end
  static void requireFree(Options.PortNumbers ports) {
    long end = System.nanoTime() + AFTER_A_KILL.toNanos();
    List<String> taken = taken(ports);
    while (!taken.isEmpty() && System.nanoTime() < end) {
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while ports are taken", e);
      }
      taken = taken(ports);
    }
    if (!taken.isEmpty()) {
      throw new IllegalStateException("taken: port " + String.join(", port ", taken));
    }
  }

  private static List<String> taken(Options.PortNumbers ports) {
    Map<Option, Integer> wanted = new LinkedHashMap<>();
    wanted.put(Option.GATEWAY_PORT, ports.gateway());
    wanted.put(Option.INVOKE_PORT, ports.invoke());
    wanted.put(Option.REDIS_PORT, ports.redis());
    wanted.put(Option.DYNAMODB_PORT, ports.dynamo());
    wanted.put(Option.S3_PORT, ports.s3());
    List<String> taken = new ArrayList<>();
    wanted.forEach(
        (option, port) -> {
          try {
            Ports.requireFree(option.meaning(), port);
          } catch (IllegalStateException e) {
            taken.add("%d (choose another with -D%s=)".formatted(port, option.optionName()));
          }
        });
    return taken;
  }
}
