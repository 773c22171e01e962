package dev.pilotlight.cli.aws;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Texts in URLs.
public final class Urls {
  private Urls() {}

  /// A text as a segment of a path, or as a value of a query: a space is `%20`.
  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
