package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.report.Row;
import dev.pilotlight.bench.report.Series;
import dev.pilotlight.bench.report.Target;
import dev.pilotlight.bench.setup.Answer;
import dev.pilotlight.bench.setup.BenchOptions;
import dev.pilotlight.bench.setup.FunctionProcess;
import dev.pilotlight.bench.setup.Setup;
import dev.pilotlight.local.wire.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// The first request to an environment with provisioned concurrency, compared with those that
/// follow. All of them are new texts.
public final class Provisioned implements Measure {
  private static final int FOLLOWING = 100;
  private static final Target TARGET = new Target.AtMostTimes(2);

  @Override
  public String name() {
    return "provisioned";
  }

  @Override
  public int steps(BenchOptions options) {
    return options.rounds();
  }

  @Override
  public List<Row> run(Setup setup) throws IOException, InterruptedException {
    Map<String, String> variables = Warm.variables(Warm.PROVISIONED);
    Series.Collector first = new Series.Collector();
    Series.Collector following = new Series.Collector();
    for (int round = 1; round <= setup.options().rounds(); round++) {
      first.nextRound();
      following.nextRound();
      for (int run = 0; run < setup.options().runs(); run++) {
        try (FunctionProcess function = setup.function(Setup.ONE_CPU_MB, variables)) {
          function.awaitReady();
          first.add(miss(setup, function));
          following.add(medianOfFollowing(setup, function));
        }
      }
      setup
          .progress()
          .step(
              "provisioned, round %d: first %.1f ms, following %.1f ms"
                  .formatted(round, first.lastMedian(), following.lastMedian()));
    }
    return List.of(
        new Row(
            "first request",
            first.series("first", "ms"),
            following.series("median of those that follow", "ms"),
            TARGET));
  }

  private static double medianOfFollowing(Setup setup, FunctionProcess function)
      throws IOException, InterruptedException {
    Series.Collector calls = new Series.Collector();
    calls.nextRound();
    int count = Math.min(FOLLOWING, setup.options().runs() * FOLLOWING / BenchOptions.RUNS);
    for (int call = 0; call < count; call++) {
      calls.add(miss(setup, function));
    }
    return calls.lastMedian();
  }

  private static double miss(Setup setup, FunctionProcess function)
      throws IOException, InterruptedException {
    String text = setup.texts().next(Warm.SHORT);
    Reply reply = function.call(setup.events().embeddings(text));
    setup.reference().check(text, Answer.of(reply).requireMiss().vector());
    return reply.wireMs();
  }
}
