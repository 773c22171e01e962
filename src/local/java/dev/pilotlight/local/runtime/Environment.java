package dev.pilotlight.local.runtime;

import dev.pilotlight.local.support.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One execution environment: a process that runs the function with the official runtime interface
/// client, one event at a time. Thread-safe.
///
/// It ends by a crash, because an event exceeded the function's timeout or the process its memory,
/// or by [#close()]. The event that it was working on then fails as it would in Lambda.
public final class Environment implements AutoCloseable {
  private static final int LOG_LINES_MAX = 200;
  private static final int KILLED = 128 + 9;
  private static final Set<Integer> ASKED_TO_END = Set.of(128 + 2, 128 + 15);

  /// Called from several threads; must not block.
  interface Listener {
    /// The environment is initialised, or has finished the last event.
    void idle(Environment environment);

    /// The environment's process has ended.
    ///
    /// @param initError JSON if it never was idle, else null
    void ended(Environment environment, byte @Nullable [] initError);

    void logged(Environment environment, String line);
  }

  private final int number;
  private final Launch launch;
  private final Listener listener;
  private final List<String> log = new ArrayList<>();
  private volatile @Nullable RuntimeApi api;
  private volatile @Nullable Process process;
  private volatile byte @Nullable [] initError;
  private volatile boolean initialised;
  private volatile boolean served;
  private volatile boolean closing;

  Environment(int number, Launch launch, Listener listener) {
    this.number = number;
    this.launch = launch;
    this.listener = listener;
  }

  /// Starts the process and returns. It calls [Listener#idle] once the process is initialised, or
  /// [Listener#ended] if it could not be started.
  synchronized void start() {
    if (closing) {
      listener.ended(this, null);
      return;
    }
    RuntimeApi opened = new RuntimeApi("runtime-api-" + number, launch.function(), new Posts());
    api = opened;
    ProcessBuilder builder = new ProcessBuilder(launch.command()).redirectErrorStream(true);
    builder.directory(launch.root().toFile());
    builder.environment().clear();
    builder.environment().putAll(launch.variables(opened.port(), number));
    try {
      Process started = builder.start();
      process = started;
      Thread.ofVirtual().name("log-" + number).start(() -> readLog(started));
      MemoryWatch.start(started, launch.function().memoryMb(), this::overMemory);
      var _ =
          started
              .onExit()
              .thenAcceptAsync(gone -> ended(opened, gone.exitValue()), Thread::startVirtualThread);
    } catch (IOException e) {
      opened.close();
      String message = String.valueOf(e.getMessage());
      listener.ended(
          this, Json.object("errorType", "Runtime.InvalidEntrypoint", "errorMessage", message));
    }
  }

  public int number() {
    return number;
  }

  boolean initialised() {
    return initialised;
  }

  /// Whether it has ever got an event.
  boolean served() {
    return served;
  }

  boolean closing() {
    return closing;
  }

  /// Gives it an event; the invocation completes when the process answers, crashes or times out.
  ///
  /// @return whether it was idle
  boolean offer(Invocation invocation) {
    synchronized (log) {
      log.clear();
    }
    RuntimeApi opened = api;
    served = true;
    invocation.assignTo(this);
    if (opened == null || !opened.offer(invocation)) {
      return false;
    }
    var _ =
        invocation
            .outcome()
            .copy()
            .orTimeout(launch.function().timeout().toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (outcome, failure) -> {
                  if (failure instanceof TimeoutException) {
                    timedOut(invocation);
                  }
                });
    return true;
  }

  /// The lines that it has written since the last event began.
  public List<String> log() {
    synchronized (log) {
      return List.copyOf(log);
    }
  }

  /// Ends it at once, as a crash would.
  public void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
    }
  }

  @Override
  public void close() {
    closing = true;
    Process running;
    synchronized (this) {
      running = process;
    }
    if (running == null) {
      return;
    }
    // by its handle: Process.destroy would also close the pipe to which it still writes
    boolean _ = running.toHandle().destroy();
    try {
      if (!running.waitFor(launch.grace().toMillis(), TimeUnit.MILLISECONDS)) {
        running.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void timedOut(Invocation invocation) {
    double seconds = launch.function().timeout().toMillis() / 1000.0;
    String message =
        "RequestId: %s Error: Task timed out after %.2f seconds"
            .formatted(invocation.requestId(), seconds);
    if (invocation.complete(Outcome.Failed.of("Sandbox.Timedout", message))) {
      listener.logged(this, message);
      kill();
    }
  }

  private void overMemory(long usedMb) {
    listener.logged(
        this,
        "used %,d MB of the %,d MB it has: killed, as Lambda does"
            .formatted(usedMb, launch.function().memoryMb()));
    kill();
  }

  private void ended(RuntimeApi opened, int status) {
    String message =
        "Runtime exited with error: "
            + (status == KILLED ? "signal: killed" : "exit status " + status);
    Invocation invocation = opened.end();
    if (invocation != null) {
      String named = "RequestId: %s Error: %s".formatted(invocation.requestId(), message);
      invocation.complete(Outcome.Failed.of("Runtime.ExitError", named));
    }
    opened.close();
    byte @Nullable [] error = initError;
    if (error == null && !initialised) {
      error = Json.object("errorType", "Runtime.ExitError", "errorMessage", message);
    }
    if (ASKED_TO_END.contains(status)) {
      closing = true; // Ctrl-C goes to every process of the terminal
    }
    if (!closing && error == null) {
      listener.logged(this, message);
    }
    listener.ended(this, error);
  }

  private void readLog(Process running) {
    try (BufferedReader lines = running.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (log) {
          if (log.size() < LOG_LINES_MAX) {
            log.add(line);
          }
        }
        listener.logged(this, line);
      }
    } catch (IOException e) {
      // the process has ended, and its pipe is closed
    }
  }

  private final class Posts implements RuntimeApi.Listener {
    @Override
    public void waiting() {
      initialised = true;
      listener.idle(Environment.this);
    }

    @Override
    public void initFailed(byte[] error) {
      initError = error;
    }
  }
}
