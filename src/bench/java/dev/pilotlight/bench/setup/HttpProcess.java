package dev.pilotlight.bench.setup;

import dev.pilotlight.bench.report.Cores;
import dev.pilotlight.local.support.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A process that serves HTTP on one core: the container's server on the package, or Node.js.
public final class HttpProcess implements AutoCloseable {
  private static final Path SERVER = Path.of("target/pilotlight-serve.jar").toAbsolutePath();

  /// The entry point of the image and the server's jar, in one folder as in the image.
  private static final Path IMAGE = Path.of("target/bench/serve").toAbsolutePath();

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long POLL_MS = 20;

  private final Process process;
  private final int port;

  private HttpProcess(ProcessBuilder builder, Map<String, String> variables, int port)
      throws IOException {
    this.port = port;
    builder.environment().keySet().removeIf(name -> name.startsWith("PILOTLIGHT_"));
    builder.environment().putAll(variables);
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(Setup.LOG.toFile()));
    process = Cores.ONE.start(builder).process();
  }

  /// Starts the image's entry point on the package. The server caches in memory only.
  ///
  /// @throws IllegalStateException in one clear line if the build did not make the server's jar
  public static HttpProcess server(Setup setup) throws IOException, InterruptedException {
    if (!Files.exists(SERVER)) {
      throw new IllegalStateException("there is no " + SERVER + ": mvn package makes it");
    }
    Files.createDirectories(IMAGE);
    Path entryPoint = IMAGE.resolve("start");
    Files.copy(
        Path.of("deploy/container/start"),
        entryPoint,
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
    Files.copy(SERVER, IMAGE.resolve("serve.jar"), StandardCopyOption.REPLACE_EXISTING);
    Path root = setup.options().packaged().toAbsolutePath();
    int port = Ports.unused();
    ProcessBuilder builder = new ProcessBuilder(entryPoint.toString());
    Map<String, String> variables = new HashMap<>();
    variables.put("LAMBDA_TASK_ROOT", root.toString());
    variables.put("AWS_REGION", "eu-central-1");
    variables.put("JAVA_TOOL_OPTIONS", "-Xmx512m"); // the share of a container with 1 GB
    variables.put("PILOTLIGHT_SERVE", "http");
    variables.put("PILOTLIGHT_SERVE_HOST", "127.0.0.1");
    variables.put("PILOTLIGHT_SERVE_PORT", Integer.toString(port));
    variables.put("PILOTLIGHT_SERVE_METRICS_PORT", "0");
    variables.put("PILOTLIGHT_SERVE_DRAIN_DELAY_MS", "0");
    variables.put("PILOTLIGHT_STORE", "off");
    return new HttpProcess(builder, variables, port).awaitListening();
  }

  /// Starts the peer in Node.js.
  ///
  /// @param cache `none` or `map`
  public static HttpProcess node(NodePeer peer, String cache)
      throws IOException, InterruptedException {
    int port = Ports.unused();
    List<String> command = List.of(peer.node().toString(), peer.script(NodePeer.HTTP).toString());
    Map<String, String> variables =
        Map.of(
            "PORT", Integer.toString(port),
            "CACHE", cache,
            "MODEL_DIR", Setup.MODEL.toAbsolutePath().toString());
    return new HttpProcess(new ProcessBuilder(command), variables, port).awaitListening();
  }

  private HttpProcess awaitListening() throws InterruptedException {
    long begun = System.nanoTime();
    while (!Ports.answers(port)) {
      if (!process.isAlive() || System.nanoTime() - begun > PATIENCE.toNanos()) {
        close();
        throw new IllegalStateException("a server did not start; its output is in " + Setup.LOG);
      }
      Thread.sleep(POLL_MS);
    }
    return this;
  }

  public long pid() {
    return process.pid();
  }

  public int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
