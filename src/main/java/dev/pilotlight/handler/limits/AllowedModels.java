package dev.pilotlight.handler.limits;

import dev.pilotlight.access.ModelAccess;
import dev.pilotlight.call.Calls;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.tenant.Caller;
import java.util.Optional;
import java.util.function.Predicate;

/// The models that a caller may use; others are refused by FORBIDDEN.
///
/// @param all loads models
/// @param repository has their names
public record AllowedModels(Calls.Models all, ModelRepository repository, Caller caller)
    implements Calls.Models {
  @Override
  public Model model(String name, Optional<String> version) {
    String asked = name.isEmpty() ? repository.defaultModel() : name;
    if (caller.models() != null) {
      ModelAccess.require(caller, asked, repository::nameOf);
    }
    return allowed(all.model(asked, version));
  }

  @Override
  public Model suited(Predicate<ModelInfo> suits) {
    return allowed(all.suited(suits));
  }

  private Model allowed(Model model) {
    ModelAccess.requireName(caller, model.info().name());
    return model;
  }
}
