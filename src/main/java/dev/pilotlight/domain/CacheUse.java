package dev.pilotlight.domain;

/// What a request's `Cache-Control` asks for.
public enum CacheUse {
  /// Look up, run what is missing, keep it.
  NORMAL,
  /// `no-cache`: run everything and replace what is stored.
  RECOMPUTE,
  /// `no-store`: neither read nor write.
  NONE;

  public boolean reads() {
    return this == NORMAL;
  }

  public boolean writes() {
    return this != NONE;
  }
}
