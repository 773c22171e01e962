package dev.pilotlight.e2e.serve;

import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.local.support.Ports;
import dev.pilotlight.serve.Serve;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A process of [Serve] on free ports of this machine, with the classes of this build.
final class Served implements AutoCloseable {
  // other tests may have the CPUs
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final Process process;
  private final Path log;
  private final int port;
  private final int metricsPort;

  private Served(Process process, Path log, int port, int metricsPort) {
    this.process = process;
    this.log = log;
    this.port = port;
    this.metricsPort = metricsPort;
  }

  /// The settings of a process that has neither Redis nor DynamoDB.
  static Map<String, String> alone() {
    return Map.of(
        "PILOTLIGHT_MODELS", Path.of("models").toAbsolutePath().toString(),
        "PILOTLIGHT_STORE", "off",
        "PILOTLIGHT_SERVE_DRAIN_DELAY_MS", "0",
        "AWS_REGION", "eu-central-1");
  }

  /// The settings of a process that shares Redis and table with a stack's function.
  static Map<String, String> with(LocalStack stack, Options options) {
    Map<String, String> variables = new HashMap<>();
    options.template().functions().stream()
        .filter(it -> it.name().equals("ApiFunction"))
        .forEach(it -> variables.putAll(it.withoutCredentials().variables()));
    variables.remove("PILOTLIGHT_DOOR");
    for (String name : List.of("STORE_ATTEMPT_MS", "STORE_READ_MS", "STORE_WRITE_MS")) {
      variables.put("PILOTLIGHT_" + name, name.contains("ATTEMPT") ? "8000" : "9000");
    }
    variables.putAll(alone());
    variables.remove("PILOTLIGHT_STORE");
    stack
        .redis()
        .ifPresentOrElse(
            it -> variables.putAll(it.variables()), () -> variables.put("PILOTLIGHT_REDIS", "off"));
    variables.put("AWS_ENDPOINT_URL_DYNAMODB", stack.dynamo().endpoint().toString());
    variables.put("AWS_ENDPOINT_URL_S3", stack.s3().endpoint().toString());
    variables.put("AWS_ACCESS_KEY_ID", "local");
    variables.put("AWS_SECRET_ACCESS_KEY", "local");
    return variables;
  }

  /// Starts a process and returns when it is ready.
  ///
  /// @param more settings that replace the others
  static Served start(Map<String, String> variables, Map<String, String> more) {
    try {
      Served started = launch(variables, more);
      started.awaitReady();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// As [#start], but does not wait.
  static Served launch(Map<String, String> variables, Map<String, String> more) throws IOException {
    Map<String, String> all = new HashMap<>(variables);
    // not on the command line, which ONNX Runtime reads by a recursive expression
    all.put("CLASSPATH", classPath());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.add("-XX:+UseSerialGC");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dslf4j.provider=org.slf4j.nop.NOPServiceProvider");
    command.add("-Dslf4j.internal.verbosity=WARN");
    command.add(Serve.class.getName());
    return launch(command, all, more);
  }

  /// Starts what the image has, and returns when it is ready.
  ///
  /// @param entryPoint the script, with the server's jar in its folder
  /// @param root the package
  static Served image(Path entryPoint, Path root) throws IOException {
    Map<String, String> variables = new HashMap<>(alone());
    variables.remove("PILOTLIGHT_MODELS"); // the package's
    variables.put("LAMBDA_TASK_ROOT", root.toAbsolutePath().toString());
    variables.put("JAVA_TOOL_OPTIONS", "-Xmx512m");
    Served started = launch(List.of(entryPoint.toString()), variables, Map.of());
    started.awaitReady();
    return started;
  }

  private static Served launch(
      List<String> command, Map<String, String> variables, Map<String, String> more)
      throws IOException {
    int port = Ports.unused();
    int metricsPort = Ports.unused();
    Path log = Files.createTempFile("pilotlight-serve-", ".log");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(it -> it.startsWith("PILOTLIGHT_") || it.startsWith("AWS_"));
    environment.putAll(variables);
    environment.put("OPT_OUT_TRACKING", "true");
    environment.put("ORT_DISABLE_TELEMETRY", "1");
    environment.put("PILOTLIGHT_SERVE", "http");
    environment.put("PILOTLIGHT_SERVE_HOST", "127.0.0.1");
    environment.put("PILOTLIGHT_SERVE_PORT", Integer.toString(port));
    environment.put("PILOTLIGHT_SERVE_METRICS_PORT", Integer.toString(metricsPort));
    environment.putAll(more);
    return new Served(builder.start(), log, port, metricsPort);
  }

  /// What the image has: the classes and libraries that ship, the server's classes, and Jetty.
  private static String classPath() throws IOException {
    List<String> paths = new ArrayList<>();
    paths.add(Path.of("target", "classes").toAbsolutePath().toString());
    paths.add(Files.readString(Path.of("target", "runtime.classpath")).strip());
    paths.add(Path.of("target", "test-classes").toAbsolutePath().toString());
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (entry.matches(".*/jetty-(server|http|io|util)-[0-9.]+\\.jar")) {
        paths.add(entry);
      }
    }
    return String.join(File.pathSeparator, paths);
  }

  private void awaitReady() {
    try {
      await(() -> status("/v2/health/ready") == 200);
    } catch (IllegalStateException e) {
      close();
      throw e;
    }
  }

  /// Waits until a condition holds.
  ///
  /// @throws IllegalStateException with the log if the process ends before, or it takes too long
  void await(BooleanSupplier condition) {
    long begun = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() - begun > PATIENCE.toNanos()) {
        throw new IllegalStateException("the server did not get there:\n" + log());
      }
      sleep();
    }
  }

  /// The status of a GET; 0 if nothing listens.
  int status(String path) {
    return get(url().resolve(path)).map(HttpResponse::statusCode).orElse(0);
  }

  /// The status of a GET at the metrics' port; 0 if nothing listens.
  int statusAtMetrics(String path) {
    return get(metricsUrl().resolve(path)).map(HttpResponse::statusCode).orElse(0);
  }

  /// Prometheus' page; empty if nothing listens.
  String metrics() {
    return get(metricsUrl().resolve("/metrics")).map(HttpResponse::body).orElse("");
  }

  /// The value of a metric.
  ///
  /// @param name with its labels
  /// @return 0 for none
  double metric(String name) {
    String line = name + " ";
    return metrics()
        .lines()
        .filter(it -> it.startsWith(line))
        .mapToDouble(it -> Double.parseDouble(it.substring(line.length())))
        .sum();
  }

  private static Optional<HttpResponse<String>> get(URI url) {
    HttpRequest request = HttpRequest.newBuilder(url).timeout(ANSWER).build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return Optional.of(http.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (HttpTimeoutException e) {
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  URI metricsUrl() {
    return URI.create("http://127.0.0.1:" + metricsPort);
  }

  int port() {
    return port;
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends SIGTERM.
  void terminate() {
    process.destroy();
  }

  /// Waits for the end of the process and returns its status.
  int await() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("it did not end:\n" + log());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
