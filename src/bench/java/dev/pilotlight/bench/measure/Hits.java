package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.baseline.BaselineEvent;
import dev.pilotlight.bench.baseline.BaselineProcess;
import dev.pilotlight.bench.report.Cores;
import dev.pilotlight.bench.report.Row;
import dev.pilotlight.bench.report.Series;
import dev.pilotlight.bench.report.Target;
import dev.pilotlight.bench.setup.BenchOptions;
import dev.pilotlight.bench.setup.FunctionProcess;
import dev.pilotlight.bench.setup.NodePeer;
import dev.pilotlight.bench.setup.Setup;
import dev.pilotlight.local.wire.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Wire time of a repeated request, over that of a handler that only answers with as many bytes;
/// from Redis also against the peer in Node.js.
public final class Hits implements Measure {
  private static final Target IN_PROCESS = new Target.AtMostOver(0.08);
  private static final Target FROM_REDIS = new Target.AtMostOver(0.1);
  private static final Target PEER = new Target.AtMostTimes(0.8);
  private static final int CALLS_PER_RUN = 100;
  private static final int WARM_UP_PER_RUN = 300;
  private static final Pattern ID = Pattern.compile("\\\\\"id\\\\\":\\\\\"([A-Za-z0-9_-]{43})");
  private static final String HEADERS_END = "\"isBase64Encoded\"";

  /// One line of the report.
  ///
  /// @param tier that has the answer
  /// @param decimals whether the answer has decimals instead of base64
  private record Kind(String what, String initialisation, String tier, boolean decimals) {
    boolean redis() {
      return tier.equals("redis");
    }

    /// Whether the peer takes part: it has no memory cache, and starts as on demand.
    boolean againstPeer() {
      return redis() && decimals;
    }
  }

  private static final List<Kind> KINDS =
      List.of(
          new Kind("in process, provisioned", Warm.PROVISIONED, "memory", false),
          new Kind("in process, on demand", Warm.ON_DEMAND, "memory", false),
          new Kind("in process, provisioned, decimals", Warm.PROVISIONED, "memory", true),
          new Kind("Redis, provisioned", Warm.PROVISIONED, "redis", false),
          new Kind("Redis, on demand", Warm.ON_DEMAND, "redis", false),
          new Kind("Redis, on demand, decimals", Warm.ON_DEMAND, "redis", true));

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
      rows.addAll(run(setup, kind));
    }
    return rows;
  }

  private static List<Row> run(Setup setup, Kind kind) throws IOException, InterruptedException {
    Map<String, String> variables = new HashMap<>(Warm.variables(kind.initialisation()));
    if (kind.redis()) {
      variables.put("PILOTLIGHT_MEMORY_CACHE_BYTES", "0");
      variables.putAll(Warm.PATIENT_REDIS);
    }
    Optional<NodePeer> peer = kind.againstPeer() ? setup.peer() : Optional.empty();
    try (FunctionProcess function = setup.function(Setup.ONE_CPU_MB, variables);
        FunctionProcess baseline = BaselineProcess.start(setup, Setup.ONE_CPU_MB, variables)) {
      if (peer.isEmpty()) {
        return rows(kind, play(setup, kind, players(setup, kind, function, baseline)));
      }
      try (FunctionProcess node =
          peer.get().start(setup, NodePeer.Form.BARE, Setup.ONE_CPU_MB, variables, Cores.ALL)) {
        List<Turns.Player> players = players(setup, kind, function, baseline);
        players.add(peer(setup, node, kind));
        return rows(kind, play(setup, kind, players));
      }
    }
  }

  private static List<Turns.Player> players(
      Setup setup, Kind kind, FunctionProcess function, FunctionProcess baseline)
      throws IOException, InterruptedException {
    byte[] event = event(setup, kind);
    Warm.call(function, event);
    String expected = Warm.call(function, event).text();
    int length = expected.length();
    BaselineEvent bare =
        kind.redis()
            ? BaselineEvent.redisGet(length, "pl:" + id(expected))
            : BaselineEvent.echo(length);
    byte[] bareEvent = bare.encoded(event.length);
    List<Turns.Player> players = new ArrayList<>();
    players.add(new Turns.Player("function", () -> hit(function, event, expected, kind)));
    players.add(
        new Turns.Player(
            kind.redis() ? "echo and GET" : "echo", () -> Warm.call(baseline, bareEvent).wireMs()));
    return players;
  }

  private static Turns.Player peer(Setup setup, FunctionProcess node, Kind kind)
      throws IOException, InterruptedException {
    byte[] event = event(setup, kind);
    String expected = Warm.call(node, event).text();
    return new Turns.Player(NodePeer.Form.BARE.title(), () -> again(node, event, expected));
  }

  private static double again(FunctionProcess node, byte[] event, String expected)
      throws InterruptedException {
    Reply reply = Warm.call(node, event);
    if (!reply.text().equals(expected)) {
      throw new IllegalStateException("not the same answer again: " + reply.text());
    }
    return reply.wireMs();
  }

  private static List<Series> play(Setup setup, Kind kind, List<Turns.Player> players)
      throws IOException, InterruptedException {
    int runs = setup.options().runs();
    return new Turns("hit, " + kind.what(), WARM_UP_PER_RUN * runs, CALLS_PER_RUN * runs, "ms")
        .play(setup, players, () -> {});
  }

  private static List<Row> rows(Kind kind, List<Series> series) {
    List<Row> rows = new ArrayList<>();
    rows.add(
        new Row(
            kind.what(), series.getFirst(), series.get(1), kind.redis() ? FROM_REDIS : IN_PROCESS));
    for (Series peer : series.subList(2, series.size())) {
      rows.add(new Row(kind.what() + ", against " + peer.name(), series.getFirst(), peer, PEER));
    }
    return rows;
  }

  private static byte[] event(Setup setup, Kind kind) throws IOException {
    String text = setup.texts().next(Warm.SHORT);
    return kind.decimals() ? setup.events().decimals(text) : setup.events().embeddings(text);
  }

  private static double hit(FunctionProcess function, byte[] event, String expected, Kind kind)
      throws InterruptedException {
    Reply reply = Warm.call(function, event);
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
