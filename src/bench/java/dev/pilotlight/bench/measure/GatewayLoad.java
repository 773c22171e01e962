package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.baseline.BaselineProcess;
import dev.pilotlight.bench.report.Row;
import dev.pilotlight.bench.report.Series;
import dev.pilotlight.bench.report.Target;
import dev.pilotlight.bench.setup.BenchOptions;
import dev.pilotlight.bench.setup.KeptConnection;
import dev.pilotlight.bench.setup.Setup;
import dev.pilotlight.local.gateway.Gateway;
import dev.pilotlight.local.runtime.EnvironmentPool;
import dev.pilotlight.local.runtime.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Hits of 64 clients through the local runner's gateway, with two environments, over the same
/// gateway with a function that answers every request with the same bytes. They take turns.
public final class GatewayLoad implements Measure {
  private static final Target TARGET = new Target.AtLeastTimes(0.9);
  private static final String PATH = "/v1/embeddings";
  private static final int CLIENTS = 64;
  private static final int ENVIRONMENTS = 2;
  private static final int WAITING_MAX = 1_000;
  private static final int WARM_UP_TURNS_PER_RUN = 2;

  /// A gateway, its function and its clients.
  private static final class Side implements AutoCloseable {
    private final EnvironmentPool pool;
    private final Gateway gateway;
    private final Clients clients;
    private final byte[] expected;

    Side(Setup setup, Launch launch, byte[] json) throws IOException {
      pool = new EnvironmentPool(launch, ENVIRONMENTS, WAITING_MAX, (_, _) -> {});
      pool.start().join();
      gateway =
          new Gateway(
              0,
              setup.template().routes(),
              Map.of(launch.function().name(), pool),
              _ -> {},
              Set.of(),
              Gateway.INTEGRATION_TIMEOUT);
      clients = new Clients(CLIENTS, gateway.port(), PATH, json);
      expected = clients.first().call().body();
    }

    double turn() throws IOException, InterruptedException {
      return clients.turn(this::ask).perSecond();
    }

    private void ask(KeptConnection client) throws IOException {
      KeptConnection.Reply reply = client.call();
      if (reply.status() != 200 || !Arrays.equals(reply.body(), expected)) {
        throw new IllegalStateException(
            "status %d, or not the same answer again".formatted(reply.status()));
      }
    }

    @Override
    public void close() throws IOException {
      clients.close();
      gateway.close();
      pool.close();
    }
  }

  @Override
  public String name() {
    return "gateway";
  }

  @Override
  public int steps(BenchOptions options) {
    return Turns.steps(options);
  }

  @Override
  public List<Row> run(Setup setup) throws IOException, InterruptedException {
    byte[] json = setup.events().body(setup.texts().next(Warm.SHORT));
    Map<String, String> provisioned = Warm.variables(Warm.PROVISIONED);
    int runs = setup.options().runs();
    try (Side function = new Side(setup, setup.launch(Setup.ONE_CPU_MB, provisioned), json);
        Side echo = echo(setup, function.expected, json, provisioned)) {
      List<Series> series =
          new Turns("gateway, 64 clients", WARM_UP_TURNS_PER_RUN * runs, runs, "requests/s")
              .play(
                  setup,
                  List.of(
                      new Turns.Player("function", function::turn),
                      new Turns.Player("echo", echo::turn)),
                  () -> {});
      return List.of(
          new Row("hits of 64 clients, two environments", series.get(0), series.get(1), TARGET));
    }
  }

  private static Side echo(Setup setup, byte[] body, byte[] json, Map<String, String> variables)
      throws IOException {
    Files.write(BaselineProcess.ANSWER, body);
    return new Side(setup, BaselineProcess.launch(setup, Setup.ONE_CPU_MB, variables), json);
  }
}
