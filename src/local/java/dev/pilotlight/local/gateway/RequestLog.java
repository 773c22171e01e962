package dev.pilotlight.local.gateway;

/// Takes one entry per request. Thread-safe; must not block.
@FunctionalInterface
public interface RequestLog {
  /// One request and how it was answered.
  ///
  /// @param route the route key, such as `POST /v1/embeddings`
  /// @param tier which cache tier answered, or `-`
  /// @param environment its number; 0 if no environment was asked
  record Entry(
      String method,
      String path,
      String route,
      int status,
      String tier,
      double ms,
      int environment) {}

  void add(Entry entry);
}
