package dev.pilotlight.protocol;

import dev.pilotlight.domain.CacheUse;
import java.util.Locale;

/// A request's `Cache-Control`: `no-store` over `no-cache` over everything else, which is ignored.
public final class CacheControl {
  private CacheControl() {}

  public static CacheUse of(HttpRequest request) {
    return parse(request.header("cache-control").orElse(""));
  }

  static CacheUse parse(String header) {
    CacheUse use = CacheUse.NORMAL;
    for (String directive : header.split(",", -1)) {
      int end = directive.indexOf('=');
      String name = (end < 0 ? directive : directive.substring(0, end)).strip();
      switch (name.toLowerCase(Locale.ROOT)) {
        case "no-store" -> {
          return CacheUse.NONE;
        }
        case "no-cache" -> use = CacheUse.RECOMPUTE;
        default -> {}
      }
    }
    return use;
  }
}
