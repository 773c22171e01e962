package dev.pilotlight.batch;

import dev.pilotlight.call.Calls;
import dev.pilotlight.model.Model;
import dev.pilotlight.protocol.http.ProtocolSettings;
import java.util.Optional;
import java.util.function.Function;

/// The tenant of a batch, and what its lines may use.
///
/// @param owner of the batch's results
/// @param calls those of a batch; they refuse models that the tenant may not use
/// @param models gives the model of a name, or the default; throws a
///   [dev.pilotlight.domain.Refusal], FORBIDDEN if the tenant may not use it
public record BatchTenant(String owner, Calls calls, Function<Optional<String>, Model> models) {
  /// A tenant who may use some models.
  ///
  /// @param allowed refuses the others
  /// @param itemsMax the most texts a line may hold
  public static BatchTenant of(
      String owner, Calls.Models allowed, int itemsMax, ProtocolSettings settings) {
    return new BatchTenant(
        owner,
        Calls.ofBatch(allowed, itemsMax, settings),
        name -> allowed.model(name.orElse(""), Optional.empty()));
  }
}
