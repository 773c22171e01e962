package dev.pilotlight.handler;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.InferenceRequest;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Outcome;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Timing;
import dev.pilotlight.model.Model;
import dev.pilotlight.pipeline.InferencePipeline;
import dev.pilotlight.protocol.CacheControl;
import dev.pilotlight.protocol.HttpRequest;
import dev.pilotlight.protocol.HttpResponse;
import dev.pilotlight.protocol.InferBinder;
import dev.pilotlight.protocol.InferCall;
import dev.pilotlight.protocol.InferRequestReader;
import dev.pilotlight.protocol.InferResponseWriter;
import dev.pilotlight.protocol.InferSize;
import dev.pilotlight.protocol.OpenAiEmbeddings;
import dev.pilotlight.protocol.ProtocolSettings;
import dev.pilotlight.protocol.ResponseHeaders;
import dev.pilotlight.protocol.Route;
import dev.pilotlight.protocol.Router;
import dev.pilotlight.tenant.Tenants;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/// From a request to its answer: the one place where the protocols and the pipeline meet.
///
/// Thread-safe.
final class Api {
  private final InferencePipeline pipeline;
  private final Catalogue catalogue;
  private final Tenants tenants;
  private final ProtocolSettings limits;
  private final int itemsMax;

  Api(
      InferencePipeline pipeline,
      Catalogue catalogue,
      Tenants tenants,
      ProtocolSettings limits,
      int itemsMax) {
    this.pipeline = pipeline;
    this.catalogue = catalogue;
    this.tenants = tenants;
    this.limits = limits;
    this.itemsMax = itemsMax;
  }

  /// @throws Refusal for whatever the caller can mend, or try again
  HttpResponse answer(HttpRequest request, Deadline deadline) {
    return switch (Router.route(request)) {
      case Route.Embeddings() -> embeddings(request, deadline);
      case Route.Infer(String model, Optional<String> version) ->
          infer(request, catalogue.model(model, version), deadline);
      case Route.StoredResult(var key) -> catalogue.result(key, tenants.of(request.authorizer()));
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

  private HttpResponse embeddings(HttpRequest request, Deadline deadline) {
    long start = System.nanoTime();
    OpenAiEmbeddings.Request call = OpenAiEmbeddings.read(request, itemsMax);
    Model model = catalogue.model(call.model(), Optional.empty());
    OpenAiEmbeddings.requireModel(call, model.info());
    OpenAiEmbeddings.requireFits(call, model.info(), request, limits);
    InferenceRequest work = work(request, call.items(), call::field, deadline);
    long decoded = System.nanoTime();
    Outcome outcome = pipeline.run(model, work);
    long run = System.nanoTime();
    HttpResponse response = OpenAiEmbeddings.write(call, model.info(), outcome.answers());
    return told(response, work, outcome, decoded - start, System.nanoTime() - run);
  }

  private HttpResponse infer(HttpRequest request, Model model, Deadline deadline) {
    long start = System.nanoTime();
    InferCall call = InferBinder.bind(InferRequestReader.read(request), model.info(), itemsMax);
    InferSize.requireFits(call, request, limits.responseBytesMax());
    InferenceRequest work = work(request, call.items(), call::field, deadline);
    long decoded = System.nanoTime();
    Outcome outcome = pipeline.run(model, work);
    long run = System.nanoTime();
    HttpResponse response = InferResponseWriter.write(call, outcome.answers()).toHttp();
    return told(response, work, outcome, decoded - start, System.nanoTime() - run);
  }

  private InferenceRequest work(
      HttpRequest request, List<Item> items, IntFunction<String> fieldOf, Deadline deadline) {
    return new InferenceRequest(
        tenants.of(request.authorizer()), items, fieldOf, CacheControl.of(request), deadline);
  }

  /// Adds how the answer came about.
  private static HttpResponse told(
      HttpResponse response, InferenceRequest work, Outcome outcome, long decode, long encode) {
    List<Timing> timings = new ArrayList<>();
    timings.add(new Timing("decode", decode));
    timings.addAll(outcome.timings());
    timings.add(new Timing("encode", encode));
    return response
        .with(
            ResponseHeaders.CACHE_STATUS,
            ResponseHeaders.cacheStatus(outcome.answers(), work.cacheUse(), outcome.stored()))
        .with(ResponseHeaders.SERVER_TIMING, ResponseHeaders.serverTiming(timings));
  }
}
