package dev.pilotlight.cli.aws;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Percent-encodes text for URLs.
public final class Urls {
  private Urls() {}

  /// Encodes a path segment or a query value; a space becomes `%20`.
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
