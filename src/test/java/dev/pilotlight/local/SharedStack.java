package dev.pilotlight.local;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives the classes that only send requests one [LocalStack] as a parameter. It starts with the
/// first of them and is closed at the end of the run. Several classes use it at once: none may
/// restart a part of it, or rely on what is in its caches.
public final class SharedStack implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(SharedStack.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
    return parameter.getParameter().getType() == LocalStack.class;
  }

  @Override
  public LocalStack resolveParameter(ParameterContext parameter, ExtensionContext extension) {
    return extension
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(
            LocalStack.class,
            _ -> LocalStack.start(patient(Options.onFreePorts())),
            LocalStack.class);
  }

  /// With time limits of DynamoDB that a machine which stalls for seconds does not exceed: else the
  /// function answers that the result store is not reachable.
  public static Options patient(Options options) {
    return options
        .withVariable("PILOTLIGHT_STORE_ATTEMPT_MS", "8000")
        .withVariable("PILOTLIGHT_STORE_READ_MS", "9000")
        .withVariable("PILOTLIGHT_STORE_WRITE_MS", "12000");
  }
}
