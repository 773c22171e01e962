package dev.pilotlight.bench.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.bench.report.Cores;
import dev.pilotlight.bench.report.Libc;
import dev.pilotlight.bench.report.Row;
import dev.pilotlight.bench.report.Series;
import dev.pilotlight.bench.report.Target;
import dev.pilotlight.bench.setup.Answer;
import dev.pilotlight.bench.setup.BenchOptions;
import dev.pilotlight.bench.setup.FunctionProcess;
import dev.pilotlight.bench.setup.HttpProcess;
import dev.pilotlight.bench.setup.KeptConnection;
import dev.pilotlight.bench.setup.NodePeer;
import dev.pilotlight.bench.setup.Setup;
import dev.pilotlight.local.Parts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The container's server on one core, for repeated texts and for new texts of 12 tokens: CPU time
/// of an answer against the function on one core, and answers a second against a server in Node.js
/// on one core, without a cache and with one. Each side caches in its own memory only. The sides
/// run in turn.
public final class ServeLoad implements Measure {
  private static final Target CPU_OF_LAMBDA = new Target.AtMostTimes(1);
  private static final Target HITS_OF_NODE = new Target.AtLeastTimes(3);
  private static final Target MISSES_OF_NODE = new Target.AtLeastTimes(1);
  private static final String PATH = "/v1/embeddings";
  private static final String SERVER = "server";
  private static final String FUNCTION = "function";
  private static final String NODE = "Node.js without cache";
  private static final String NODE_MAP = "Node.js with a Map";
  private static final int CLIENTS = 16;
  private static final int WARM_UP_TURNS_PER_RUN = 2;
  private static final double MS = 1e6;
  private static final ObjectMapper JSON = new ObjectMapper();

  /// A program that answers texts.
  private interface Side {
    String name();

    long pid();

    /// Asks for one turn, for the same text or for new ones.
    Clients.Answers turn(boolean repeated) throws IOException, InterruptedException;

    /// Asks for one turn, and returns the process' CPU time for an answer.
    default double cpuMs(boolean repeated) throws IOException, InterruptedException {
      long before = Libc.cpuNanos(pid());
      int answers = turn(repeated).count();
      return (Libc.cpuNanos(pid()) - before) / MS / answers;
    }
  }

  /// A server with its clients.
  private record Server(Setup setup, String name, long pid, Clients clients) implements Side {
    /// Requires a right answer first.
    static Server open(Setup setup, String name, HttpProcess process, String text, Parts opened)
        throws IOException {
      var _ = opened.add(process);
      Clients clients = new Clients(CLIENTS, process.port(), PATH, setup.events().body(text));
      var _ = opened.add(clients);
      Server server = new Server(setup, name, process.pid(), clients);
      server.check(text);
      return server;
    }

    private void check(String text) throws IOException {
      JsonNode body = JSON.readTree(answered(clients.first().call()).body());
      byte[] vector = body.at("/data/0/embedding").binaryValue();
      setup.reference().check(text, Answer.floats(vector));
    }

    private static KeptConnection.Reply answered(KeptConnection.Reply reply) {
      if (reply.status() != 200) {
        throw new IllegalStateException("serve: status " + reply.status());
      }
      return reply;
    }

    @Override
    public Clients.Answers turn(boolean repeated) throws IOException, InterruptedException {
      return clients.turn(client -> ask(client, repeated));
    }

    private void ask(KeptConnection client, boolean repeated) throws IOException {
      var _ = answered(repeated ? client.call() : client.call(newBody(setup)));
    }
  }

  /// The function, by the Runtime API.
  private record Function(Setup setup, FunctionProcess process, byte[] event) implements Side {
    /// Requires a right answer first.
    static Function open(Setup setup, FunctionProcess process, String text, Parts opened)
        throws IOException, InterruptedException {
      var _ = opened.add(process);
      byte[] event = setup.events().embeddings(text);
      setup.reference().check(text, Answer.of(process.call(event)).vector());
      return new Function(setup, process, event);
    }

    @Override
    public String name() {
      return FUNCTION;
    }

