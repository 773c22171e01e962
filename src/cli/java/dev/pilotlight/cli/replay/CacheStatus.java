package dev.pilotlight.cli.replay;

import java.util.regex.Pattern;

/// Reads the header `Cache-Status` (RFC 9211).
public final class CacheStatus {
  private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern HIT = Pattern.compile(";\\s*hit\\s*(?:;|,|$)");

  private CacheStatus() {}

  /// Whether one of the caches on the way had the whole answer.
  public static boolean isHit(String header) {
    return HIT.matcher(QUOTED.matcher(header).replaceAll("")).find();
  }
}
