package dev.pilotlight.handler.limits;

import dev.pilotlight.access.Gate;
import dev.pilotlight.batch.BatchTenant;
import dev.pilotlight.call.Calls;
import dev.pilotlight.limits.BatchAccount;
import dev.pilotlight.limits.Limits;
import dev.pilotlight.protocol.http.ProtocolSettings;
import dev.pilotlight.tenant.Caller;
import dev.pilotlight.tenant.Tenants;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Finds the tenants of batches by their objects' keys.
///
/// @param tenants those that no API key identifies
/// @param keys reads tenants whose keys are API keys; null if folders do not name them
/// @param limits null if nothing is counted
/// @param allowed gives the models that a caller may use
/// @param itemsMax the most texts a line may hold
public record BatchTenants(
    Tenants tenants,
    @Nullable Gate keys,
    @Nullable Limits limits,
    Function<Caller, Calls.Models> allowed,
    int itemsMax,
    ProtocolSettings protocol) {

  /// As [BatchTenant.Finder#of].
  public BatchTenant of(String key, @Nullable Set<String> models) {
    if (keys == null) {
      return tenant(Caller.of(tenants.ofObject(key)).limitedTo(models), null);
    }
    String name = Tenants.folder(key);
    Caller caller = keys.tenant(name).limitedTo(models);
    return tenant(caller, limits == null ? null : limits.ofBatch(name, caller.plan()));
  }

  private BatchTenant tenant(Caller caller, @Nullable BatchAccount account) {
    Calls.Models models = allowed.apply(caller);
    return BatchTenant.of(caller.owner(), account, models, itemsMax, protocol);
  }
}
