package dev.pilotlight.domain;

/// How a request uses the caches and the store, by its `Cache-Control` header.
public enum CacheUse {
  /// Look up, run what is missing, keep it.
  NORMAL,
  /// `only-if-cached`: look up, and run nothing.
  ONLY_CACHED,
  /// `no-cache` or `max-age=0`: run everything and replace what is stored.
  RECOMPUTE,
  /// `no-store`: neither read nor write.
  NONE;

  public boolean reads() {
    return this == NORMAL || this == ONLY_CACHED;
  }

  public boolean writes() {
    return this == NORMAL || this == RECOMPUTE;
  }
}
