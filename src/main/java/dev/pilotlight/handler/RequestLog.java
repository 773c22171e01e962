package dev.pilotlight.handler;

import static dev.pilotlight.protocol.http.HttpResponse.SERVER_ERROR;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Timing.Stage;
import dev.pilotlight.model.Model;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.ResponseHeaders;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.protocol.http.TraceHeader;
import dev.pilotlight.support.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Writes one line of the log, of level INFO, about a request that we failed to answer or that was
/// slow, and about some of the others. A caller's mistake is one of the others: otherwise a caller
/// without credentials could decide what the log costs. It has every id of the request, and nothing
/// that the caller wrote except a request id and the id of a trace: no text, no path, no header.
/// Thread-safe.
final class RequestLog {
  /// Logs nothing.
  static final RequestLog NONE = new RequestLog(null, Duration.ZERO, 0);

  // the answer to only-if-cached, which a caller may ask for at will
  private static final int NOT_CACHED = 504;
  private static final double NANOS_PER_MICRO = 1e3;
  private static final double MICROS_PER_MILLI = 1e3;

  private final @Nullable Log log;
  private final long slowNanos;
  private final int sampleOneIn;

  /// @param log takes the lines; null for none
  /// @param slow from which duration a request has a line
  /// @param sampleOneIn of the other requests, one of so many has a line; 0 for none
  RequestLog(@Nullable Log log, Duration slow, int sampleOneIn) {
    this.log = log;
    this.slowNanos = slow.toNanos();
    this.sampleOneIn = sampleOneIn;
  }

  /// Writes the line of a request that has ended, if it is to have one.
  ///
  /// @param status the status that the caller got; 500 if there was no answer
  void write(Turn turn, int status) {
    if (log != null) {
      String reason = reason(turn.measured().nanos(), status);
      if (reason != null) {
        log.info("request", fields(turn, status, reason));
      }
    }
  }

  private @Nullable String reason(long nanos, int status) {
    if (status >= SERVER_ERROR && status != NOT_CACHED) {
      return "error";
    }
    if (nanos >= slowNanos) {
      return "slow";
    }
    return sampleOneIn > 0 && ThreadLocalRandom.current().nextInt(sampleOneIn) == 0
        ? "sample"
        : null;
  }

  /// Names and values in turn.
  private static Object[] fields(Turn turn, int status, String reason) {
    List<Object> fields = new ArrayList<>();
    add(fields, "reason", reason);
    add(fields, "status", status);
    HttpRequest head = turn.head();
    if (head != null) {
      add(fields, "requestId", ResponseHeaders.requestId(head));
      add(fields, "gatewayRequestId", head.requestId());
    }
    add(fields, "lambdaRequestId", turn.invocation().id());
    String trace = TraceHeader.root(turn.invocation().trace());
    if (trace != null) {
      add(fields, "traceId", trace);
    }
    if (head != null) {
      add(fields, "route", Router.pattern(head).orElse("none"));
    }
    Model model = turn.model();
    if (model != null) {
      ModelInfo info = model.info();
      add(fields, "model", info.name());
      add(fields, "modelVersion", info.version());
    }
    Meter meter = turn.meter();
    add(fields, "items", meter.items());
    add(fields, "tokens", tokens(turn.answers()));
    add(fields, "tier", turn.measured().slowest());
    add(fields, "ms", millis(turn.measured().nanos()));
    for (Stage stage : Stage.values()) {
      if (meter.ran(stage)) {
        add(fields, stage.wireName() + "Ms", millis(meter.nanos(stage)));
      }
    }
    return fields.toArray();
  }

  private static void add(List<Object> fields, String name, Object value) {
    fields.add(name);
    fields.add(value);
  }

  private static long tokens(List<Answer> answers) {
    long tokens = 0;
    for (Answer answer : answers) {
      tokens += answer.result().tokens();
    }
    return tokens;
  }

  /// To the microsecond.
  private static double millis(long nanos) {
    return Math.floor(nanos / NANOS_PER_MICRO) / MICROS_PER_MILLI;
  }
}
