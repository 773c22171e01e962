package dev.pilotlight.local;

import dev.pilotlight.local.gateway.RequestLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The runner's output, a line at a time. A thread writes it, so that a slow terminal does not
/// delay a request. Keeps the last lines. Thread-safe.
final class Console implements RequestLog {
  /// The destination of the lines. Called on one thread.
  @FunctionalInterface
  interface Out {
    void line(String line);

    /// Shows the progress of a batch.
    ///
    /// @param line the same as text
    default void progress(BatchReport report, String line) {
      line(line);
    }
  }

  private static final int FLUSH_SECONDS_MAX = 2;
  private static final int LINES_MAX = 10_000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private final Options.Logs logs;
  private final Optional<Path> file;
  private final Deque<String> last = new ArrayDeque<>();
  private final LinkedBlockingQueue<Runnable> unwritten = new LinkedBlockingQueue<>(LINES_MAX);
  private final Out out;

  Console(Options.Logs logs, Out out) {
    this(logs, Optional.empty(), out);
  }

  private Console(Options.Logs logs, Optional<Path> file, Out out) {
    this.logs = logs;
    this.file = file;
    this.out = out;
    Thread.ofPlatform().daemon().name("console").start(this::write);
  }

  static Console of(Options options, Out out) {
    return new Console(options.logs(), options.logFile(), out);
  }

  void line(String line) {
    write(line, () -> out.line(line));
  }

  private void write(String line, Runnable write) {
    synchronized (last) {
      if (last.size() == LINES_MAX) {
        last.removeFirst();
      }
      last.add(line);
    }
    boolean _ = unwritten.offer(write); // losing a line is better than delaying a request
  }

  /// Waits until all lines so far are written.
  void flush() throws InterruptedException {
    CountDownLatch written = new CountDownLatch(1);
    if (unwritten.offer(written::countDown)) {
      boolean _ = written.await(FLUSH_SECONDS_MAX, TimeUnit.SECONDS);
    }
  }

  /// Takes a line that an environment wrote. The progress of a batch is always shown, in a readable
  /// form.
  void logged(int environment, String line) {
    file.ifPresent(log -> append(log, line));
    Optional<BatchReport> batch = BatchReport.parse(line);
    if (batch.isPresent()) {
      String readable = now() + "  " + batch.get().text();
      write(readable, () -> out.progress(batch.get(), readable));
    } else {
      loggedLine(environment, line);
    }
  }

  private static void append(Path file, String line) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, line + '\n', StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void loggedLine(int environment, String line) {
    boolean shown =
        switch (logs) {
          case ALL -> true;
          case OFF -> false;
          case WARN -> !line.isBlank() && !isQuiet(line);
        };
    if (shown) {
      line("  env %d | %s".formatted(environment, line));
    }
  }

  @Override
  public void add(Entry entry) {
    boolean named = entry.route().contains(" ");
    line(
        "%s  %-44s %d  %-9s %9.1f ms  %s"
            .formatted(
                now(),
                named ? entry.route() : entry.method() + " " + entry.path(),
                entry.status(),
                entry.tier(),
                entry.ms(),
                entry.environment() == 0 ? "-" : "env " + entry.environment()));
  }

  /// The last lines, oldest first, including those that are not written yet.
  List<String> lines() {
    synchronized (last) {
      return List.copyOf(last);
    }
  }

  private static String now() {
    return LocalTime.now(ZoneId.systemDefault()).format(TIME);
  }

  /// Metrics, and structured lines of level INFO or DEBUG.
  private static boolean isQuiet(String line) {
    return line.startsWith("{")
        && (line.startsWith("{\"_aws\":")
            || line.contains("\"level\":\"INFO\"")
            || line.contains("\"level\":\"DEBUG\""));
  }

  private void write() {
    try {
      while (true) {
        unwritten.take().run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
