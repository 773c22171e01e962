package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.report.Cores;
import dev.pilotlight.bench.report.Row;
import dev.pilotlight.bench.setup.BenchOptions;
import dev.pilotlight.bench.setup.Network;
import dev.pilotlight.bench.setup.Setup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Wire time of a new text, in the first requests of fresh environments on demand with one core,
/// when Redis and DynamoDB are a network away.
public final class Delayed implements Measure {
  private static final List<Integer> ROUND_TRIPS_MS = List.of(1, 4, 6);
  private static final int TEXTS_PER_RUN = 10;

  @Override
  public String name() {
    return "delayed";
  }

  @Override
  public int steps(BenchOptions options) {
    return ROUND_TRIPS_MS.size() * options.rounds();
  }

  @Override
  public List<Row> run(Setup setup) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (int tripMs : ROUND_TRIPS_MS) {
      rows.addAll(rows(setup, tripMs));
    }
    return rows;
  }

  private static List<Row> rows(Setup setup, int tripMs) throws IOException, InterruptedException {
    int texts = TEXTS_PER_RUN * setup.options().runs();
    Versus versus =
        new Versus("%d ms, %d tokens, first %,d requests".formatted(tripMs, Warm.SHORT, texts));
    try (Network network = Network.of(setup, Duration.ofMillis(tripMs))) {
      Contest.Place place = new Contest.Place(Cores.ONE, Setup.ONE_CPU_MB, network.variables());
      for (int round = 0; round < setup.options().rounds(); round++) {
        try (Contest contest = Contest.start(setup, place)) {
          contest.play(1, Warm.SHORT, (_, _) -> {}); // the cold one
          versus.nextRound();
          contest.play(texts, Warm.SHORT, versus);
          contest.check();
        }
        setup.progress().step("delayed, " + versus.medians());
      }
    }
    return versus.rows();
  }
}
