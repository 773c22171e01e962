package dev.pilotlight.handler.results;

import dev.pilotlight.access.ModelAccess;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultCodec;
import dev.pilotlight.domain.StoredResult;
import dev.pilotlight.domain.packed.PackedId;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.openinference.MetadataWriter;
import dev.pilotlight.store.ResultStore;
import dev.pilotlight.store.StoreException;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.store.packed.PackReader;
import dev.pilotlight.support.Log;
import dev.pilotlight.tenant.Caller;
import java.time.Duration;
import java.util.Optional;

/// Answers requests for stored results.
///
/// @param clients of the bucket for large results, where batches may pack results
public record StoredResults(ResultStore store, StoreSettings settings, Clients clients, Log log) {
  private static final int OK = 200;

  /// Returns a stored result to its tenant; for other tenants it does not exist.
  ///
  /// @throws Refusal NOT_FOUND; FORBIDDEN if the caller may not use the result's model; UNAVAILABLE
  ///   if the store does not answer
  public HttpResponse answer(Route.StoredResult asked, Caller caller, Meter meter) {
    String id = asked.id();
    StoredResult stored =
        find(asked, caller.owner(), meter)
            .orElseThrow(() -> Refusal.notFound("id", "no result " + id + ", or it has expired"));
    if (caller.models() != null) {
      ModelAccess.requireName(caller, stored.model());
    }
    Result result = ResultCodec.decode(stored.value());
    return HttpResponse.json(OK, MetadataWriter.result(id, stored, result));
  }

  /// The id of a packed result leads to its pack, any other id to the table.
  private Optional<StoredResult> find(Route.StoredResult asked, String tenant, Meter meter) {
    PackedId packed = asked.packed();
    try {
      return packed == null
          ? store.find(asked.key(), tenant, meter)
          : PackReader.of(settings, clients).flatMap(packs -> packs.find(packed, tenant, meter));
    } catch (StoreException e) {
      if (!e.isLogged()) {
        log.error("the result store could not be read", e);
      }
      throw Refusal.unavailable(
          "the result store is not reachable; try again", Duration.ofSeconds(1), e);
    }
  }
}
