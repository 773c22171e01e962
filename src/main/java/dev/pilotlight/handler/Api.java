package dev.pilotlight.handler;

import static dev.pilotlight.protocol.http.HttpResponse.SERVER_ERROR;

import dev.pilotlight.access.Gate;
import dev.pilotlight.call.Call;
import dev.pilotlight.call.Calls;
import dev.pilotlight.call.Doors;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.InferenceRequest;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Outcome;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Timing.Stage;
import dev.pilotlight.handler.demand.OnDemand;
import dev.pilotlight.limits.Limits;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.pipeline.InferencePipeline;
import dev.pilotlight.pipeline.Stopwatch;
import dev.pilotlight.protocol.door.Question;
import dev.pilotlight.protocol.form.QueryBody;
import dev.pilotlight.protocol.http.Bodies;
import dev.pilotlight.protocol.http.CacheControl;
import dev.pilotlight.protocol.http.EntityTags;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.LambdaEvents;
import dev.pilotlight.protocol.http.ResponseHeaders;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.protocol.http.WarmUp;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Usd;
import dev.pilotlight.tenant.Caller;
import dev.pilotlight.tenant.Tenants;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The path of a request, from event to event: decode, route, run or look up, encode. Every failure
/// becomes an answer, and every request is measured.
///
/// Thread-safe.
public final class Api implements LambdaEvents.Failures {
  private static final int NOT_FOUND = 404;

  private final ApiSettings settings;
  private final boolean caches;
  private final LambdaEvents events;
  private final Bodies bodies;
  private final Calls calls;
  private final Catalogue catalogue;
  private final InferencePipeline pipeline;
  private final Tenants tenants;
  private final @Nullable Gate gate;
  private final @Nullable Limits limits;
  private final Metering metering;
  private final Statistics statistics;
  private final RequestLog requestLog;
  private final OnDemand onDemand;
  private final Log log;

  /// @param gate checks API keys; null without them
  /// @param limits count and limit what the keys' tenants use; null without keys
  Api(
      AppSettings settings,
      Catalogue catalogue,
      InferencePipeline pipeline,
      Tenants tenants,
      @Nullable Gate gate,
      @Nullable Limits limits,
      Metering metering,
      Statistics statistics,
      RequestLog requestLog,
      OnDemand onDemand,
      Log log) {
    this.settings = settings.api();
    this.caches = settings.caches();
    this.events = new LambdaEvents(settings.protocol());
    this.bodies = new Bodies(settings.protocol());
    this.calls = Calls.ofApi(catalogue, settings.api().itemsMax(), settings.protocol());
    this.catalogue = catalogue;
    this.pipeline = pipeline;
    this.tenants = tenants;
    this.gate = gate;
    this.limits = limits;
    this.metering = metering;
    this.statistics = statistics;
    this.requestLog = requestLog;
    this.onDemand = onDemand;
    this.log = log;
  }

  /// Answers one event.
  ///
  /// @param tracer begins the request's trace; null if it is not sampled
  /// @throws IOException if the event cannot be read or the response not written
  /// @throws IllegalArgumentException if it is not an HTTP event, which has no answer
  void answer(
      InputStream event,
      OutputStream response,
      Invocation invocation,
      Traces.@Nullable Tracer tracer)
      throws IOException {
    Turn turn = Turn.begin(metering, invocation, tracer);
    int status = SERVER_ERROR; // unless there is an answer
    try {
      status = answerEvent(event, response, turn);
    } finally {
      turn.end(status, statistics, requestLog, log);
    }
  }

  /// Answers a request that a server of HTTP has read.
  public HttpResponse answer(LambdaEvents.Incoming incoming, Invocation invocation) {
    Turn turn = Turn.begin(metering, invocation, null);
    turn.head(incoming.head());
    int status = SERVER_ERROR; // unless there is an answer
    try {
      HttpResponse answer = answerIncoming(incoming, invocation.deadline(settings), turn);
      HttpResponse bounded = events.bounded(answer, incoming, this);
      status = bounded.status();
      return bounded;
    } finally {
      turn.end(status, statistics, requestLog, log);
    }
  }

  /// The counts of inference requests since the start.
  public Statistics statistics() {
    return statistics;
  }

  /// @return the answer's status, or [Turn#PING]
  private int answerEvent(InputStream event, OutputStream response, Turn turn) throws IOException {
    Invocation invocation = turn.invocation();
    Deadline deadline = invocation.deadline(settings);
    Optional<LambdaEvents.Incoming> decoded = LambdaEvents.decode(event, invocation.id());
    if (decoded.isEmpty()) {
      response.write(WarmUp.answer());
      return Turn.PING;
    }
    LambdaEvents.Incoming incoming = decoded.get();
    turn.head(incoming.head());
    return events.encode(answerIncoming(incoming, deadline, turn), incoming, response, this);
  }

  @Override
  public HttpResponse failed(Refusal refusal, HttpRequest head) {
    return Doors.failed(refusal, head);
  }

