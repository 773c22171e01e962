package dev.pilotlight.bench.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.bench.report.Cores;
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
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Answers a second of the container's server on one core: repeated texts, and new texts of 12
/// tokens. In addition the function on one core, called one event after the other, and a server in
/// Node.js on one core, without a cache and with one. All keep answers in their own memory alone.
/// They take turns.
public final class ServeLoad implements Measure {
  private static final Target AS_LAMBDA = new Target.AtLeastTimes(1);
  private static final Target HITS_OF_NODE = new Target.AtLeastTimes(3);
  private static final Target MISSES_OF_NODE = new Target.AtLeastTimes(1);
  private static final String PATH = "/v1/embeddings";
  private static final String SERVER = "server";
  private static final String FUNCTION = "function";
  private static final String NODE = "Node.js without cache";
  private static final String NODE_MAP = "Node.js with a Map";
  private static final int CLIENTS = 16;
  private static final int WARM_UP_TURNS_PER_RUN = 2;
  private static final long TURN_NANOS = 1_000_000_000L;
  private static final double DISTANCE_MAX = 1e-5;
  private static final ObjectMapper JSON = new ObjectMapper();

  /// A program that answers texts.
  private interface Side extends AutoCloseable {
    /// Asks for one turn, for the same text or for new ones, and returns the answers a second.
    double turn(boolean repeated) throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
  }

  /// A server with its clients.
  private record Server(
      Setup setup, HttpProcess process, List<KeptConnection> clients, ExecutorService threads)
      implements Side {
    /// Requires a right answer first.
    static Server open(Setup setup, HttpProcess process, String text, float[] expected)
        throws IOException {
      Server server =
          new Server(setup, process, new ArrayList<>(), Executors.newFixedThreadPool(CLIENTS));
      try {
        byte[] body = setup.events().body(text);
        for (int i = 0; i < CLIENTS; i++) {
          server.clients.add(new KeptConnection(process.port(), PATH, body));
        }
        server.check(expected);
        return server;
      } catch (IOException | RuntimeException e) {
        server.close();
        throw e;
      }
    }

    private void check(float[] expected) throws IOException {
      KeptConnection.Reply reply = clients.getFirst().call();
      JsonNode body = JSON.readTree(reply.body());
      byte[] bytes = Base64.getDecoder().decode(body.at("/data/0/embedding").asText());
      float[] found = Answer.floats(bytes);
      boolean right = reply.status() == 200 && found.length == expected.length;
      for (int i = 0; right && i < found.length; i++) {
        right = Math.abs(found[i] - expected[i]) <= DISTANCE_MAX;
      }
      if (!right) {
        throw new IllegalStateException("serve: a server's answer is not the function's");
      }
    }

    @Override
    public double turn(boolean repeated) throws IOException, InterruptedException {
      long begin = System.nanoTime();
      List<Callable<Integer>> work = new ArrayList<>();
      clients.forEach(client -> work.add(() -> ask(client, repeated, begin + TURN_NANOS)));
      int answers = 0;
      for (Future<Integer> one : threads.invokeAll(work)) {
        try {
          answers += one.get();
        } catch (ExecutionException e) {
          throw new IOException(e.getCause());
        }
      }
      return answers * 1e9 / (System.nanoTime() - begin);
    }

    private int ask(KeptConnection client, boolean repeated, long end) throws IOException {
      int answers = 0;
      while (System.nanoTime() < end) {
        KeptConnection.Reply reply = repeated ? client.call() : client.call(newBody(setup));
        if (reply.status() != 200) {
          throw new IllegalStateException("serve: status " + reply.status());
        }
        answers++;
      }
      return answers;
    }

    @Override
    public void close() throws IOException {
      threads.shutdownNow();
      for (KeptConnection client : clients) {
        client.close();
      }
      process.close();
    }
  }

  /// The function, by the Runtime API.
  private record Function(Setup setup, FunctionProcess process, byte[] event) implements Side {
    @Override
    public double turn(boolean repeated) throws IOException, InterruptedException {
      long begin = System.nanoTime();
      int answers = 0;
      while (System.nanoTime() - begin < TURN_NANOS) {
        byte[] next = repeated ? event : setup.events().embeddings(newText(setup));
        var _ = Answer.of(process.call(next));
        answers++;
      }
      return answers * 1e9 / (System.nanoTime() - begin);
    }

    @Override
    public void close() {
      process.close();
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
    return 2 * Turns.steps(options);
  }

  @Override
  public List<Row> run(Setup setup) throws IOException, InterruptedException {
    String text = newText(setup);
    List<String> names = new ArrayList<>(List.of(SERVER, FUNCTION));
    List<Side> sides = new ArrayList<>();
    try {
      byte[] event = setup.events().embeddings(text);
      Map<String, String> alone =
          Map.of(
              "PILOTLIGHT_REDIS", "off",
              "PILOTLIGHT_STORE", "off",
              "AWS_LAMBDA_INITIALIZATION_TYPE", Warm.PROVISIONED);
      FunctionProcess function = setup.function(Setup.ONE_CPU_MB, alone, Cores.ONE);
      Side second = new Function(setup, function, event);
      sides.add(second);
      float[] expected = Answer.of(function.call(event)).vector();
      sides.addFirst(Server.open(setup, HttpProcess.server(setup), text, expected));
      if (setup.peer().isPresent()) {
        NodePeer peer = setup.peer().get();
        sides.add(Server.open(setup, HttpProcess.node(peer, "none"), text, expected));
        sides.add(Server.open(setup, HttpProcess.node(peer, "map"), text, expected));
        names.addAll(List.of(NODE, NODE_MAP));
      }
      List<Row> rows = new ArrayList<>();
      rows.addAll(rows("hits", play(setup, "serve, hits", names, sides, true), true));
      rows.addAll(
          rows("misses of 12 tokens", play(setup, "serve, misses", names, sides, false), false));
      return rows;
    } finally {
      for (Side side : sides) {
        side.close();
      }
    }
  }

  private static List<Series> play(
      Setup setup, String what, List<String> names, List<Side> sides, boolean repeated)
      throws IOException, InterruptedException {
    List<Turns.Player> players = new ArrayList<>();
    for (int i = 0; i < sides.size(); i++) {
      Side side = sides.get(i);
      players.add(new Turns.Player(names.get(i), () -> side.turn(repeated)));
    }
    int runs = setup.options().runs();
    return new Turns(what, WARM_UP_TURNS_PER_RUN * runs, runs, "requests/s")
        .play(setup, players, () -> {});
  }

  /// @param series of the server, the function, and the two of Node.js if they took part
  private static List<Row> rows(String what, List<Series> series, boolean hits) {
    List<Row> rows = new ArrayList<>();
    Series server = series.getFirst();
    rows.add(new Row(what + " per core, against the function", server, series.get(1), AS_LAMBDA));
    if (series.size() > 2) {
      Target without = hits ? HITS_OF_NODE : new Target.Times();
      Target with = hits ? new Target.Times() : MISSES_OF_NODE;
      rows.add(new Row(what + " per core, against " + NODE, server, series.get(2), without));
      rows.add(new Row(what + " per core, against " + NODE_MAP, server, series.get(3), with));
    }
    return rows;
  }
}
