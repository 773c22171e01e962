package dev.pilotlight.bench.setup;

import dev.pilotlight.bench.report.Cores;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// A function's process and the Runtime API it speaks to. For one caller at a time.
public final class FunctionProcess implements AutoCloseable {
  /// As long as Lambda's.
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private final Process process;
  private final WireRuntime runtime;
  private final long startNanos;

  private FunctionProcess(Cores.Started started, WireRuntime runtime) {
    this.process = started.process();
    this.startNanos = started.startNanos();
    this.runtime = runtime;
  }

  /// Starts it; what it says goes to [Setup#LOG].
  static FunctionProcess start(ProcessBuilder builder, WireRuntime runtime, Cores cores)
      throws IOException {
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(Setup.LOG.toFile()));
    try {
      return new FunctionProcess(cores.start(builder), runtime);
    } catch (IOException e) {
      runtime.close();
      throw e;
    }
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
    runtime.awaitNext(process, PATIENCE);
  }

  /// Sends an event when it waits for one, and returns what it answers.
  ///
  /// @throws IllegalStateException if it reports an error, ends or does not answer
  public WireRuntime.Reply call(byte[] event) throws InterruptedException {
    return runtime.call(event, process, PATIENCE);
  }

  /// Returns when it is gone.
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
    runtime.close();
  }
}
