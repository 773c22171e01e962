package dev.pilotlight.local.redis;

import dev.pilotlight.local.support.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A running `redis-server`, and the watchdog that ends it with this process.
final class RedisProcess {
  private static final Duration START_BUDGET = Duration.ofSeconds(10);

  private final Process process;
  private final @Nullable Process watchdog;

  private RedisProcess(Process process) {
    this.process = process;
    watchdog = watchdog(process.pid());
  }

  /// Another process has the port, or that of the cluster's bus.
  static final class PortTaken extends BindException {
    private static final long serialVersionUID = 1;

    PortTaken(String message) {
      super(message);
    }
  }

  /// Returns when the server accepts connections, and has read its data.
  ///
  /// @throws PortTaken if another process has one of its ports
  /// @throws IllegalStateException in one clear line if it does not start
  static RedisProcess start(List<String> command, int port, Path log) throws PortTaken {
    RedisProcess started;
    try {
      started =
          new RedisProcess(
              new ProcessBuilder(command)
                  .redirectErrorStream(true)
                  .redirectOutput(log.toFile())
                  .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    started.awaitReady(port, log);
    return started;
  }

  boolean running() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /// Returns when the process has ended and its port refuses connections.
  void stop() {
    process.destroy();
    try {
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    endWatchdog();
  }

  void kill() {
    process.destroyForcibly();
    endWatchdog();
  }

  private void awaitReady(int port, Path log) throws PortTaken {
    long end = System.nanoTime() + START_BUDGET.toNanos();
    while (!Ports.answers(port) || !isLoaded(log)) {
      if (!process.isAlive() || System.nanoTime() > end) {
        kill();
        String reason = last(log);
        String message = "Redis did not start on port " + port + ": " + reason;
        if (reason.contains("Failed listening")) {
          throw new PortTaken(message);
        }
        throw new IllegalStateException(message);
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        kill();
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while Redis starts", e);
      }
    }
  }

  /// Until then it refuses every command.
  private static boolean isLoaded(Path log) {
    try {
      return Files.readString(log, StandardCharsets.ISO_8859_1).contains("Ready to accept");
    } catch (IOException e) {
      return false;
    }
  }

  private static String last(Path log) {
    try {
      return Files.readAllLines(log).getLast();
    } catch (IOException | RuntimeException e) {
      return "its log is empty";
    }
  }

  /// Starts a process that ends Redis when this process is killed and cannot do so. Null without
  /// sh.
  private static @Nullable Process watchdog(long pid) {
    try {
      // Ctrl-C reaches it as well; it must outlive that
      String script = "trap '' INT TERM HUP; read -r _; kill -9 " + pid;
      return new ProcessBuilder("sh", "-c", script)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      return null;
    }
  }

  private void endWatchdog() {
    if (watchdog != null) {
      watchdog.destroyForcibly();
    }
  }
}