  private HttpResponse answerIncoming(
      LambdaEvents.Incoming incoming, Deadline deadline, Turn turn) {
    HttpRequest head = incoming.head();
    HttpResponse response;
    // no model that the request uses is closed before its answer is written
    try (ModelRepository.Use _ = catalogue.use(deadline, turn.meter())) {
      Route admitted = gate == null ? null : turn.admit(gate, limits, head);
      HttpRequest request = bodies.read(incoming);
      Route route = admitted == null ? Router.route(request) : admitted;
      response = answer(request, route, deadline, turn);
    } catch (RuntimeException | StackOverflowError failure) {
      response = Doors.failed(failure, head);
      Failures.log(log, failure, head, response.status());
    }
    String id = ResponseHeaders.requestId(head);
    response = turn.limited(response, head);
    HttpResponse finished = bodies.finish(response, head).with(ResponseHeaders.REQUEST_ID, id);
    if (response.status() != NOT_FOUND || !Failures.mayBeAnothers(head)) {
      String usd = Usd.format(turn.measured().usd(settings.door().httpRequests()));
      finished = finished.with(ResponseHeaders.COST, usd);
    }
    return gate == null ? finished : gate.withCacheControl(finished, head);
  }

  /// @throws Refusal for a request that the caller can correct, or send again
  private HttpResponse answer(HttpRequest request, Route route, Deadline deadline, Turn turn) {
    if (route instanceof Route.Embeddings || route instanceof Route.Infer) {
      return inference(request, route, deadline, turn);
    }
    if (route instanceof Route.Queried asked) {
      return answer(QueryBody.toPost(request, asked.target()), asked.target(), deadline, turn);
    }
    if (route instanceof Route.AtDoor door) {
      return atDoor(request, door, deadline, turn);
    }
    turn.requireRates();
    if (route instanceof Route.StoredResult stored) {
      return EntityTags.conditional(
          catalogue.results().answer(stored, caller(request, turn), turn.meter()), request);
    }
    if (route instanceof Route.Files || route instanceof Route.Batches) {
      return onDemand.answer(request, route, caller(request, turn), tenants, deadline);
    }
    return new CatalogueRoutes(catalogue, statistics, caches)
        .answer(request, route, deadline, turn);
  }

  private HttpResponse atDoor(
      HttpRequest request, Route.AtDoor route, Deadline deadline, Turn turn) {
    return switch (route.door().work()) {
      case INFERENCE -> inference(request, route, deadline, turn);
      case QUESTION -> {
        turn.requireRates();
        Question asked = calls.ask(request, route);
        Model model = turn.load(catalogue, asked.model(), asked::suits, () -> calls.load(asked));
        turn.asksAbout(model);
        yield asked.answer(catalogue.subject(model, asked.model()));
      }
      case HEALTH -> {
        turn.measured().asksReadiness();
        yield catalogue.health(request);
      }
    };
  }

  private HttpResponse inference(HttpRequest request, Route route, Deadline deadline, Turn turn) {
    Stopwatch watch = new Stopwatch(turn.meter());
    Calls.Unbound unbound = calls.read(request, route, Optional.empty());
    watch.lap(Stage.DECODE);
    boolean claims = request.headers().containsKey(ResponseHeaders.IDEMPOTENCY_KEY);
    turn.requireAdmission(catalogue, unbound, claims);
    if (!claims) {
      return run(request, unbound, watch, deadline, turn);
    }
    Caller caller = caller(request, turn);
    if (caller.models() != null) {
      var _ = load(unbound, turn); // or it is refused
    }
    Supplier<HttpResponse> inference = () -> run(request, unbound, watch, deadline, turn);
    return onDemand.answerIdempotently(request, caller.owner(), deadline, turn.meter(), inference);
  }

  private HttpResponse run(
      HttpRequest request, Calls.Unbound unbound, Stopwatch watch, Deadline deadline, Turn turn) {
    Meter meter = turn.meter();
    Model model = load(unbound, turn);
    turn.model(model);
    watch.skip(); // the repository measures the wait for a model
    Call call = unbound.bind(model);
    InferenceRequest work =
        new InferenceRequest(
            caller(request, turn).owner(),
            call.items(),
            call::field,
            CacheControl.of(request, call.recomputes()),
            deadline,
            meter,
            settings.answersFirst() ? turn.invocation().afterwards() : null);
    meter.asked(call.items().size());
    watch.lap(Stage.DECODE);
    Outcome outcome = pipeline.run(model, work, turn.admission());
    turn.answers(outcome.answers());
    watch.skip();
    HttpResponse response = call.response(outcome.answers());
    watch.lap(Stage.ENCODE);
    return response
        .with(
            ResponseHeaders.CACHE_STATUS,
            ResponseHeaders.cacheStatus(outcome.answers(), work.cacheUse(), outcome.stored()))
        .with(ResponseHeaders.SERVER_TIMING, ResponseHeaders.serverTiming(meter.timings()));
  }

  private Model load(Calls.Unbound unbound, Turn turn) {
    return turn.load(catalogue, unbound.model(), unbound.suits(), () -> calls.load(unbound));
  }

  /// @throws Refusal FORBIDDEN if the credentials name no tenant
  private Caller caller(HttpRequest request, Turn turn) {
    Caller known = turn.caller();
    Caller caller = known == null ? tenants.caller(request.authorizer()) : known;
    turn.caller(caller);
    return caller;
  }
}
