package dev.pilotlight.cli.aws;

import java.net.http.HttpRequest;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.http.SdkHttpRequest;

/// Copies the headers of a signed request, except those that Java's HTTP client sets.
public final class SignedHeaders {
  private static final Set<String> SET_BY_CLIENT = Set.of("content-length", "expect", "host");

  private SignedHeaders() {}

  /// Whether Java's HTTP client sets this header itself and rejects it from callers.
  public static boolean isSetByClient(String name) {
    return SET_BY_CLIENT.contains(name.toLowerCase(Locale.ROOT));
  }

  /// Adds the headers of a signed request to a request of Java's HTTP client.
  static void copy(SdkHttpRequest signed, HttpRequest.Builder request) {
    signed.forEachHeader(
        (name, values) -> {
          if (!isSetByClient(name)) {
            values.forEach(value -> request.header(name, value));
          }
        });
  }
}
