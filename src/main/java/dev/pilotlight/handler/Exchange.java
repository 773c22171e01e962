package dev.pilotlight.handler;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.Bodies;
import dev.pilotlight.protocol.Errors;
import dev.pilotlight.protocol.HttpRequest;
import dev.pilotlight.protocol.HttpResponse;
import dev.pilotlight.protocol.LambdaEvents;
import dev.pilotlight.protocol.ResponseHeaders;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Usd;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/// One event in, one event out: whatever goes wrong between them becomes an answer, and is
/// measured.
///
/// Thread-safe.
final class Exchange {
  private static final int SERVER_ERROR = 500;

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
  /// @throws IOException if the event cannot be read or the response not written
  /// @throws IllegalArgumentException if it is not an HTTP event: there is nobody to answer then
  void answer(InputStream event, OutputStream response, Duration remaining) throws IOException {
    Metering.Measured measured = metering.begin();
    int status = SERVER_ERROR; // unless there is an answer
    try {
      status = answerEvent(event, response, remaining, measured);
    } finally {
      measured.ofApi(status);
    }
  }

  /// @return the answer's status
  private int answerEvent(
      InputStream event, OutputStream response, Duration remaining, Metering.Measured measured)
      throws IOException {
    Deadline deadline =
        Deadline.in(settings.deadline())
            .orSooner(Deadline.in(remaining).minus(settings.deadlineMargin()));
    LambdaEvents.Incoming incoming = LambdaEvents.decode(event);
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
    return bodies
        .finish(response, head)
        .with(ResponseHeaders.REQUEST_ID, ResponseHeaders.requestId(head))
        .with(ResponseHeaders.COST, Usd.written(measured.usd(1)));
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
