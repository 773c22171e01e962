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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Wire time of a repeated request, over that of a handler that only answers with as many bytes.
public final class Hits implements Measure {
  private static final Target OVER = new Target.AtMostOver(0.15);
  private static final int CALLS_PER_RUN = 100;
  private static final int WARM_UP_PER_RUN = 300;
  private static final Pattern ID = Pattern.compile("\\\\\"id\\\\\":\\\\\"([A-Za-z0-9_-]{43})");
  private static final String HEADERS_END = "\"isBase64Encoded\"";

  /// One line of the report.
  ///
  /// @param tier that has the answer
  /// @param decimals whether the answer has decimals instead of base64
  private record Kind(String what, String initialisation, String tier, boolean decimals) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind("in process, provisioned", Warm.PROVISIONED, "memory", false),
          new Kind("in process, on demand", Warm.ON_DEMAND, "memory", false),
          new Kind("in process, provisioned, decimals", Warm.PROVISIONED, "memory", true),
          new Kind("Redis, provisioned", Warm.PROVISIONED, "redis", false),
          new Kind("Redis, on demand", Warm.ON_DEMAND, "redis", false));

  @Override
  public String name() {
    return "hit";
  }

  @Override
  public int steps(BenchOptions options) {
    return KINDS.size() * Turns.steps(options);
  }

  @Override
  public List<Row> run(Setup setup) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (Kind kind : KINDS) {
      rows.add(run(setup, kind));
    }
    return rows;
  }

  private static Row run(Setup setup, Kind kind) throws IOException, InterruptedException {
    Map<String, String> variables = new HashMap<>(Warm.variables(kind.initialisation()));
    boolean redis = kind.tier().equals("redis");
    if (redis) {
      variables.put("PILOTLIGHT_MEMORY_CACHE_BYTES", "0");
    }
    byte[] event = event(setup, kind);
    try (FunctionProcess function = setup.function(Setup.ONE_CPU_MB, variables);
        FunctionProcess baseline = BaselineProcess.start(setup, Setup.ONE_CPU_MB, variables)) {
      Warm.call(function, event);
      String expected = Warm.call(function, event).text();
      int length = expected.length();
      BaselineEvent bare =
          redis ? BaselineEvent.redisGet(length, "pl:" + id(expected)) : BaselineEvent.echo(length);
      byte[] bareEvent = bare.encoded(event.length);
      int runs = setup.options().runs();
      List<Series> series =
          new Turns("hit, " + kind.what(), WARM_UP_PER_RUN * runs, CALLS_PER_RUN * runs, "ms")
              .play(
                  setup,
                  List.of(
                      new Turns.Player("function", () -> hit(function, event, expected, kind)),
                      new Turns.Player(
                          redis ? "echo and GET" : "echo",
                          () -> Warm.call(baseline, bareEvent).wireMs())),
                  () -> {});
      return new Row(kind.what(), series.getFirst(), series.getLast(), OVER);
    }
  }

  private static byte[] event(Setup setup, Kind kind) throws IOException {
    byte[] event = setup.events().embeddings(setup.texts().next(Warm.SHORT));
    return kind.decimals()
        ? new String(event, StandardCharsets.UTF_8)
            .replace("base64\\\"", "float\\\"")
            .getBytes(StandardCharsets.UTF_8)
        : event;
  }

  private static double hit(FunctionProcess function, byte[] event, String expected, Kind kind)
      throws InterruptedException {
    FunctionProcess.Reply reply = Warm.call(function, event);
    String text = reply.text();
    if (!text.contains("hit; detail=\\\"" + kind.tier()) || !body(text).equals(body(expected))) {
      throw new IllegalStateException("not the same answer again: " + text);
    }
    return reply.wireMs();
  }

  /// The body without the headers, which contain times.
  private static String body(String reply) {
    return reply.substring(reply.indexOf(HEADERS_END));
  }

  private static String id(String reply) {
    Matcher id = ID.matcher(reply);
    if (!id.find()) {
      throw new IllegalStateException("an answer without id: " + reply);
    }
    return id.group(1);
  }
}
