package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.baseline.BaselineEvent;
import dev.pilotlight.bench.baseline.BaselineProcess;
import dev.pilotlight.bench.report.Row;
import dev.pilotlight.bench.report.Series;
import dev.pilotlight.bench.report.Target;
import dev.pilotlight.bench.setup.BenchOptions;
import dev.pilotlight.bench.setup.FunctionProcess;
import dev.pilotlight.bench.setup.Setup;
import dev.pilotlight.local.wire.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// New texts a second in requests of 64. The baselines are raw runs of as many texts with the same
/// calls to DynamoDB, and the raw runs alone.
public final class ManyItems implements Measure {
  private static final int ITEMS = 64;
  private static final int WARM_UP_PER_RUN = 2;

  /// @param batched least ratio to the runs with the batch calls
  /// @param alone the same to the runs alone
  private record Texts(int tokens, Target batched, Target alone) {}

  private static final List<Texts> TEXTS =
      List.of(
          new Texts(Warm.SHORT, new Target.AtLeastTimes(0.95), new Target.AtLeastTimes(0.75)),
          new Texts(Warm.LONG, new Target.AtLeastTimes(0.9), new Target.Times()));

  private static final double MS = 1000;

  @Override
  public String name() {
    return "many";
  }

  @Override
  public int steps(BenchOptions options) {
    return TEXTS.size() * Turns.steps(options);
  }

  @Override
  public List<Row> run(Setup setup) throws IOException, InterruptedException {
    Map<String, String> variables = Warm.variables(Warm.PROVISIONED);
    List<Row> rows = new ArrayList<>();
    try (FunctionProcess function = setup.function(Setup.TWO_CPUS_MB, variables);
        FunctionProcess baseline = BaselineProcess.start(setup, Setup.TWO_CPUS_MB, variables)) {
      for (Texts kind : TEXTS) {
        rows.addAll(rows(setup, function, baseline, kind));
      }
    }
    return rows;
  }

  private static List<Row> rows(
      Setup setup, FunctionProcess function, FunctionProcess baseline, Texts kind)
      throws IOException, InterruptedException {
    NewTexts texts = new NewTexts(setup, function, baseline, ITEMS, kind.tokens());
    int runs = setup.options().runs();
    String what = "%d texts of %d tokens".formatted(ITEMS, kind.tokens());
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
        new Row(what, series.getFirst(), series.get(1), kind.batched()),
        new Row(what + ", against runs alone", series.getFirst(), series.get(2), kind.alone()));
  }

  private static double rate(Reply reply) {
    return ITEMS * MS / reply.wireMs();
  }
}
