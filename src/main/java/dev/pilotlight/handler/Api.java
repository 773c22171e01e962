package dev.pilotlight.handler;

import dev.pilotlight.call.Call;
import dev.pilotlight.call.Calls;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.InferenceRequest;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Outcome;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Timing;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.pipeline.InferencePipeline;
import dev.pilotlight.protocol.http.CacheControl;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.ResponseHeaders;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.tenant.Tenants;
import java.util.Optional;

/// From a request to its answer: the one place where the protocols and the pipeline meet.
///
/// Thread-safe.
final class Api {
  private final InferencePipeline pipeline;
  private final Calls calls;
  private final Catalogue catalogue;
  private final Tenants tenants;

  Api(InferencePipeline pipeline, Calls calls, Catalogue catalogue, Tenants tenants) {
    this.pipeline = pipeline;
    this.calls = calls;
    this.catalogue = catalogue;
    this.tenants = tenants;
  }

  /// @param meter told what answering takes
  /// @throws Refusal for whatever the caller can mend, or try again
  HttpResponse answer(HttpRequest request, Deadline deadline, Meter meter) {
    // until the answer is written, no model that it uses is closed
    try (ModelRepository.Use _ = catalogue.use(deadline, meter)) {
      return answer(request, Router.route(request), deadline, meter);
    }
  }

  private HttpResponse answer(HttpRequest request, Route route, Deadline deadline, Meter meter) {
    return switch (route) {
      case Route.Embeddings _, Route.Infer _ -> inference(request, route, deadline, meter);
      case Route.StoredResult(var key) ->
          catalogue.result(key, tenants.of(request.authorizer()), meter);
      case Route.Root() -> catalogue.routes();
      case Route.Server() -> catalogue.server();
      case Route.Live() -> catalogue.live();
      case Route.Ready() -> catalogue.ready();
      case Route.Models() -> catalogue.models();
      case Route.Model(String model, Optional<String> version) ->
          catalogue.metadata(model, version);
      case Route.ModelReady(String model, Optional<String> version) ->
          catalogue.modelReady(model, version);
      case Route.OpenAiModelList() -> catalogue.openAiModels();
      case Route.OpenAiModel(String model) -> catalogue.openAiModel(model);
    };
  }

  private HttpResponse inference(HttpRequest request, Route route, Deadline deadline, Meter meter) {
    long start = System.nanoTime();
    Call call = calls.of(request, route);
    InferenceRequest work =
        new InferenceRequest(
            tenants.of(request.authorizer()),
            call.items(),
            call.fieldOf(),
            CacheControl.of(request),
            deadline,
            meter);
    meter.asked(call.items().size());
    // the model is found, and may be loaded, while the request is decoded
    long decoded = System.nanoTime() - start - meter.nanos("load");
    meter.took(new Timing("decode", decoded));
    Outcome outcome = pipeline.run(call.model(), work);
    long run = System.nanoTime();
    HttpResponse response = call.response().apply(outcome.answers());
    meter.took(new Timing("encode", System.nanoTime() - run));
    return told(response, work, outcome);
  }

  /// Adds how the answer came about.
  private static HttpResponse told(HttpResponse response, InferenceRequest work, Outcome outcome) {
    return response
        .with(
            ResponseHeaders.CACHE_STATUS,
            ResponseHeaders.cacheStatus(outcome.answers(), work.cacheUse(), outcome.stored()))
        .with(ResponseHeaders.SERVER_TIMING, ResponseHeaders.serverTiming(work.meter().timings()));
  }
}
