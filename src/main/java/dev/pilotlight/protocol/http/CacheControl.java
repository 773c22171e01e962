package dev.pilotlight.protocol.http;

import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Refusal;
import java.util.Locale;

/// A request's `Cache-Control`: `no-store` overrides `no-cache` and `max-age=0`; all other
/// directives but `only-if-cached` are ignored. Directives that allow neither a cached answer nor a
/// new one are refused like a miss with `only-if-cached` (RFC 9111, 5.2.1.7).
public final class CacheControl {
  private CacheControl() {}

  /// The cache use that a request asks for.
  ///
  /// @throws Refusal NOT_CACHED if no answer is allowed
  public static CacheUse of(HttpRequest request) {
    return parse(request.header("cache-control").orElse(""));
  }

  /// The same, with one more `no-cache` if the body asks for it.
  ///
  /// @throws Refusal NOT_CACHED if no answer is allowed
  public static CacheUse of(HttpRequest request, boolean recomputes) {
    return recomputes
        ? parse(request.header("cache-control").orElse("") + ",no-cache")
        : of(request);
  }

  static CacheUse parse(String header) {
    CacheUse use = CacheUse.NORMAL;
    boolean onlyCached = false;
    if (header.isEmpty()) {
      return use;
    }
    for (String directive : header.split(",", -1)) {
      int end = directive.indexOf('=');
      String name = (end < 0 ? directive : directive.substring(0, end)).strip();
      switch (name.toLowerCase(Locale.ROOT)) {
        case "no-store" -> use = CacheUse.NONE;
        case "no-cache" -> use = use == CacheUse.NONE ? use : CacheUse.RECOMPUTE;
        case "max-age" -> {
          boolean now = end >= 0 && isZero(directive.substring(end + 1));
          use = now && use != CacheUse.NONE ? CacheUse.RECOMPUTE : use;
        }
        case "only-if-cached" -> onlyCached = true;
        default -> {}
      }
    }
    if (!onlyCached) {
      return use;
    }
    if (use != CacheUse.NORMAL) {
      throw Refusal.of(
          Refusal.Reason.NOT_CACHED,
          "cache-control",
          "only-if-cached allows no new answer, and the other directives no cached one; accepted:"
              + " only-if-cached alone");
    }
    return CacheUse.ONLY_CACHED;
  }

  private static boolean isZero(String value) {
    String digits = value.strip().replace("\"", "");
    return !digits.isEmpty() && digits.chars().allMatch(c -> c == '0');
  }
}
