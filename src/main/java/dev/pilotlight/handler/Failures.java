package dev.pilotlight.handler;

import static dev.pilotlight.protocol.http.HttpResponse.SERVER_ERROR;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.http.Errors;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.ResponseHeaders;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.support.Log;

/// Which failures of a request are ours, and their lines in the log. Loads with the first failure.
final class Failures {
  private Failures() {}

  /// Whether the function failed, and not the caller.
  static boolean isOurs(Throwable failure) {
    return !(failure instanceof Refusal it) || Errors.status(it.reason()) >= SERVER_ERROR;
  }

  /// Whether a request that found nothing may have asked for another tenant's result: its cost
  /// would reveal that, by the time that it includes.
  static boolean mayBeAnothers(HttpRequest request) {
    return request.path().startsWith(Route.RESULTS);
  }

  /// Logs our failures; a caller's mistakes are only in the answer.
  ///
  /// @param status of the answer: some doors answer our failures by a 4xx
  static void log(Log log, Throwable failure, HttpRequest request, int status) {
    if (status < SERVER_ERROR && !isOurs(failure)) {
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
