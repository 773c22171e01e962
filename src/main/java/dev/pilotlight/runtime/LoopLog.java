package dev.pilotlight.runtime;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogFormat;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import dev.pilotlight.support.json.Escapes;
import dev.pilotlight.support.json.JsonBytes;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes to standard output, where Lambda collects the log, in the format that the function's
/// configuration asks for: text as it is, or one JSON object a message. Thread-safe.
final class LoopLog implements LambdaLogger {
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  private final PrintStream out;
  private final LogFormat format;
  private final LogLevel least;
  private final @Nullable String requestId;
  private final @Nullable String tenantId;

  private LoopLog(
      PrintStream out,
      LogFormat format,
      LogLevel least,
      @Nullable String requestId,
      @Nullable String tenantId) {
    this.out = out;
    this.format = format;
    this.least = least;
    this.requestId = requestId;
    this.tenantId = tenantId;
  }

  static LoopLog of(Map<String, String> environment, PrintStream out) {
    return new LoopLog(
        out,
        LogFormat.fromString(environment.getOrDefault("AWS_LAMBDA_LOG_FORMAT", "TEXT")),
        LogLevel.fromString(environment.getOrDefault("AWS_LAMBDA_LOG_LEVEL", "UNDEFINED")),
        null,
        null);
  }

  /// A copy whose JSON names the invocation.
  LoopLog of(Invocation invocation) {
    return new LoopLog(out, format, least, invocation.requestId(), invocation.tenantId());
  }

  /// Writes a failure: in JSON as an error, in text as it is.
  void fault(String report) {
    log(report, format == LogFormat.JSON ? LogLevel.ERROR : LogLevel.UNDEFINED);
  }

  @Override
  public void log(@Nullable String message) {
    log(message, LogLevel.UNDEFINED);
  }

  @Override
  public void log(byte @Nullable [] message) {
    log(message, LogLevel.UNDEFINED);
  }

  @Override
  public void log(@Nullable String message, LogLevel level) {
    if (isOn(level)) {
      write(
          format == LogFormat.JSON
              ? json(message, level)
              : text(message, level).getBytes(StandardCharsets.UTF_8));
    }
  }

  @Override
  public void log(byte @Nullable [] message, LogLevel level) {
    if (isOn(level)) {
      write(message == null ? NULL : message);
    }
  }

  private boolean isOn(LogLevel level) {
    return level == LogLevel.UNDEFINED || level.compareTo(least) >= 0;
  }

  private static String text(@Nullable String message, LogLevel level) {
    return level == LogLevel.UNDEFINED ? String.valueOf(message) : "[" + level + "] " + message;
  }

  private byte[] json(@Nullable String message, LogLevel level) {
    JsonBytes json = new JsonBytes(0, Escapes.ASCII).object().field("timestamp", now());
    if (message != null) {
      json.field("message", message);
    }
    json.field("level", level.name());
    if (requestId != null) {
      json.field("AWSRequestId", requestId);
    }
    if (tenantId != null) {
      json.field("tenantId", tenantId);
    }
    return json.endObject().newline().toByteArray();
  }

  private static String now() {
    return DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'")
        .withZone(ZoneOffset.UTC)
        .format(Instant.now());
  }

  private void write(byte[] bytes) {
    out.write(bytes, 0, bytes.length);
    out.flush();
  }
}
