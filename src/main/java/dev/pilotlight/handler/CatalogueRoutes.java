package dev.pilotlight.handler;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.handler.limits.UsageRoutes;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.tenant.Caller;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The routes about the server and its models, of which most environments serve few. Loads with the
/// first such request.
///
/// @param caches whether results are kept in any tier
record CatalogueRoutes(Catalogue catalogue, Statistics statistics, boolean caches) {
  /// @param turn whose caller sees only the models that it may use
  /// @throws dev.pilotlight.domain.Refusal for a request that the caller can correct, or send again
  HttpResponse answer(HttpRequest request, Route route, Deadline deadline, Turn turn) {
    Caller caller = turn.caller();
    return switch (route) {
      case Route.Root() -> catalogue.routes();
      case Route.Server() -> catalogue.server();
      case Route.Live() -> catalogue.live();
      case Route.Ready() -> {
        turn.measured().asksReadiness();
        yield catalogue.ready();
      }
      case Route.Models() -> catalogue.models(caller);
      case Route.Model(String model, Optional<String> version) ->
          catalogue.metadata(allowed(model, caller), version);
      case Route.ModelReady(String model, Optional<String> version) -> {
        turn.measured().asksReadiness();
        yield catalogue.modelReady(allowed(model, caller), version);
      }
      case Route.OpenAiModelList() -> catalogue.openAiModels(caller);
      case Route.OpenAiModel(String model) -> catalogue.openAiModel(allowed(model, caller));
      case Route.Extension asked ->
          catalogue
              .extensions(statistics, caches, caller)
              .answer(asked, request, name -> allowed(name, caller));
      case Route.Usage page -> UsageRoutes.answer(page, request, turn.account(), deadline);
      case Route.Embeddings _, Route.Infer _, Route.AtDoor _, Route.StoredResult _ ->
          throw new IllegalStateException("the route needs a model");
      case Route.Files _, Route.Batches _, Route.Queried _ ->
          throw new IllegalStateException("the route needs more than the catalogue");
    };
  }

  /// @return the name, of a model that the caller may use
  private String allowed(String asked, @Nullable Caller caller) {
    catalogue.requireAllowed(caller, asked);
    return asked;
  }
}
