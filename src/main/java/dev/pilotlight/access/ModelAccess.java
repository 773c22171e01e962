package dev.pilotlight.access;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.tenant.Caller;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The models that a caller may use. A refusal does not reveal whether the model exists.
public final class ModelAccess {
  private static final int NAMES_MAX = 50;

  private ModelAccess() {}

  /// Refuses a model by the name that a request has for it, before it is loaded.
  ///
  /// @param asked the request's name
  /// @param nameOf gives the repository's name, or throws a [Refusal]
  /// @throws Refusal FORBIDDEN
  public static void require(Caller caller, String asked, UnaryOperator<String> nameOf) {
    String name;
    try {
      name = nameOf.apply(asked);
    } catch (Refusal refusal) {
      if (refusal.reason() == Reason.UNAVAILABLE) {
        throw refusal;
      }
      name = ""; // its message lists the repository's models
    }
    requireName(caller, name);
  }

  /// Refuses a model by the repository's name.
  ///
  /// @throws Refusal FORBIDDEN
  public static void requireName(Caller caller, String name) {
    if (!caller.mayUse(name)) {
      throw Refusal.of(
          Reason.FORBIDDEN,
          "model",
          "the API key may not use this model; accepted: " + accepted(caller.models()));
    }
  }

  private static String accepted(@Nullable Set<String> models) {
    if (models == null || models.isEmpty()) {
      return "none";
    }
    return String.join(", ", new TreeSet<>(models).stream().limit(NAMES_MAX).toList());
  }
}
