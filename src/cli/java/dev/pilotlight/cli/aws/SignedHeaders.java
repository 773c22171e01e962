package dev.pilotlight.cli.aws;

import java.net.http.HttpRequest;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.http.SdkHttpRequest;

/// The headers of requests that Java's client sends.
public final class SignedHeaders {
  private static final Set<String> OWN = Set.of("content-length", "expect", "host");

  private SignedHeaders() {}

  /// Whether Java's HTTP client sets this header itself and refuses to let callers set it.
  public static boolean isOwn(String name) {
    return OWN.contains(name.toLowerCase(Locale.ROOT));
  }

  /// Adds the headers of a signed request to a request of Java's HTTP client.
  static void copy(SdkHttpRequest signed, HttpRequest.Builder request) {
    signed.forEachHeader(
        (name, values) -> {
          if (!isOwn(name)) {
            values.forEach(value -> request.header(name, value));
          }
        });
  }
}
