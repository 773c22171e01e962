package dev.pilotlight.handler;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.http.Bodies;
import dev.pilotlight.protocol.http.Errors;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.LambdaEvents;
import dev.pilotlight.protocol.http.ResponseHeaders;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.http.WarmUp;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Usd;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/// One event in, one event out: whatever goes wrong between them becomes an answer, and is
/// measured.
///
/// Thread-safe.
final class Exchange {
  private static final int SERVER_ERROR = 500;
  private static final int NOT_FOUND = 404;

  /// In place of a status: a ping that keeps the environment warm is not counted as a request.
  private static final int PING = 0;

  private final Api api;
  private final LambdaEvents events;
  private final Bodies bodies;
  private final ApiSettings settings;
  private final Metering metering;
  private final Log log;

  Exchange(
      Api api,
      LambdaEvents events,
      Bodies bodies,
      ApiSettings settings,
      Metering metering,
      Log log) {
    this.api = api;
    this.events = events;
    this.bodies = bodies;
    this.settings = settings;
    this.metering = metering;
    this.log = log;
  }

  /// @param remaining how long Lambda lets the function run
  /// @param invocationId Lambda's own id, for requests that come without one
  /// @throws IOException if the event cannot be read or the response not written
  /// @throws IllegalArgumentException if it is not an HTTP event: there is nobody to answer then
  void answer(InputStream event, OutputStream response, Duration remaining, String invocationId)
      throws IOException {
    Metering.Measured measured = metering.begin();
    int status = SERVER_ERROR; // unless there is an answer
    try {
      status = answerEvent(event, response, remaining, invocationId, measured);
    } finally {
      if (status != PING) {
        measured.ofApi(status);
      }
      log.writeRepeats();
    }
  }

  /// @return the answer's status, or [#PING]
  private int answerEvent(
      InputStream event,
      OutputStream response,
      Duration remaining,
      String invocationId,
      Metering.Measured measured)
      throws IOException {
    Deadline deadline =
        Deadline.in(settings.deadline())
            .orSooner(Deadline.in(remaining).minus(settings.deadlineMargin()));
    Optional<LambdaEvents.Incoming> decoded = LambdaEvents.decode(event, invocationId);
    if (decoded.isEmpty()) {
      response.write(WarmUp.answer());
      return PING;
    }
    LambdaEvents.Incoming incoming = decoded.get();
    return events.encode(answerRequest(incoming, deadline, measured), incoming, response);
  }

  private HttpResponse answerRequest(
      LambdaEvents.Incoming incoming, Deadline deadline, Metering.Measured measured) {
    HttpRequest head = incoming.head();
    HttpResponse response;
    try {
      response = api.answer(bodies.read(incoming), deadline, measured.meter());
    } catch (RuntimeException | StackOverflowError failure) {
      response = Errors.response(failure, head);
      report(failure, head, response.status());
    }
    HttpResponse finished =
        bodies
            .finish(response, head)
            .with(ResponseHeaders.REQUEST_ID, ResponseHeaders.requestId(head));
    String usd = Usd.format(measured.usd(1));
    return hidesCost(response, head) ? finished : finished.with(ResponseHeaders.COST, usd);
  }

  /// The cost holds the time: it could tell a result that is another tenant's from none.
  private static boolean hidesCost(HttpResponse response, HttpRequest head) {
    return response.status() == NOT_FOUND && head.path().startsWith(Route.RESULTS);
  }

  /// The same, measured by another.
  Exchange with(Metering other) {
    return new Exchange(api, events, bodies, settings, other, log);
  }

  /// Callers' mistakes are theirs to see; what is ours is logged.
  private void report(Throwable failure, HttpRequest request, int status) {
    if (status < SERVER_ERROR) {
      return;
    }
    String id = ResponseHeaders.requestId(request);
    if (failure instanceof Refusal refusal) {
      log.warn(refusal.message(), refusal.getCause(), "requestId", id, "path", request.path());
    } else {
      log.error("internal error", failure, "requestId", id, "path", request.path());
    }
  }
}
