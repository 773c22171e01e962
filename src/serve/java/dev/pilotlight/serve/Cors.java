package dev.pilotlight.serve;

import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/// Allows cross-origin requests with the template's CORS settings.
///
/// Source: <https://fetch.spec.whatwg.org/#http-cors-protocol>
final class Cors {
  static final List<String> METHODS = List.of("DELETE", "GET", "POST");

  static final List<String> REQUEST_HEADERS =
      List.of(
          "api-key",
          "authorization",
          "cache-control",
          "content-encoding",
          "content-type",
          "idempotency-key",
          "inference-header-content-length",
          "openai-organization",
          "openai-project",
          "x-amz-content-sha256",
          "x-amz-date",
          "x-amz-security-token",
          "x-api-key",
          "x-request-id",
          "x-stainless-arch",
          "x-stainless-custom-poll-interval",
          "x-stainless-helper-method",
          "x-stainless-lang",
          "x-stainless-os",
          "x-stainless-package-version",
          "x-stainless-poll-helper",
          "x-stainless-retry-count",
          "x-stainless-runtime",
          "x-stainless-runtime-version",
          "x-stainless-timeout");

  static final List<String> EXPOSED =
      List.of(
          "cache-status",
          "idempotent-replayed",
          "inference-header-content-length",
          "pilotlight-cost-usd",
          "ratelimit",
          "ratelimit-policy",
          "retry-after",
          "retry-after-ms",
          "server-timing",
          "x-ratelimit-limit-requests",
          "x-ratelimit-limit-tokens",
          "x-ratelimit-remaining-requests",
          "x-ratelimit-remaining-tokens",
          "x-ratelimit-reset-requests",
          "x-ratelimit-reset-tokens",
          "x-request-id",
          "x-should-retry");

  static final int MAX_AGE_SECONDS = 3600;
  private static final String ANY = "*";

  private final List<String> origins;

  /// @param origins those of pages that may call; `*` for all
  Cors(List<String> origins) {
    this.origins = origins;
  }

  /// Whether this is a CORS preflight request.
  boolean isPreflight(Request request) {
    HttpFields headers = request.getHeaders();
    return !origins.isEmpty()
        && request.getMethod().equals("OPTIONS")
        && headers.contains("origin")
        && headers.contains("access-control-request-method");
  }

  /// Adds the headers of the answer to a preflight; none for the page of another origin.
  void preflight(Request request, Response response) {
    String origin = allowed(request);
    if (origin != null) {
      HttpFields.Mutable headers = response.getHeaders();
      headers.put("access-control-allow-origin", origin);
      headers.put("access-control-allow-methods", String.join(",", METHODS));
      headers.put("access-control-allow-headers", String.join(",", REQUEST_HEADERS));
      headers.put("access-control-max-age", MAX_AGE_SECONDS);
    }
    vary(response);
  }

  /// Adds the headers of any other answer.
  void add(Request request, Response response) {
    if (origins.isEmpty()) {
      return;
    }
    String origin = allowed(request);
    if (origin != null) {
      response.getHeaders().put("access-control-allow-origin", origin);
      response.getHeaders().put("access-control-expose-headers", String.join(",", EXPOSED));
    }
    vary(response);
  }

  private void vary(Response response) {
    if (!origins.contains(ANY)) {
      response.getHeaders().add("vary", "origin");
    }
  }

  private @Nullable String allowed(Request request) {
    String origin = request.getHeaders().get("origin");
    if (origin == null) {
      return null;
    }
    return origins.contains(ANY) ? ANY : origins.contains(origin) ? origin : null;
  }
}
