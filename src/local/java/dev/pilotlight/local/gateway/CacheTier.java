package dev.pilotlight.local.gateway;

import org.jspecify.annotations.Nullable;

/// Reads the `Cache-Status` header (RFC 9211), a list of caches from the farthest to the nearest.
public final class CacheTier {
  private CacheTier() {}

  /// Which cache answered, its `detail` if it gives one; `miss` if none did; `-` without a header.
  public static String of(@Nullable String cacheStatus) {
    if (cacheStatus == null || cacheStatus.isBlank()) {
      return "-";
    }
    for (String cache : cacheStatus.split(",", -1)) {
      String[] parts = cache.split(";", -1);
      boolean hit = false;
      String name = parts[0].strip();
      for (int i = 1; i < parts.length; i++) {
        String parameter = parts[i].strip();
        hit |= parameter.equals("hit");
        if (parameter.startsWith("detail=")) {
          name = parameter.substring("detail=".length()).replace("\"", "");
        }
      }
      if (hit) {
        return name;
      }
    }
    return "miss";
  }
}
