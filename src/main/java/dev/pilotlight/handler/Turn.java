package dev.pilotlight.handler;

import static dev.pilotlight.protocol.http.HttpResponse.SERVER_ERROR;

import dev.pilotlight.access.Gate;
import dev.pilotlight.call.Calls;
import dev.pilotlight.domain.Afterwards;
import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.handler.limits.LimitedAnswer;
import dev.pilotlight.limits.Account;
import dev.pilotlight.limits.Admission;
import dev.pilotlight.limits.Limits;
import dev.pilotlight.model.Model;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.support.Log;
import dev.pilotlight.tenant.Caller;
import dev.pilotlight.tenant.Tenants;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One request on its way, with what is known about it so far. Confined to a thread.
final class Turn {
  /// In place of a status: a ping that keeps the environment warm does not count as a request.
  static final int PING = 0;

  private final Metering.Measured measured;
  private final Invocation invocation;
  private final Traces.@Nullable Trace trace;
  private @Nullable HttpRequest head;
  private @Nullable Caller caller;
  private @Nullable Model model;
  private boolean question;
  private List<Answer> answers = List.of();
  private @Nullable Account account;
  private @Nullable Admission admission;

  private Turn(Metering.Measured measured, Invocation invocation, Traces.@Nullable Trace trace) {
    this.measured = measured;
    this.invocation = invocation;
    this.trace = trace;
  }

  /// Begins to measure a request.
  ///
  /// @param tracer begins the request's trace; null if it is not sampled
  static Turn begin(Metering metering, Invocation invocation, Traces.@Nullable Tracer tracer) {
    Metering.Measured measured = metering.begin();
    return new Turn(measured, invocation, tracer == null ? null : tracer.begin(measured.meter()));
  }

  /// Writes metrics and log of a request whose answer is written or handed over, or has them
  /// written afterwards.
  ///
  /// @param status of the answer, or [#PING]; 500 if there is none
  void end(int status, Statistics statistics, RequestLog requestLog, Log log) {
    Afterwards afterwards = invocation.afterwards();
    if (afterwards == null) {
      write(status, statistics, requestLog, log);
      return;
    }
    measured.answered();
    afterwards.add(
        () -> {
          boolean received = status == PING || afterwards.isAccepted();
          write(received ? status : SERVER_ERROR, statistics, requestLog, log);
        });
  }

  /// A failure is logged, because the answer is already written.
  private void write(int status, Statistics statistics, RequestLog requestLog, Log log) {
    try {
      if (status != PING) {
        measure(status);
        statistics.add(this, status);
        requestLog.write(this, status);
        if (trace != null) {
          trace.end(status);
        }
      }
    } catch (RuntimeException e) {
      log.error("an answered request could not be logged", e);
    } finally {
      log.writeRepeats();
    }
  }

  Metering.Measured measured() {
    return measured;
  }

  Meter meter() {
    return measured.meter();
  }

  Invocation invocation() {
    return invocation;
  }

  /// The request's trace; null if it is not sampled.
  Traces.@Nullable Trace trace() {
    return trace;
  }

  void head(HttpRequest request) {
    head = request;
  }

  /// The request without its body; null until the event is decoded.
  @Nullable HttpRequest head() {
    return head;
  }

  void caller(Caller identified) {
    caller = identified;
  }

  /// As [#caller(Caller)], of a tenant whose usage is counted.
  ///
  /// @param identified null if the route needs no key
  /// @param limits null if nothing is counted
  void caller(@Nullable Caller identified, @Nullable Limits limits) {
    caller = identified;
    if (identified != null && limits != null) {
      String tenant = identified.tenant().substring(Tenants.OF_KEY.length());
      account = limits.open(tenant, identified.key(), identified.plan());
    }
  }

  /// Finds the route, which decides what is needed, and checks the key before the body is read. A
  /// valid key's request counts whatever becomes of it, so the account opens before the route is
  /// required.
  ///
  /// @throws Refusal as [Gate#admit]; then as [Router#route] and [Gate#requireRoute]
  Route admit(Gate gate, @Nullable Limits limits, HttpRequest request) {
    Route route;
    try {
      route = Router.route(request);
    } catch (Refusal unknown) {
      caller(gate.admit(request, null, meter()), limits);
      throw unknown;
    }
    caller(gate.admit(request, route, meter()), limits);
    if (caller != null) {
      Gate.requireRoute(caller, route);
    }
    return route;
  }

  /// The account of the caller; null if nothing is counted.
  @Nullable Account account() {
    return account;
  }

  /// Checks the month's quota. Checks the rates, too, if the request would write a claim or load a
  /// model next; otherwise their question travels with the look-up.
  ///
  /// @param claims whether the request has an idempotency key
  /// @throws Refusal RATE_LIMITED, FORBIDDEN
  void requireAdmission(Catalogue catalogue, Calls.Unbound unbound, boolean claims) {
    admission = account == null ? null : account.admission(meter());
    if (admission != null && (claims || !catalogue.isLoaded(unbound))) {
      admission.require();
    }
  }

  /// The question for the rates, which may be answered already; null for none.
  @Nullable Admission admission() {
    return admission;
  }

  /// Checks the rates, for a request that runs nothing.
  ///
  /// @throws Refusal RATE_LIMITED, FORBIDDEN
  void requireRates() {
    if (account != null) {
      account.require();
    }
  }

  /// Adds the headers of the caller's limits to its answer.
  HttpResponse limited(HttpResponse response, HttpRequest request) {
    return account == null ? response : LimitedAnswer.of(account, response, request);
  }

  /// Writes the request's metrics after the answer, counts it for its tenant with the same cost,
  /// and settles the caller's account.
  ///
  /// @param status the status that the caller got; 500 if there was no answer
  void measure(int status) {
    measured.ofApi(status);
    if (account != null) {
      String name = model == null ? "" : model.info().name();
      account.count(status < HttpResponse.CLIENT_ERROR, name, meter(), measured.cost());
      account.settle();
    }
  }

  /// The sender of the request; null until the credentials are read.
  @Nullable Caller caller() {
    return caller;
  }

  /// Loads a model that the caller may use, and meters a failure of ours.
  ///
  /// @param asked the request's name for the model; empty if it names none
  /// @param suits the models that may answer if it names none; null for the default alone
  Model load(
      Catalogue catalogue,
      String asked,
      @Nullable Predicate<ModelInfo> suits,
      Supplier<Model> loading) {
    try {
      return catalogue.load(caller, asked, suits, loading);
    } catch (RuntimeException failure) {
      if (Failures.isOurs(failure)) {
        meter().notLoaded();
      }
      throw failure;
    }
  }

  void model(Model loaded) {
    model = loaded;
  }

  /// The request only asks about a model, and runs nothing.
  void asksAbout(Model loaded) {
    model = loaded;
    question = true;
  }

  boolean isQuestion() {
    return question;
  }

  /// The model that answers; null until it is loaded.
  @Nullable Model model() {
    return model;
  }

  void answers(List<Answer> all) {
    answers = all;
    if (account != null) {
      long tokens = 0;
      for (Answer answer : all) {
        tokens += answer.result().tokens();
      }
      account.answered(tokens);
    }
  }

  /// The answers to the request's items; empty until all are there.
  List<Answer> answers() {
    return answers;
  }
}
