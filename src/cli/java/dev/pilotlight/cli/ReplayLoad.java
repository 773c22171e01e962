package dev.pilotlight.cli;

import dev.pilotlight.cli.replay.Schedule;
import dev.pilotlight.cli.replay.Traffic;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// The options of a replay that determine how many requests are sent, and when.
final class ReplayLoad {
  private static final int COUNT_MAX = 10_000_000;
  private static final double RATE_MAX = 100_000;
  private static final int IN_FLIGHT_MAX = 100_000;
  private static final double TIMEOUT_MAX = 3_600;
  private static final double MILLIS = 1_000;

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      defaultValue = "10",
      description = "Requests a second to each server; default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(
      names = "--count",
      paramLabel = "COUNT",
      description =
          "How many requests are measured, FILE's again and again; default: each once,"
              + " without those of --warm-up.")
  private @Nullable Integer count;

  @Option(
      names = "--duration",
      paramLabel = "SECONDS",
      description = "For how long requests are measured, instead of --count.")
  private @Nullable Double duration;

  @Option(
      names = "--warm-up",
      paramLabel = "COUNT",
      defaultValue = "0",
      description = "Requests sent before those that are measured; default: ${DEFAULT-VALUE}.")
  private int warmUp;

  @Option(
      names = "--in-flight",
      paramLabel = "COUNT",
      defaultValue = "256",
      description =
          "The most requests that wait for an answer of one server; further ones are not sent, and"
              + " counted; default: ${DEFAULT-VALUE}.")
  private int inFlight;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "After which a request has failed; default: ${DEFAULT-VALUE}.")
  private double timeout;

  @Option(
      names = "--sequential",
      description = "With --against: the second server's turn comes when the first one's is over.")
  private boolean sequential;

  boolean sequential() {
    return sequential;
  }

  int inFlight() {
    return inFlight;
  }

  Duration timeout() {
    return Duration.ofMillis(Math.max(1, Math.round(timeout * MILLIS)));
  }

  /// How many requests of the file are needed at most.
  int most() {
    Double seconds = duration;
    Integer chosen = count;
    double wanted = Double.MAX_VALUE;
    if (chosen != null) {
      wanted = (double) chosen + warmUp;
    } else if (seconds != null) {
      wanted = seconds * rate + warmUp;
    }
    return wanted >= 1 && wanted < Traffic.REQUESTS_MAX
        ? (int) Math.ceil(wanted)
        : Integer.MAX_VALUE;
  }

  /// @param requests of the file
  /// @param targets 1 or 2
  /// @throws ParameterException if an option is out of its range
  Schedule schedule(CommandSpec spec, int requests, int targets) {
    require(spec, rate > 0 && rate <= RATE_MAX, "--rate is %s; accepted: above 0, to 100000", rate);
    require(
        spec, warmUp >= 0 && warmUp <= COUNT_MAX, "--warm-up is %s; accepted: 0–10000000", warmUp);
    require(
        spec,
        inFlight > 0 && inFlight <= IN_FLIGHT_MAX,
        "--in-flight is %s; accepted: 1–100000",
        inFlight);
    require(
        spec,
        timeout > 0 && timeout <= TIMEOUT_MAX,
        "--timeout is %s; accepted: above 0, to 3600",
        timeout);
    return new Schedule(rate, warmUp, measured(spec, requests), targets, !sequential);
  }

  private int measured(CommandSpec spec, int requests) {
    if (count != null && duration != null) {
      throw new ParameterException(spec.commandLine(), "--count and --duration exclude each other");
    }
    require(
        spec,
        count != null || duration != null || warmUp < requests,
        "--warm-up is %s, and leaves no request of the file to measure; accepted: less than the"
            + " file has, or --count",
        warmUp);
    double wanted = requests - warmUp;
    if (duration != null) {
      wanted = Math.floor(duration * rate);
    } else if (count != null) {
      wanted = count;
    }
    require(
        spec,
        wanted >= 1 && wanted <= COUNT_MAX,
        "%.0f requests would be measured; accepted: 1–10000000",
        wanted);
    return (int) wanted;
  }

  private static void require(CommandSpec spec, boolean right, String message, Object value) {
    if (!right) {
      throw new ParameterException(spec.commandLine(), message.formatted(value));
    }
  }
}
