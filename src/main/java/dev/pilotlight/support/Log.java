package dev.pilotlight.support;

import java.io.PrintStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Structured log lines: one JSON object a line on standard output, where Lambda collects them.
public final class Log {
  /// In order of weight.
  public enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  private final PrintStream out;
  private final Level least;

  public Log(PrintStream out, Level least) {
    this.out = out;
    this.least = least;
  }

  public void info(String message, Object... pairs) {
    write(Level.INFO, message, null, pairs);
  }

  public void warn(String message, @Nullable Throwable cause, Object... pairs) {
    write(Level.WARN, message, cause, pairs);
  }

  public void error(String message, @Nullable Throwable cause, Object... pairs) {
    write(Level.ERROR, message, cause, pairs);
  }

  /// @param pairs key, value, key, value …
  private void write(Level level, String message, @Nullable Throwable cause, Object... pairs) {
    if (level.compareTo(least) < 0) {
      return;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("timestamp", Instant.now());
    fields.put("level", level);
    fields.put("message", message);
    for (int i = 0; i + 1 < pairs.length; i += 2) {
      fields.put(String.valueOf(pairs[i]), pairs[i + 1]);
    }
    if (cause != null) {
      fields.put("error", cause.toString());
      fields.put("at", firstOwnFrame(cause));
      if (cause.getCause() != null) {
        fields.put("cause", cause.getCause().toString());
      }
    }
    out.println(json(fields));
  }

  private static String firstOwnFrame(Throwable cause) {
    for (StackTraceElement frame : cause.getStackTrace()) {
      if (frame.getClassName().startsWith("dev.pilotlight.")) {
        return frame.toString();
      }
    }
    return "";
  }

  private static String json(Map<String, Object> fields) {
    StringBuilder line = new StringBuilder(256).append('{');
    fields.forEach(
        (name, value) -> {
          if (line.length() > 1) {
            line.append(',');
          }
          quote(line, name).append(':');
          if (value instanceof Number || value instanceof Boolean) {
            line.append(value);
          } else {
            quote(line, String.valueOf(value));
          }
        });
    return line.append('}').toString();
  }

  static StringBuilder quote(StringBuilder line, String text) {
    line.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        line.append('\\').append(c);
      } else if (c < ' ') {
        line.append("\\u%04x".formatted((int) c));
      } else {
        line.append(c);
      }
    }
    return line.append('"');
  }
}
