package dev.pilotlight.eventloop;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.eventloop.ScriptedRuntime.Event;
import dev.pilotlight.eventloop.ScriptedRuntime.Request;
import dev.pilotlight.support.Sha256;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// One process that answers a script of events, and what it did.
///
/// @param exit the process's status; -1 if it waited for more events
record Run(List<Request> requests, String out, int exit) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NEEDED =
      Pattern.compile(
          "/(aws-lambda-java-(core|runtime|serial)|utils-lite|jackson-core|jspecify|pilotlight-)");
  private static final long SECONDS_MAX = 60;
  private static final long POLL_MS = 5;
  private static final int LONG = 2_000;

  /// Lambda's own client.
  static Run official(String handler, Map<String, String> variables, List<Event> script) {
    return of(AWSLambda.class, handler, variables, script);
  }

  static Run ours(String handler, Map<String, String> variables, List<Event> script) {
    return of(OurLoop.class, handler, variables, script);
  }

  private static Run of(
      Class<?> main, String handler, Map<String, String> variables, List<Event> script) {
    try {
      Path out = Files.createTempFile("event-loop", ".out");
      Path err = Files.createTempFile("event-loop", ".err");
      try (ScriptedRuntime runtime = new ScriptedRuntime(script)) {
        Process process = start(main, handler, variables, runtime, out, err);
        boolean ended = awaits(() -> !process.isAlive() || runtime.idle().getCount() == 0);
        int exit = process.isAlive() ? -1 : process.exitValue();
        process.destroyForcibly().waitFor(SECONDS_MAX, TimeUnit.SECONDS);
        if (!ended) {
          throw new IllegalStateException(main + " did not end:\n" + Files.readString(err));
        }
        if (runtime.requests().isEmpty()) {
          throw new IllegalStateException(
              main + " made no request, exit " + exit + ":\n" + Files.readString(err));
        }
        return new Run(List.copyOf(runtime.requests()), Files.readString(out), exit);
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Process start(
      Class<?> main,
      String handler,
      Map<String, String> variables,
      ScriptedRuntime runtime,
      Path out,
      Path err)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xss512k",
            "-Dstdout.encoding=UTF-8",
            main.getName(),
            handler);
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("CLASSPATH", classPath());
    environment.put("AWS_LAMBDA_RUNTIME_API", runtime.address());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  /// Folders, and the jars that either needs: a long class path takes time.
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.endsWith(".jar") || NEEDED.matcher(entry).find())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static boolean awaits(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.sleep(POLL_MS);
    }
    return true;
  }

  /// Both, at the same time: first the official one.
  static List<Run> both(String handler, Map<String, String> variables, List<Event> script) {
    var official = CompletableFuture.supplyAsync(() -> official(handler, variables, script));
    Run ours = ours(handler, variables, script);
    return List.of(official.join(), ours);
  }

  /// The requests as readable lines: JSON as trees, responses byte for byte, and the headers that
  /// Lambda reads.
  List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Request request : requests) {
      lines.add(line(request));
    }
    return lines;
  }

  /// Standard output; lines of JSON as trees.
  String log() throws IOException {
    StringBuilder log = new StringBuilder();
    for (String line : out.split("\n", -1)) {
      log.append(line.startsWith("{\"") ? JSON.readTree(line).toString() : line).append('\n');
    }
    return log.toString();
  }

  private static String line(Request request) throws IOException {
    Map<String, String> headers = request.headers();
    StringBuilder line = new StringBuilder(request.line());
    if (request.line().startsWith("POST")) {
      line.append(' ').append(headers.get("content-type"));
    }
    String latin = new String(request.body(), StandardCharsets.ISO_8859_1);
    if (!request.line().endsWith("/error")) {
      return line.append(' ').append(shortened(latin)).toString();
    }
    line.append(' ').append(headers.get("lambda-runtime-function-error-type"));
    line.append(' ').append(JSON.readTree(request.body()));
    String cause = headers.get("lambda-runtime-function-xray-error-cause");
    return line.append(" cause ").append(cause == null ? "none" : cause(cause)).toString();
  }

  /// A long text by its length and digest, so that a failure can be read.
  private static String shortened(String latin) {
    if (latin.length() <= LONG) {
      return latin;
    }
    byte[] bytes = latin.getBytes(StandardCharsets.ISO_8859_1);
    return bytes.length + " bytes, SHA-256 " + Sha256.hex(bytes);
  }

  /// The paths are a set.
  private static String cause(String header) throws IOException {
    JsonNode cause = JSON.readTree(header);
    TreeSet<String> paths = new TreeSet<>();
    cause.path("paths").forEach(path -> paths.add(path.asText()));
    return cause.path("working_directory") + " " + cause.path("exceptions") + " " + paths;
  }
}
