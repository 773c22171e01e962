package dev.pilotlight.handler;

import dev.pilotlight.call.Calls;
import dev.pilotlight.call.Doors;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.Model;
import dev.pilotlight.protocol.door.Question;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.Route;
import java.time.Duration;

/// Answers the requests of further doors that need no inference: about a model, or about whether
/// the server is ready.
record Questions(Calls calls, Catalogue catalogue) {
  private static final int OK = 200;
  private static final Duration RETRY = Duration.ofSeconds(1);

  /// @throws Refusal for a request that the caller can correct, or send again
  HttpResponse answer(HttpRequest request, Route.AtDoor route, Turn turn) {
    Question asked = calls.ask(request, route);
    Model model = calls.load(asked);
    turn.model(model);
    return asked.answer(catalogue.subject(model, asked.model()));
  }

  /// Ready means the same as on `/v2/health/ready`; the form of the failure is the door's.
  HttpResponse health(HttpRequest request, Turn turn) {
    turn.measured().asksReadiness();
    return catalogue.isReady()
        ? HttpResponse.empty(OK)
        : Doors.failed(Refusal.unavailable("unhealthy", RETRY, null), request);
  }
}
