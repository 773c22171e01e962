package dev.pilotlight.local;

import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/// What the runner says, a line at a time. Written by a thread of its own, so that a slow terminal
/// does not slow a request; the last lines are kept. Thread-safe.
final class Console implements RequestLog {
  private static final int LINES_MAX = 10_000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private final Options.Logs logs;
  private final Deque<String> last = new ArrayDeque<>();
  private final LinkedBlockingQueue<String> unwritten = new LinkedBlockingQueue<>(LINES_MAX);
  private final Consumer<String> out;

  /// @param out takes each line, on one thread
  Console(Options.Logs logs, Consumer<String> out) {
    this.logs = logs;
    this.out = out;
    Thread.ofPlatform().daemon().name("console").start(this::write);
  }

  void line(String line) {
    synchronized (last) {
      if (last.size() == LINES_MAX) {
        last.removeFirst();
      }
      last.add(line);
    }
    boolean _ = unwritten.offer(line); // better a line lost than a request held up
  }

  /// What an environment of a function wrote.
  void logged(int environment, String line) {
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
                LocalTime.now(ZoneId.systemDefault()).format(TIME),
                named ? entry.route() : entry.method() + " " + entry.path(),
                entry.status(),
                entry.tier(),
                entry.ms(),
                entry.environment() == 0 ? "-" : "env " + entry.environment()));
  }

  /// The last lines, oldest first, whether written or not.
  List<String> lines() {
    synchronized (last) {
      return List.copyOf(last);
    }
  }

  private static boolean isQuiet(String line) {
    return line.startsWith("{")
        && (line.contains("\"level\":\"INFO\"") || line.contains("\"level\":\"DEBUG\""));
  }

  private void write() {
    try {
      while (true) {
        out.accept(unwritten.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
