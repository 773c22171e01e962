package dev.pilotlight.handler.limits;

import dev.pilotlight.access.ModelAccess;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.model.repository.ModelStatus;
import dev.pilotlight.tenant.Caller;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which model a request means, before it is loaded.
public final class ModelChoice {
  private ModelChoice() {}

  /// The name of the default model if it suits, else of the first that does; of the default model
  /// if none does.
  ///
  /// Looks at the models in the order of their names: which model answers must not depend on what
  /// this environment has loaded. Models that are missing or have broken files are skipped. One
  /// that cannot be loaded now refuses the request: if another answered in its place, the next
  /// request would have another answer.
  public static String suited(ModelRepository models, Predicate<ModelInfo> suits) {
    String standard = models.defaultModel();
    if (models.look(standard).filter(suits).isPresent()) {
      return standard;
    }
    return models.list().stream()
        .map(ModelStatus::name)
        .distinct()
        .filter(each -> models.look(each).filter(suits).isPresent())
        .findFirst()
        .orElse(standard);
  }

  /// Lists the models that a caller may use, loaded or not.
  ///
  /// @param caller null for one that may use all models
  public static Stream<ModelStatus> listed(ModelRepository models, @Nullable Caller caller) {
    return models.list().stream().filter(status -> caller == null || caller.mayUse(status.name()));
  }

  /// Refuses a model that a caller may not use. An environment may look once at each model that a
  /// request without a name may mean; apart from that, none is loaded.
  ///
  /// @param asked the request's name for the model; empty if it names none
  /// @param suits the models that may answer if it names none; null for the default alone
  /// @throws Refusal FORBIDDEN; for a request without a name also as [ModelRepository#look]
  public static void requireAllowed(
      ModelRepository models, Caller caller, String asked, @Nullable Predicate<ModelInfo> suits) {
    String name = asked;
    if (asked.isEmpty()) {
      name = suits == null ? models.defaultModel() : suited(models, suits);
    }
    ModelAccess.require(caller, name, models::nameOf);
  }

  /// Whether the model that a request means is loaded. Loads none; a name that means no model
  /// counts as not loaded.
  ///
  /// @param asked as for [#requireAllowed]
  /// @param version empty for the one that answers if none is named
  /// @param suits as for [#requireAllowed]; only the default model is looked at
  public static boolean isLoaded(
      ModelRepository models,
      String asked,
      Optional<String> version,
      @Nullable Predicate<ModelInfo> suits) {
    Model loaded;
    try {
      String name = models.nameOf(asked.isEmpty() ? models.defaultModel() : asked);
      loaded = models.loaded(name).orElse(null);
    } catch (Refusal refusal) {
      return false; // the request gets it when the model is loaded
    }
    if (loaded == null || (asked.isEmpty() && suits != null && !suits.test(loaded.info()))) {
      return false;
    }
    return version.isEmpty() || loaded.info().version().equals(version.get());
  }
}
