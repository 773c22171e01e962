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

/// Wire time of a new text, compared with a handler that makes the raw run, one GetItem and one
/// PutItem: the same calls, with the same condition, which takes DynamoDB Local 0.2 ms.
///
/// Hits warm up both as well, as in normal use.
public final class Misses implements Measure {
  private static final Target TIMES = new Target.AtMostTimes(1.1);
  private static final int CALLS_PER_RUN = 20;
  private static final int WARM_UP_PER_RUN = 60;
  private static final int HITS_PER_RUN = 500;
  private static final List<Integer> TOKENS = List.of(Warm.SHORT, Warm.LONG);

  @Override
  public String name() {
    return "miss";
  }

  @Override
  public int steps(BenchOptions options) {
    return TOKENS.size() * Turns.steps(options);
  }

  @Override
  public List<Row> run(Setup setup) throws IOException, InterruptedException {
    Map<String, String> variables = Warm.variables(Warm.PROVISIONED);
    List<Row> rows = new ArrayList<>();
    try (FunctionProcess function = setup.function(Setup.ONE_CPU_MB, variables);
        FunctionProcess baseline = BaselineProcess.start(setup, Setup.ONE_CPU_MB, variables)) {
      warmUp(setup, function, baseline);
      for (int tokens : TOKENS) {
        rows.add(row(setup, function, baseline, tokens));
      }
    }
    return rows;
  }

  private static void warmUp(Setup setup, FunctionProcess function, FunctionProcess baseline)
      throws IOException, InterruptedException {
    byte[] event = setup.events().embeddings(setup.texts().next(Warm.SHORT));
    int answerBytes = Warm.call(function, event).body().length;
    byte[] echo = BaselineEvent.echo(answerBytes).encoded(event.length);
    for (int i = 0; i < HITS_PER_RUN * setup.options().runs(); i++) {
      Warm.call(function, event);
      Warm.call(baseline, echo);
    }
  }

  private static Row row(
      Setup setup, FunctionProcess function, FunctionProcess baseline, int tokens)
      throws IOException, InterruptedException {
    NewTexts texts = new NewTexts(setup, function, baseline, 1, tokens);
    int runs = setup.options().runs();
    String what = "%d tokens, provisioned".formatted(tokens);
    List<Series> series =
        new Turns("miss, " + what, WARM_UP_PER_RUN * runs, CALLS_PER_RUN * runs, "ms")
            .play(
                setup,
                List.of(
                    new Turns.Player("function", () -> texts.function().wireMs()),
                    new Turns.Player(
                        "echo, run, GetItem, PutItem",
                        () -> texts.baseline(BaselineEvent.Work.MISS).wireMs())),
                texts::check);
    return new Row(what, series.getFirst(), series.getLast(), TIMES);
  }
}
