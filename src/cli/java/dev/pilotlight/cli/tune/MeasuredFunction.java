package dev.pilotlight.cli.tune;

import dev.pilotlight.local.wire.LambdaVariables;
import dev.pilotlight.local.wire.Reply;
import dev.pilotlight.local.wire.WireRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A process of the package, started by its `bootstrap` with the processor time of a size. For one
/// caller at a time.
final class MeasuredFunction implements AutoCloseable {
  private static final String HANDLER = "dev.pilotlight.handler.ApiHandler::handleRequest";
  private static final String NAME = "ApiFunction";
  private static final int PATIENCE_SECONDS = 300;
  private static final String PEAK = "VmHWM:";
  private static final int KB_PER_MB = 1_024;

  private final WireRuntime runtime = new WireRuntime();
  private final CpuLimit limit;
  private final Path log;
  private final Process process;
  private final CompletableFuture<Process> exit;
  private final long startNanos;
  private final Thread onExit = Thread.ofPlatform().unstarted(this::abandon);

  /// @param variables added to Lambda's
  /// @param log gets its output
  MeasuredFunction(Path root, CpuLimit limit, int memoryMb, Map<String, String> variables, Path log)
      throws IOException {
    this.limit = limit;
    this.log = log;
    Path folder = root.toAbsolutePath().normalize();
    Map<String, String> all = new HashMap<>(limit.variables());
    all.putAll(LambdaVariables.of(NAME, HANDLER, memoryMb, folder.toString(), runtime.port(), 1));
    all.putAll(variables);
    try {
      List<String> command = List.of(folder.resolve("bootstrap").toString());
      ProcessBuilder builder = new ProcessBuilder(limit.wrap(memoryMb, command));
      builder.environment().clear();
      builder.environment().putAll(all);
      builder
          .directory(folder.toFile())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      startNanos = System.nanoTime();
      process = builder.start();
    } catch (IOException e) {
      runtime.close();
      limit.release();
      throw e;
    }
    exit = process.onExit();
    try {
      Runtime.getRuntime().addShutdownHook(onExit);
    } catch (IllegalStateException e) {
      // this process ends already
      abandon();
    }
  }

  /// Ends the process when this one is ended, such as by Ctrl-C; its log serves nobody then.
  private void abandon() {
    var _ = process.destroyForcibly();
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      // it stays
    }
  }

  /// When it was about to be started, as `System.nanoTime()` counts.
  long startNanos() {
    return startNanos;
  }

  /// Sends an event and returns the answer.
  ///
  /// @throws IllegalStateException if the function reports an error, ends or does not answer
  Reply call(byte[] event) throws InterruptedException {
    CompletableFuture<Reply> reply = runtime.send(event);
    try {
      var _ = CompletableFuture.anyOf(reply, exit).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the function does not answer", e);
    }
    if (!reply.isDone()) {
      throw new IllegalStateException(
          "the function's process ended with %d".formatted(process.exitValue()));
    }
    Reply answer = reply.join();
    if (answer.error()) {
      throw new IllegalStateException("the function failed: %s".formatted(answer.text()));
    }
    return answer;
  }

  /// The most memory that it has used so far, in megabytes; 0 if it has ended.
  int peakMb() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
        if (line.startsWith(PEAK)) {
          String kb = line.substring(PEAK.length()).strip().split(" ", -1)[0];
          return Math.ceilDiv(Integer.parseInt(kb), KB_PER_MB);
        }
      }
    } catch (IOException e) {
      // it has ended
    }
    return 0;
  }

  /// Returns when it is gone.
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      boolean _ = Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      // this process ends, and the hook runs
    }
    var _ = exit.join();
    runtime.close();
    limit.release();
  }
}
