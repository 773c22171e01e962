package dev.pilotlight.support;

import dev.pilotlight.support.Repeats.Repeated;
import dev.pilotlight.support.json.JsonBytes;
import java.io.PrintStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Writes structured log lines, one JSON object a line, to standard output, where Lambda collects
/// them.
///
/// The field `stack` holds a failure's chain of causes with their stacks. Repetitions of a failure
/// within [Repeats#WINDOW] are counted and written as one line with the count in `repeats`.
public final class Log {
  /// The severity of a line, lowest first.
  public enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /// The fields that differ between requests with the same failure.
  private static final Set<String> OF_A_REQUEST = Set.of("requestId", "path", "line", "id");

  private final PrintStream out;
  private final Level least;
  private final Repeats repeats;

  public Log(PrintStream out, Level least) {
    this(out, least, System::nanoTime);
  }

  Log(PrintStream out, Level least, LongSupplier nanoTime) {
    this.out = out;
    this.least = least;
    this.repeats = new Repeats(nanoTime);
  }

  public void info(String message, Object... pairs) {
    if (Level.INFO.compareTo(least) >= 0) {
      line(fields(Level.INFO, message, pairs));
    }
  }

  public void warn(String message, @Nullable Throwable cause, Object... pairs) {
    failure(Level.WARN, message, cause, pairs);
  }

  public void error(String message, @Nullable Throwable cause, Object... pairs) {
    failure(Level.ERROR, message, cause, pairs);
  }

  /// Writes the counts of failures whose window is over. Call this when a request ends: a frozen
  /// environment writes nothing.
  public void writeRepeats() {
    write(repeats.due(false));
  }

  /// Writes all counts. Call this when an invocation ends that may be the last.
  public void writeAllRepeats() {
    write(repeats.due(true));
  }

  private void failure(Level level, String message, @Nullable Throwable cause, Object... pairs) {
    if (level.compareTo(least) < 0) {
      return;
    }
    Map<String, Object> fields = fields(level, message, pairs);
    StringBuilder failure =
        new StringBuilder(level.name()).append(message).append(StackText.chain(cause));
    for (int i = 0; i + 1 < pairs.length; i += 2) {
      if (!OF_A_REQUEST.contains(String.valueOf(pairs[i]))) {
        failure.append('\n').append(pairs[i]).append('=').append(pairs[i + 1]);
      }
    }
    if (cause != null) {
      fields.put("error", cause.toString());
      fields.put("at", StackText.place(cause));
    }
    List<Repeated> before = repeats.take(failure.toString(), fields);
    if (before == null) {
      return;
    }
    write(before);
    Map<String, Object> first = new LinkedHashMap<>(fields);
    if (cause != null) {
      first.put("stack", StackText.of(cause));
    }
    line(first);
  }

  private void write(List<Repeated> counted) {
    for (Repeated repeated : counted) {
      Map<String, Object> line = new LinkedHashMap<>(repeated.line());
      line.put("repeats", repeated.count());
      line(line);
    }
  }

  /// @param pairs key, value, key, value …
  private static Map<String, Object> fields(Level level, String message, Object... pairs) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("timestamp", Instant.now());
    fields.put("level", level);
    fields.put("message", message);
    for (int i = 0; i + 1 < pairs.length; i += 2) {
      fields.put(String.valueOf(pairs[i]), pairs[i + 1]);
    }
    return fields;
  }

  /// By one write, so that lines of several threads never mix.
  private void line(Map<String, Object> fields) {
    JsonBytes json = new JsonBytes().object();
    for (Map.Entry<String, Object> field : fields.entrySet()) {
      json.name(field.getKey());
      String value = String.valueOf(field.getValue());
      if (field.getValue() instanceof Number || field.getValue() instanceof Boolean) {
        json.literal(value);
      } else {
        json.string(value);
      }
    }
    json.endObject().newline();
    out.write(json.buffer(), 0, json.length());
    out.flush();
  }
}
