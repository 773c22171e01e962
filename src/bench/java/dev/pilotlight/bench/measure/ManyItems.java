package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.baseline.BaselineEvent;
import dev.pilotlight.bench.baseline.BaselineProcess;
import dev.pilotlight.bench.report.Row;
import dev.pilotlight.bench.report.Series;
import dev.pilotlight.bench.report.Target;
import dev.pilotlight.bench.setup.BenchOptions;
import dev.pilotlight.bench.setup.FunctionProcess;
import dev.pilotlight.bench.setup.Setup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// New texts a second in requests of 64. The baselines are raw runs of as many texts with the same
/// calls to DynamoDB, and the raw runs alone.
public final class ManyItems implements Measure {
  private static final Target LEAST = new Target.AtLeastTimes(0.9);
  private static final int ITEMS = 64;
  private static final int WARM_UP_PER_RUN = 2;
  private static final List<Integer> TOKENS = List.of(Warm.SHORT, Warm.LONG);
  private static final double MS = 1000;

  @Override
  public String name() {
    return "many";
  }

  @Override
  public int steps(BenchOptions options) {
    return TOKENS.size() * Turns.steps(options);
  }

  @Override
  public List<Row> run(Setup setup) throws IOException, InterruptedException {
    Map<String, String> variables = Warm.variables(Warm.PROVISIONED);
    List<Row> rows = new ArrayList<>();
    try (FunctionProcess function = setup.function(Setup.TWO_CPUS_MB, variables);
        FunctionProcess baseline = BaselineProcess.start(setup, Setup.TWO_CPUS_MB, variables)) {
      for (int tokens : TOKENS) {
        rows.addAll(rows(setup, function, baseline, tokens));
      }
    }
    return rows;
  }

  private static List<Row> rows(
      Setup setup, FunctionProcess function, FunctionProcess baseline, int tokens)
      throws IOException, InterruptedException {
    NewTexts texts = new NewTexts(setup, function, baseline, ITEMS, tokens);
    int runs = setup.options().runs();
    String what = "%d texts of %d tokens".formatted(ITEMS, tokens);
    List<Series> series =
        new Turns("many, " + what, WARM_UP_PER_RUN * runs, runs, "items/s")
            .play(
                setup,
                List.of(
                    new Turns.Player("function", () -> rate(texts.function())),
                    new Turns.Player(
                        "runs, batch calls", () -> rate(texts.baseline(BaselineEvent.Work.MANY))),
                    new Turns.Player(
                        "runs alone", () -> rate(texts.baseline(BaselineEvent.Work.RUNS)))),
                texts::check);
    return List.of(
        new Row(what, series.getFirst(), series.get(1), LEAST),
        new Row(
            what + ", against runs alone", series.getFirst(), series.get(2), new Target.Times()));
  }

  private static double rate(FunctionProcess.Reply reply) {
    return ITEMS * MS / reply.wireMs();
  }
}
