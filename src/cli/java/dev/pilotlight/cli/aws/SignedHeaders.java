package dev.pilotlight.cli.aws;

import java.net.http.HttpRequest;
import java.util.Set;
import software.amazon.awssdk.http.SdkHttpRequest;

/// The headers of requests that Java's client sends.
public final class SignedHeaders {
  private static final Set<String> OWN = Set.of("content-length", "expect", "host");

  private SignedHeaders() {}

  /// Whether Java's client writes the header itself, and takes it from nobody.
  public static boolean isOwn(String name) {
    return OWN.stream().anyMatch(name::equalsIgnoreCase);
  }

  /// Adds the headers of a signed request to another one.
  static void copy(SdkHttpRequest signed, HttpRequest.Builder request) {
    signed.forEachHeader(
        (name, values) -> {
          if (!isOwn(name)) {
            values.forEach(value -> request.header(name, value));
          }
        });
  }
}
