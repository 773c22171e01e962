package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.report.Cores;
import dev.pilotlight.bench.report.Row;
import dev.pilotlight.bench.setup.BenchOptions;
import dev.pilotlight.bench.setup.Setup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Wire time of a new text as most environments of Lambda see it: on demand, in the first requests
/// after the cold one, and later. In each round the environments are fresh.
public final class OnDemand implements Measure {
  /// With ten runs: 300.
  private static final int FIRST_PER_RUN = 30;

  /// With ten runs: 2,000.
  private static final int WARM_PER_RUN = 200;

  private static final int AFTER_PER_RUN = 20;
  private static final int LONG_PER_RUN = 10;
  private static final int LONG_WARM_PER_RUN = 2;

  /// Tokens of ninety words of the bench, special ones included.
  private static final int NINETY_WORDS = 92;

  /// The cores and memory of an environment.
  private record Variant(String name, Contest.Place place) {
    static Variant of(String name, Cores cores, int memoryMb) {
      return new Variant(name, new Contest.Place(cores, memoryMb, Map.of()));
    }
  }

  private static final List<Variant> VARIANTS =
      List.of(
          Variant.of("one core", Cores.ONE, Setup.ONE_CPU_MB),
          Variant.of("two cores", Cores.ALL, Setup.TWO_CPUS_MB));

  /// A part of a round.
  ///
  /// @param unmeasured texts before it
  private record Phase(Versus versus, int unmeasured, int texts, int tokens) {
    void play(Contest contest) throws IOException, InterruptedException {
      contest.play(unmeasured, tokens, (_, _) -> {});
      versus.nextRound();
      contest.play(texts, tokens, versus);
      contest.check();
    }
  }

  @Override
  public String name() {
    return "on-demand";
  }

  @Override
  public int steps(BenchOptions options) {
    return VARIANTS.size() * options.rounds() * phases(options, "").size();
  }

  @Override
  public List<Row> run(Setup setup) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (Variant variant : VARIANTS) {
      List<Phase> phases = phases(setup.options(), variant.name());
      for (int round = 0; round < setup.options().rounds(); round++) {
        try (Contest contest = Contest.start(setup, variant.place())) {
          for (Phase phase : phases) {
            phase.play(contest);
            setup.progress().step("on demand, " + phase.versus().medians());
          }
        }
      }
      phases.forEach(phase -> rows.addAll(phase.versus().rows()));
    }
    return rows;
  }

  private static List<Phase> phases(BenchOptions options, String variant) {
    int runs = options.runs();
    int first = FIRST_PER_RUN * runs;
    int before = WARM_PER_RUN * runs;
    String start = variant + ", %d tokens, ";
    return List.of(
        new Phase(
            new Versus(start.formatted(Warm.SHORT) + "first %,d requests".formatted(first)),
            1, // the cold one
            first,
            Warm.SHORT),
        new Phase(
            new Versus(start.formatted(Warm.SHORT) + "after %,d".formatted(before)),
            before - first - 1,
            AFTER_PER_RUN * runs,
            Warm.SHORT),
        new Phase(
            new Versus(start.formatted(NINETY_WORDS) + "after %,d".formatted(before)),
            LONG_WARM_PER_RUN * runs,
            LONG_PER_RUN * runs,
            NINETY_WORDS));
  }
}
