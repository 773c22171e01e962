package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.setup.KeptConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Clients of a server, with a connection each, which ask at the same time.
final class Clients implements AutoCloseable {
  static final long TURN_NANOS = 1_000_000_000L;

  private final ExecutorService threads;
  private final List<KeptConnection> connections = new ArrayList<>();

  /// @param body of [KeptConnection#call()]
  Clients(int count, int port, String path, byte[] body) throws IOException {
    threads = Executors.newFixedThreadPool(count);
    try {
      for (int i = 0; i < count; i++) {
        connections.add(new KeptConnection(port, path, body));
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /// One request, with the check of its answer.
  interface Ask {
    void run(KeptConnection connection) throws IOException;
  }

  /// The answers of a turn.
  record Answers(int count, long nanos) {
    double perSecond() {
      return count * 1e9 / nanos;
    }
  }

  KeptConnection first() {
    return connections.getFirst();
  }

  /// Lets all clients ask for [#TURN_NANOS].
  Answers turn(Ask ask) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    List<Callable<Integer>> work = new ArrayList<>();
    connections.forEach(connection -> work.add(() -> ask(ask, connection, begin + TURN_NANOS)));
    int answers = 0;
    for (Future<Integer> one : threads.invokeAll(work)) {
      try {
        answers += one.get();
      } catch (ExecutionException e) {
        throw new IOException(e.getCause());
      }
    }
    return new Answers(answers, System.nanoTime() - begin);
  }

  private static int ask(Ask ask, KeptConnection connection, long end) throws IOException {
    int answers = 0;
    while (System.nanoTime() < end) {
      ask.run(connection);
      answers++;
    }
    return answers;
  }

  @Override
  public void close() throws IOException {
    threads.shutdownNow();
    for (KeptConnection connection : connections) {
      connection.close();
    }
  }
}
