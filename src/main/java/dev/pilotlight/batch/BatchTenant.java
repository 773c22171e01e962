package dev.pilotlight.batch;

import dev.pilotlight.call.Calls;
import dev.pilotlight.limits.BatchAccount;
import dev.pilotlight.model.Model;
import dev.pilotlight.protocol.http.ProtocolSettings;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The tenant of a batch, and what its lines may use.
///
/// @param owner of the batch's results
/// @param account counts what the batch uses; null if no API keys name the tenant
/// @param calls those of a batch; they refuse models that the tenant may not use
/// @param models gives the model of a name, or the default; throws a
///   [dev.pilotlight.domain.Refusal], FORBIDDEN if the tenant may not use it
public record BatchTenant(
    String owner,
    @Nullable BatchAccount account,
    Calls calls,
    Function<Optional<String>, Model> models) {
  /// Finds the tenants of batches.
  @FunctionalInterface
  public interface Finder {
    /// The tenant of an object's key.
    ///
    /// @param models the only ones that the batch may use of its tenant's; null for all of them
    /// @throws dev.pilotlight.domain.Refusal FORBIDDEN if the key names none, UNAVAILABLE if the
    ///   tenants cannot be read
    BatchTenant of(String key, @Nullable Set<String> models);
  }

  /// A tenant who may use some models.
  ///
  /// @param allowed refuses the others
  /// @param itemsMax the most texts a line may hold
  public static BatchTenant of(
      String owner,
      @Nullable BatchAccount account,
      Calls.Models allowed,
      int itemsMax,
      ProtocolSettings settings) {
    return new BatchTenant(
        owner,
        account,
        Calls.ofBatch(allowed, itemsMax, settings),
        name -> allowed.model(name.orElse(""), Optional.empty()));
  }
}
