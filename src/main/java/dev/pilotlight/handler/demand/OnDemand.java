package dev.pilotlight.handler.demand;

import dev.pilotlight.batch.openai.ApiBatchSettings;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.files.FileSettings;
import dev.pilotlight.idempotency.Idempotency;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.ProtocolSettings;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.store.ResultStore;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.support.Log;
import dev.pilotlight.tenant.Caller;
import dev.pilotlight.tenant.Tenants;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes the parts that most environments never need, with the first request for each. Thread-safe.
public final class OnDemand implements AutoCloseable {
  private final StoreSettings store;
  private final FileSettings fileSettings;
  private final ApiBatchSettings batchSettings;
  private final ProtocolSettings protocol;
  private final Clients clients;
  private final ResultStore results;
  private final Log log;
  private @Nullable Idempotency idempotency; // guarded by this
  private @Nullable FileRoutes files; // guarded by this
  private @Nullable BatchRoutes batches; // guarded by this

  public OnDemand(
      StoreSettings store,
      FileSettings fileSettings,
      ApiBatchSettings batchSettings,
      ProtocolSettings protocol,
      Clients clients,
      ResultStore results,
      Log log) {
    this.store = store;
    this.fileSettings = fileSettings;
    this.batchSettings = batchSettings;
    this.protocol = protocol;
    this.clients = clients;
    this.results = results;
    this.log = log;
  }

  /// Answers a request that has an idempotency key: as the first one with the key, or by inference.
  ///
  /// @param owner of the results: the tenant and its generation
  public HttpResponse keyed(
      HttpRequest request,
      String owner,
      Deadline deadline,
      Meter meter,
      Supplier<HttpResponse> inference) {
    return idempotency().answer(request, owner, deadline, meter, inference);
  }

  /// Answers a request for files or batches.
  ///
  /// @param route of files or of batches
  /// @param tenants names the folders of their batches
  public HttpResponse answer(
      HttpRequest request, Route route, Caller caller, Tenants tenants, Deadline deadline) {
    return switch (route) {
      case Route.Files asked -> files().answer(request, asked, caller.owner(), deadline);
      case Route.Batches asked -> batches().answer(request, asked, caller, tenants, deadline);
      default -> throw new IllegalArgumentException(route + " is of neither");
    };
  }

  private synchronized BatchRoutes batches() {
    if (batches == null) {
      batches = new BatchRoutes(store, fileSettings, batchSettings, clients);
    }
    return batches;
  }

  private synchronized Idempotency idempotency() {
    if (idempotency == null) {
      idempotency = new Idempotency(store, clients, results, log);
    }
    return idempotency;
  }

  private synchronized FileRoutes files() {
    if (files == null) {
      files = new FileRoutes(store, fileSettings, protocol, clients);
    }
    return files;
  }

  @Override
  public synchronized void close() {
    if (idempotency != null) {
      idempotency.close();
    }
  }
}
