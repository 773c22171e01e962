package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.report.Cores;
import dev.pilotlight.bench.report.Row;
import dev.pilotlight.bench.report.Series;
import dev.pilotlight.bench.report.Target;
import dev.pilotlight.bench.setup.Answer;
import dev.pilotlight.bench.setup.BenchOptions;
import dev.pilotlight.bench.setup.FunctionProcess;
import dev.pilotlight.bench.setup.Keyed;
import dev.pilotlight.bench.setup.Setup;
import dev.pilotlight.local.wire.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// API keys and rates against the same function without them: its start, and its hits.
public final class Keys implements Measure {
  private static final double MS = 1e6;
  private static final Target START = new Target.AtMostOver(3);
  private static final Target HIT = new Target.AtMostOver(0.02);
  private static final int CALLS_PER_RUN = 100;
  private static final int WARM_UP_PER_RUN = 300;
  private static final String WITHOUT = "without keys";
  private static final String WITH = "with keys";
  private static final String RATED = "with keys and a rate";

  /// Rates that no measure reaches.
  private static final Map<String, String> RATE =
      Map.of("PILOTLIGHT_PLANS", "{\"free\":{\"requests_per_second\":1000000}}");

  private static final Map<String, String> NO_MEMORY = Map.of("PILOTLIGHT_MEMORY_CACHE_BYTES", "0");

  @Override
  public String name() {
    return "keys";
  }

  @Override
  public int steps(BenchOptions options) {
    return options.rounds() + Turns.steps(options);
  }

  @Override
  public List<Row> run(Setup setup) throws IOException, InterruptedException {
    Keyed keyed = Keyed.of(setup);
    List<Row> rows = new ArrayList<>();
    rows.add(starts(setup, keyed));
    rows.addAll(hits(setup, keyed));
    return rows;
  }

  private static Row starts(Setup setup, Keyed keyed) throws IOException, InterruptedException {
    Series.Collector without = new Series.Collector();
    Series.Collector with = new Series.Collector();
    for (int round = 1; round <= setup.options().rounds(); round++) {
      without.nextRound();
      with.nextRound();
      for (int run = 0; run < setup.options().runs(); run++) {
        // another one begins each time
        if (run % 2 == 0) {
          without.add(start(setup, null));
        }
        with.add(start(setup, keyed));
        if (run % 2 == 1) {
          without.add(start(setup, null));
        }
      }
      setup
          .progress()
          .step(
              "keys, cold start, round %d: %.0f ms, without %.0f ms"
                  .formatted(round, with.lastMedian(), without.lastMedian()));
    }
    return new Row(
        "cold start, two cores", with.series(WITH, "ms"), without.series(WITHOUT, "ms"), START);
  }

  /// @param keyed null without keys
  private static double start(Setup setup, @Nullable Keyed keyed)
      throws IOException, InterruptedException {
    String text = setup.texts().next(Warm.SHORT);
    byte[] plain = setup.events().embeddings(text);
    byte[] event = keyed == null ? plain : keyed.signed(plain);
    try (FunctionProcess process =
        keyed == null
            ? setup.function(Setup.TWO_CPUS_MB)
            : keyed.function(Setup.TWO_CPUS_MB, Map.of(), Cores.ALL)) {
      Reply reply = process.call(event);
      setup.reference().check(text, Answer.of(reply).requireMiss().vector());
      return (reply.doneNanos() - process.startNanos()) / MS;
    }
  }

  private static List<Row> hits(Setup setup, Keyed keyed) throws IOException, InterruptedException {
    byte[] event = setup.events().embeddings(setup.texts().next(Warm.SHORT));
    byte[] signed = keyed.signed(event);
    Map<String, String> memory = variables(Map.of());
    Map<String, String> redis = variables(NO_MEMORY);
    Map<String, String> rated = variables(RATE);
    Map<String, String> ratedRedis = new HashMap<>(rated);
    ratedRedis.putAll(NO_MEMORY);
    int memoryMb = Setup.ONE_CPU_MB;
    try (FunctionProcess without = setup.function(memoryMb, memory);
        FunctionProcess with = keyed.function(memoryMb, memory, Cores.ALL);
        FunctionProcess withRate = keyed.function(memoryMb, rated, Cores.ALL);
        FunctionProcess redisWithout = setup.function(memoryMb, redis);
        FunctionProcess redisWith = keyed.function(memoryMb, redis, Cores.ALL);
        FunctionProcess redisWithRate = keyed.function(memoryMb, ratedRedis, Cores.ALL)) {
      List<Turns.Player> players =
          List.of(
              player(WITHOUT, without, event, "memory"),
              player(WITH, with, signed, "memory"),
              player(RATED, withRate, signed, "memory"),
              player(WITHOUT, redisWithout, event, "redis"),
              player(WITH, redisWith, signed, "redis"),
              player(RATED, redisWithRate, signed, "redis"));
      int runs = setup.options().runs();
      List<Series> series =
          new Turns("keys, hit", WARM_UP_PER_RUN * runs, CALLS_PER_RUN * runs, "ms")
              .play(setup, players, () -> {});
      return rows(series);
    }
  }

  /// A rate takes one round trip to Redis, which a hit from Redis makes anyway.
  private static List<Row> rows(List<Series> series) {
    Series memory = series.get(0);
    Series redis = series.get(3);
    return List.of(
        new Row("hit in process", series.get(1), memory, HIT),
        new Row("hit from Redis", series.get(4), redis, HIT),
        new Row("hit in process, a rate", series.get(2), memory, new Target.Times()),
        new Row(
            "hit in process, a rate, against one from Redis without",
            series.get(2),
            redis,
            new Target.AtMostTimes(1.1)),
        new Row("hit from Redis, a rate", series.get(5), redis, new Target.Times()));
  }

  private static Map<String, String> variables(Map<String, String> more) {
    Map<String, String> variables = new HashMap<>(Warm.variables(Warm.PROVISIONED));
    variables.putAll(Warm.PATIENT_REDIS);
    variables.putAll(more);
    return variables;
  }

  private static Turns.Player player(
      String name, FunctionProcess process, byte[] event, String tier) throws InterruptedException {
    Warm.call(process, event);
    Warm.call(process, event);
    return new Turns.Player(
        name,
        () -> {
          Reply reply = Warm.call(process, event);
          if (!reply.text().contains("hit; detail=\\\"" + tier)) {
            throw new IllegalStateException("not a hit from %s: %s".formatted(tier, reply.text()));
          }
          return reply.wireMs();
        });
  }
}
