package dev.pilotlight.handler.demand;

import dev.pilotlight.access.Gate;
import dev.pilotlight.batch.openai.ApiBatchRequests;
import dev.pilotlight.batch.openai.ApiBatchSettings;
import dev.pilotlight.batch.openai.NewBatch;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.files.FileSettings;
import dev.pilotlight.files.FileStore;
import dev.pilotlight.idempotency.Idempotency;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.store.ResultStore.Policy;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.tenant.Caller;
import dev.pilotlight.tenant.Tenants;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Answers the routes of batches. Thread-safe.
final class BatchRoutes {
  private static final String MISSING =
      "this deployment takes no batches by its API: PILOTLIGHT_BATCH_INPUT_BUCKET or"
          + " PILOTLIGHT_FILES_BUCKET is not set, or PILOTLIGHT_STORE is off";

  private final @Nullable ApiBatchRequests requests;

  BatchRoutes(
      StoreSettings results, FileSettings files, ApiBatchSettings settings, Clients clients) {
    boolean usable =
        results.policy() != Policy.OFF
            && !files.bucket().isEmpty()
            && !settings.inputBucket().isEmpty();
    this.requests = usable ? requests(results.table(), files, settings, clients) : null;
  }

  private static ApiBatchRequests requests(
      String table, FileSettings files, ApiBatchSettings settings, Clients clients) {
    FileStore store = new FileStore(files, table, clients);
    return new ApiBatchRequests(
        clients::dynamo, clients::s3, table, settings, store::settled, InstantSource.system());
  }

  /// Answers a request.
  ///
  /// @param tenants names the folders of their batches
  /// @throws Refusal for a request that the caller can correct, or send again
  HttpResponse answer(
      HttpRequest request, Route.Batches route, Caller caller, Tenants tenants, Deadline end) {
    ApiBatchRequests all = requests;
    if (all == null) {
      throw Refusal.notFound(null, MISSING);
    }
    return StorageCalls.answer(() -> answer(all, request, route, caller, tenants, end));
  }

  private static HttpResponse answer(
      ApiBatchRequests all,
      HttpRequest request,
      Route.Batches route,
      Caller caller,
      Tenants tenants,
      Deadline end) {
    String owner = caller.owner();
    return switch (route) {
      case Route.CreateBatch() -> create(all, request, caller, tenants, end);
      case Route.BatchList() -> all.list(request, owner, end);
      case Route.BatchOf(String id) -> all.get(id, owner, end);
      case Route.CancelBatch(String id) -> all.cancel(id, owner, end);
    };
  }

  /// A key that may not use a route or a model may not do so by a batch.
  private static HttpResponse create(
      ApiBatchRequests all, HttpRequest request, Caller caller, Tenants tenants, Deadline end) {
    String folder = tenants.folderOf(caller.tenant());
    NewBatch asked = NewBatch.read(request);
    Gate.requireRoute(caller, asked.route());
    return all.create(
        asked, caller.owner(), caller.models(), folder, Idempotency.key(request), end);
  }
}
