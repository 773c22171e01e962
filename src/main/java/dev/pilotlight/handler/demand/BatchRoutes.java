package dev.pilotlight.handler.demand;

import dev.pilotlight.batch.openai.ApiBatchRequests;
import dev.pilotlight.batch.openai.ApiBatchSettings;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.tenant.Caller;
import dev.pilotlight.tenant.Tenants;
import java.time.InstantSource;

/// Answers the routes of batches. Thread-safe.
public final class BatchRoutes {
  private final ApiBatchRequests requests;
  private final Tenants tenants;

  /// @param tenants names the folders of their batches
  public BatchRoutes(StoreSettings results, ApiBatchSettings settings, Tenants tenants, Clients clients) {
    this.requests =
        new ApiBatchRequests(
            clients::dynamo, clients::s3, results.table(), settings, InstantSource.system());
    this.tenants = tenants;
  }

  /// Answers a request.
  ///
  /// @throws dev.pilotlight.domain.Refusal for a request that the caller can correct, or send again
  public HttpResponse answer(HttpRequest request, Route.Batches route, Caller caller, Deadline end) {
    String owner = caller.owner();
    return switch (route) {
      case Route.CreateBatch() -> {
        String folder = tenants.folderOf(caller.tenant());
        yield requests.create(request, owner, folder, end);
      }
      case Route.BatchList() -> requests.list(request, owner, end);
      case Route.BatchOf(String id) -> requests.get(id, owner, end);
      case Route.CancelBatch(String id) -> requests.cancel(id, owner, end);
    };
  }
}
