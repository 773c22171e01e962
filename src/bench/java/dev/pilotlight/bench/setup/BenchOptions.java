package dev.pilotlight.bench.setup;

import dev.pilotlight.local.GivenOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/// Which measures run, and how often. `pom.xml` passes the options on from Maven's command line; an
/// empty one means the default.
///
/// @param measures names; empty for all
/// @param runs in a round: so many fresh processes, or a hundred times as many calls to one process
/// @param rounds whose medians are compared, so that one noisy minute does not decide
/// @param lines of the object for the batch rate
/// @param memoryLines of the large object for the batch's memory
/// @param memoryRequests of the long series of memory, without forced collections; 0 for the
///   default, which has them
/// @param peer whether the measures compare with [NodePeer], too
/// @param keep whether the run is kept in `docs/performance`
public record BenchOptions(
    List<String> measures,
    int runs,
    int rounds,
    int lines,
    int memoryLines,
    int memoryRequests,
    boolean peer,
    boolean keep,
    Path packaged) {
  public static final int RUNS = 10;
  static final int ROUNDS = 3;

  public static final String MEASURES_OPTION = "bench.measures";
  private static final String RUNS_OPTION = "bench.runs";
  private static final String ROUNDS_OPTION = "bench.rounds";
  private static final String LINES_OPTION = "bench.lines";
  private static final String MEMORY_LINES_OPTION = "bench.memory.lines";
  private static final String MEMORY_REQUESTS_OPTION = "bench.memory.requests";
  private static final String PEER_OPTION = "bench.peer";
  private static final String KEEP_OPTION = "bench.keep";
  private static final List<String> NAMES =
      List.of(
          MEASURES_OPTION,
          RUNS_OPTION,
          ROUNDS_OPTION,
          LINES_OPTION,
          MEMORY_LINES_OPTION,
          MEMORY_REQUESTS_OPTION,
          PEER_OPTION,
          KEEP_OPTION);
  private static final int MAX = 1000;
  private static final int LINES_MAX = 1_000_000;
  private static final int LINES_PER_RUN = 300;
  private static final int MEMORY_LINES_PER_RUN = 2000;
  private static final Path PACKAGE = Path.of("target/pilotlight").toAbsolutePath();

  public BenchOptions(List<String> measures, int runs, int rounds) {
    this(
        measures,
        runs,
        rounds,
        LINES_PER_RUN * runs,
        MEMORY_LINES_PER_RUN * runs,
        0,
        false,
        false,
        PACKAGE);
  }

  /// Reads the `-Dbench.…` options.
  ///
  /// @throws IllegalArgumentException in one clear line if an option is wrong
  public static BenchOptions from(Properties given) {
    GivenOptions.refuseUnknown(given, List.of("bench."), NAMES);
    List<String> measures =
        Stream.of(given.getProperty(MEASURES_OPTION, "").split(",", -1))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList();
    int runs = number(given, RUNS_OPTION, RUNS, MAX);
    return new BenchOptions(
        measures,
        runs,
        number(given, ROUNDS_OPTION, ROUNDS, MAX),
        number(given, LINES_OPTION, LINES_PER_RUN * runs, LINES_MAX),
        number(given, MEMORY_LINES_OPTION, MEMORY_LINES_PER_RUN * runs, LINES_MAX),
        number(given, MEMORY_REQUESTS_OPTION, 0, LINES_MAX),
        chosen(given, PEER_OPTION, "node", "none"),
        chosen(given, KEEP_OPTION, "true", "false"),
        PACKAGE);
  }

  /// Whether an option has the first of its two values, and not the second, the default.
  private static boolean chosen(Properties given, String name, String chosen, String standard) {
    String value = given.getProperty(name, "").strip();
    if (!value.isEmpty() && !value.equals(chosen) && !value.equals(standard)) {
      throw new IllegalArgumentException(
          "-D%s is '%s'; accepted: %s, %s".formatted(name, value, chosen, standard));
    }
    return value.equals(chosen);
  }

  private static int number(Properties given, String name, int standard, int max) {
    String value = given.getProperty(name, "").strip();
    if (value.isEmpty()) {
      return standard;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= 1 && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // reported below, with the accepted values
    }
    throw new IllegalArgumentException("-D%s is '%s'; accepted: 1–%d".formatted(name, value, max));
  }
}
