package dev.pilotlight.handler.limits;

import dev.pilotlight.access.ModelAccess;
import dev.pilotlight.call.Calls;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.model.Model;
import dev.pilotlight.tenant.Caller;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// The models that a caller may use; others are refused by FORBIDDEN.
///
/// @param all loads models
/// @param defaultModel gives the name of the default model
/// @param nameOf gives the repository's name of the model that a request names
public record AllowedModels(
    Calls.Models all, Supplier<String> defaultModel, UnaryOperator<String> nameOf, Caller caller)
    implements Calls.Models {
  @Override
  public Model model(String name, Optional<String> version) {
    String asked = name.isEmpty() ? defaultModel.get() : name;
    if (caller.models() != null) {
      ModelAccess.require(caller, asked, nameOf);
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
