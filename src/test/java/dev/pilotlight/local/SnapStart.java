package dev.pilotlight.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.pilotlight.local.runtime.Launch;
import dev.pilotlight.local.support.HttpStub;
import dev.pilotlight.local.support.Ports;
import dev.pilotlight.local.template.LocalAccount;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// One environment of the managed runtime, as far as a test can have one: Lambda's own client on a
/// whole Java, with the function where Lambda puts it, and the Runtime API of SnapStart. No
/// snapshot is made; between checkpoint and restore the process waits, and the world around it may
/// change.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>
final class SnapStart implements AutoCloseable {
  private static final String RUNTIME = "/2018-06-01/runtime/";
  private static final String CLIENT =
      ".*/(aws-lambda-java-(core|serialization|runtime)|utils-lite)-.*";
  private static final long SECONDS_MAX = 60;
  private static final Path WRITTEN = Path.of("target", "snapstart.log");

  private final HttpStub api = new HttpStub(this::runtimeApi);
  private final CompletableFuture<Void> checkpoint = new CompletableFuture<>();
  private final CompletableFuture<Void> restored = new CompletableFuture<>();
  private final CompletableFuture<Void> idle = new CompletableFuture<>();
  private final LinkedBlockingQueue<byte[]> events = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final Process process;

  /// @param task what Lambda has in `/var/task`
  /// @param flags further ones of Java
  SnapStart(Path task, Map<String, String> settings, String... flags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    // as the managed runtime of 2025 has it
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx900m", "-Djava.net.preferIPv4Stack=true"));
    command.add("--add-opens=java.base/java.io=ALL-UNNAMED");
    command.add("-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac");
    command.addAll(List.of("-cp", client()));
    command.add("com.amazonaws.services.lambda.runtime.api.client.AWSLambda");
    command.add("dev.pilotlight.handler.ApiHandler::handleRequest");
    ProcessBuilder builder = new ProcessBuilder(command).directory(task.toFile());
    builder.redirectErrorStream(true).redirectOutput(WRITTEN.toFile());
    builder.environment().clear();
    builder.environment().putAll(variables(task));
    builder.environment().putAll(settings);
    process = builder.start();
    var _ = process.onExit().thenRun(() -> failed("it ended"));
  }

  private Map<String, String> variables(Path task) {
    Map<String, String> variables = new HashMap<>();
    variables.put("PATH", "/usr/local/bin:/usr/bin:/bin");
    variables.put("AWS_REGION", LocalAccount.REGION);
    variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_java25");
    variables.put("AWS_LAMBDA_RUNTIME_API", Ports.HOST + ":" + api.port());
    variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
    variables.put("AWS_LAMBDA_FUNCTION_NAME", "Snapped");
    variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769");
    variables.put("LAMBDA_TASK_ROOT", task.toString());
    variables.put("ORT_DISABLE_TELEMETRY", "1");
    variables.put("OPT_OUT_TRACKING", "true");
    return variables;
  }

  /// The managed runtime's jars in addition to Java. All others must come from the task's
  /// directory.
  private static String client() {
    return String.join(File.pathSeparator, jars().filter(jar -> jar.matches(CLIENT)).toList());
  }

  private static Stream<String> jars() {
    return Stream.of(Launch.Code.Classes.shipped().path().split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"));
  }

  /// The package where there is one, else links to its parts in the same places.
  static Path task() throws IOException {
    Path packaged = Path.of(System.getProperty("pilotlight.package", "")).toAbsolutePath();
    if (Files.isExecutable(packaged.resolve(Launch.BOOTSTRAP))) {
      return packaged;
    }
    Path task = Path.of("target", "snapstart").toAbsolutePath();
    Files.createDirectories(task.resolve("lib"));
    try (Stream<Path> classes = Files.list(Path.of("target/classes").toAbsolutePath())) {
      classes.forEach(child -> link(task, child));
    }
    jars().map(Path::of).forEach(jar -> link(task.resolve("lib"), jar));
    link(task, Path.of("models").toAbsolutePath());
    return task;
  }

  private static void link(Path directory, Path target) {
    Path link = directory.resolve(target.getFileName());
    try {
      Files.deleteIfExists(link); // of an earlier run
      Files.createSymbolicLink(link, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The lines that it has written so far: log and metrics.
  List<String> readOutput() throws IOException {
    return Files.readAllLines(WRITTEN);
  }

  long pid() {
    return process.pid();
  }

  /// Returns when the function has started and every hook before the snapshot has run.
  SnapStart awaitCheckpoint() {
    checkpoint.orTimeout(SECONDS_MAX, TimeUnit.SECONDS).join();
    return this;
  }

  /// Returns when it waits for an event.
  SnapStart restore() {
    restored.complete(null);
    return awaitIdle();
  }

  SnapStart awaitIdle() {
    idle.orTimeout(SECONDS_MAX, TimeUnit.SECONDS).join();
    return this;
  }

  String answer(byte[] event) throws InterruptedException {
    events.add(event);
    String answer = answers.poll(SECONDS_MAX, TimeUnit.SECONDS);
    assertThat(answer).isNotNull();
    return answer;
  }

  private void runtimeApi(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    String path = exchange.getRequestURI().getPath();
    String text = new String(body, UTF_8);
    if (path.equals(RUNTIME + "restore/next")) {
      checkpoint.complete(null);
      restored.join();
      HttpStub.reply(exchange, 200, "");
    } else if (path.equals(RUNTIME + "invocation/next")) {
      idle.complete(null);
      byte[] event = events.take();
      exchange.getResponseHeaders().add("Lambda-Runtime-Aws-Request-Id", "r-1");
      String deadline = Long.toString(System.currentTimeMillis() + 30_000);
      exchange.getResponseHeaders().add("Lambda-Runtime-Deadline-Ms", deadline);
      exchange.getResponseHeaders().add("Lambda-Runtime-Invoked-Function-Arn", Launch.arn("f"));
      exchange.getResponseHeaders().add("Lambda-Runtime-Trace-Id", "Root=1-0-0");
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      HttpStub.reply(exchange, 200, new String(event, UTF_8));
    } else {
      if (path.endsWith("/error")) {
        failed(text);
      }
      answers.add(text);
      HttpStub.reply(exchange, 202, "{}");
    }
  }

  private void failed(String why) {
    answers.add(why);
    checkpoint.completeExceptionally(new IllegalStateException(why));
    idle.completeExceptionally(new IllegalStateException(why));
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    api.close();
  }
}
