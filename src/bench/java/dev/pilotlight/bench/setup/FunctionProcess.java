package dev.pilotlight.bench.setup;

import dev.pilotlight.bench.report.Cores;
import dev.pilotlight.bench.report.Libc;
import dev.pilotlight.local.runtime.Launch;
import dev.pilotlight.local.wire.Reply;
import dev.pilotlight.local.wire.WireRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A function's process and its Runtime API. For one caller at a time.
public final class FunctionProcess implements AutoCloseable {
  /// The longest that Lambda lets a function run.
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private final WireRuntime runtime = new WireRuntime();
  private final Process process;
  private final CompletableFuture<Process> exit;
  private final long startNanos;

  /// Starts the process; its output goes to [Setup#LOG].
  ///
  /// @param command the launch's own, or that of another program in its place
  FunctionProcess(Launch launch, List<String> command, Cores cores) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(launch.root().toFile());
    builder.environment().clear();
    builder.environment().putAll(launch.variables(runtime.port(), 1));
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(Setup.LOG.toFile()));
    Cores.Started started = cores.start(builder);
    process = started.process();
    startNanos = started.startNanos();
    exit = process.onExit();
  }

  /// When it was about to be started, as `System.nanoTime()` counts.
  public long startNanos() {
    return startNanos;
  }

  public long pid() {
    return process.pid();
  }

  /// Collects its heap, all of it.
  public void collectGarbage() throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid()),
                "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (jcmd.waitFor() != 0) {
      throw new IllegalStateException("jcmd cannot reach the function's process");
    }
  }

  /// Returns when it waits for an event.
  public void awaitReady() throws InterruptedException {
    boolean _ = await(runtime.ready());
  }

  /// Sends an event and returns the answer.
  ///
  /// @throws IllegalStateException if it reports an error, ends or does not answer
  public Reply call(byte[] event) throws InterruptedException {
    Reply reply = await(runtime.send(event));
    if (reply.error()) {
      throw new IllegalStateException("the function failed: " + reply.text());
    }
    return reply;
  }

  /// Sends an event as Lambda does it: the process runs only from then until it asks for the next
  /// one, and no thread of it runs between two calls.
  ///
  /// @throws IllegalStateException if it reports an error, ends or does not answer
  public Reply callFrozen(byte[] event) throws InterruptedException {
    Libc.stop(pid(), false);
    Reply reply = call(event);
    awaitReady();
    Libc.stop(pid(), true);
    return reply;
  }

  private <T> T await(CompletableFuture<T> awaited) throws InterruptedException {
    try {
      var _ =
          CompletableFuture.anyOf(awaited, exit).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (awaited.isDone()) {
        return awaited.join();
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("no answer; see " + Setup.LOG, e);
    }
    throw new IllegalStateException(
        "the process ended with %d; see %s".formatted(process.exitValue(), Setup.LOG));
  }

  /// Returns when it is gone.
  @Override
  public void close() {
    process.destroyForcibly();
    var _ = exit.join();
    runtime.close();
  }
}