    @Override
    public long pid() {
      return process.pid();
    }

    @Override
    public Clients.Answers turn(boolean repeated) throws IOException, InterruptedException {
      long begin = System.nanoTime();
      int answers = 0;
      while (System.nanoTime() - begin < Clients.TURN_NANOS) {
        var _ = process.call(repeated ? event : setup.events().embeddings(newText(setup)));
        answers++;
      }
      return new Clients.Answers(answers, System.nanoTime() - begin);
    }
  }

  private static byte[] newBody(Setup setup) throws IOException {
    return setup.events().body(newText(setup));
  }

  private static String newText(Setup setup) {
    synchronized (setup.texts()) {
      return setup.texts().next(Warm.SHORT);
    }
  }

  @Override
  public String name() {
    return "serve";
  }

  @Override
  public int steps(BenchOptions options) {
    return 4 * Turns.steps(options);
  }

  @Override
  public List<Row> run(Setup setup) throws IOException, InterruptedException {
    String text = newText(setup);
    try (Parts opened = new Parts()) {
      // without results outside the process and lines of metrics, as the server is
      Map<String, String> alone =
          Map.of(
              "PILOTLIGHT_REDIS", "off",
              "PILOTLIGHT_STORE", "off",
              "PILOTLIGHT_METRICS", "off",
              "AWS_LAMBDA_INITIALIZATION_TYPE", Warm.PROVISIONED);
      Side server = Server.open(setup, SERVER, HttpProcess.server(setup), text, opened);
      Side function =
          Function.open(setup, setup.function(Setup.ONE_CPU_MB, alone, Cores.ONE), text, opened);
      List<Side> servers = new ArrayList<>(List.of(server));
      if (setup.peer().isPresent()) {
        NodePeer peer = setup.peer().get();
        servers.add(Server.open(setup, NODE, HttpProcess.node(peer, "none"), text, opened));
        servers.add(Server.open(setup, NODE_MAP, HttpProcess.node(peer, "map"), text, opened));
      }
      List<Row> rows = new ArrayList<>();
      for (boolean hits : List.of(true, false)) {
        rows.add(againstFunction(setup, hits, List.of(server, function)));
        rows.addAll(perSecond(setup, hits, servers));
      }
      return rows;
    }
  }

  private static String what(boolean hits) {
    return hits ? "hits" : "misses of 12 tokens";
  }

  private static Row againstFunction(Setup setup, boolean hits, List<Side> sides)
      throws IOException, InterruptedException {
    List<Turns.Player> players = new ArrayList<>();
    sides.forEach(side -> players.add(new Turns.Player(side.name(), () -> side.cpuMs(hits))));
    List<Series> series =
        turns(setup, "serve, CPU time of " + what(hits), "ms").play(setup, players, () -> {});
    String what = what(hits) + ", CPU time, against the function";
    return new Row(what, series.get(0), series.get(1), CPU_OF_LAMBDA);
  }

  /// @param servers the server, and the two of Node.js if they take part
  private static List<Row> perSecond(Setup setup, boolean hits, List<Side> servers)
      throws IOException, InterruptedException {
    List<Turns.Player> players = new ArrayList<>();
    servers.forEach(
        side -> players.add(new Turns.Player(side.name(), () -> side.turn(hits).perSecond())));
    List<Series> series =
        turns(setup, "serve, " + what(hits), "requests/s").play(setup, players, () -> {});
    String perCore = what(hits) + " per core";
    if (servers.size() == 1) {
      return List.of(Row.alone(perCore, series.getFirst(), new Target.None()));
    }
    Target without = hits ? HITS_OF_NODE : new Target.Times();
    Target with = hits ? new Target.Times() : MISSES_OF_NODE;
    return List.of(
        new Row(perCore + ", against " + NODE, series.get(0), series.get(1), without),
        new Row(perCore + ", against " + NODE_MAP, series.get(0), series.get(2), with));
  }

  private static Turns turns(Setup setup, String what, String unit) {
    int runs = setup.options().runs();
    return new Turns(what, WARM_UP_TURNS_PER_RUN * runs, runs, unit);
  }
}
