package dev.pilotlight.access;

import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.protocol.http.CacheControl;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.ResponseHeaders;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Sha256;
import dev.pilotlight.tenant.EdgeSettings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The CloudFront distribution before the API. A secret in a header proves that a request came
/// through it. Its function sends the caller's key in [#KEY] where `Authorization` must not reach
/// the origin; without the secret that header is not read.
///
/// CloudFront caches only successful answers to `GET` on a few routes, and only if the request
/// allows it, the edge function normalised it, and its owner header matches the table of clients.
/// Thread-safe.
final class Edge {
  /// The header of the key that the distribution copies.
  static final String KEY = "x-pl-key";

  private static final String SECRET = "x-pl-origin";
  private static final String CACHE_CONTROL = "cache-control";
  private static final String NO_STORE = "no-store";
  private static final int OK = 200;
  private static final int NOT_MODIFIED = 304;
  private static final int MODELS_SECONDS_MAX = 60;
  private static final String LIMITS = "ratelimit";
  private static final String OPENAI_LIMITS = "x-ratelimit-";
  private static final List<String> PER_REQUEST =
      List.of(
          ResponseHeaders.REQUEST_ID,
          ResponseHeaders.CACHE_STATUS,
          ResponseHeaders.SERVER_TIMING,
          ResponseHeaders.COST);

  private final List<byte[]> digests;
  private final long resultSeconds;
  private final EdgeOwner owner;

  Edge(EdgeSettings settings, Log log) {
    owner = new EdgeOwner(log);
    digests = settings.secrets().stream().map(Edge::digest).toList();
    resultSeconds = settings.results().toSeconds();
  }

  private static byte[] digest(String secret) {
    return Sha256.of(secret.getBytes(StandardCharsets.UTF_8));
  }

  /// Refuses a request that did not come through the distribution.
  ///
  /// @return the key that the distribution copied; null if it is in the caller's own headers
  /// @throws Refusal FORBIDDEN
  @Nullable String admit(HttpRequest head) {
    String sent = head.headers().get(SECRET);
    if (sent == null || !isSecret(sent)) {
      throw Refusal.of(
          Reason.FORBIDDEN,
          null,
          "this address is closed; accepted: requests to the stack's CloudFront distribution");
    }
    return head.headers().get(KEY);
  }

  /// Compares with each secret, in the same time whatever the text is.
  private boolean isSecret(String text) {
    byte[] digest = digest(text);
    boolean found = false;
    for (byte[] secret : digests) {
      found |= MessageDigest.isEqual(secret, digest);
    }
    return found;
  }

  /// Sets `Cache-Control` for CloudFront. Removes per-request headers from a cacheable answer,
  /// because CloudFront would repeat them.
  ///
  /// @param copied finds the key that the distribution copied; null if there is none, or it was not
  ///   read
  HttpResponse withCacheControl(
      HttpResponse response, HttpRequest head, Supplier<@Nullable KnownKey> copied) {
    long seconds = lifetimeSeconds(response, head);
    KnownKey key = seconds == 0 ? null : copied.get();
    if (key == null || !owner.matches(key, head)) {
      return response.with(CACHE_CONTROL, NO_STORE);
    }
    Map<String, String> headers = new LinkedHashMap<>(response.headers());
    headers.keySet().removeIf(Edge::isPerRequest);
    // for the distribution alone, which sends the client another header
    headers.put(CACHE_CONTROL, "max-age=0, s-maxage=" + seconds + ", must-revalidate");
    return new HttpResponse(response.status(), headers, response.body(), response.binary());
  }

  private static boolean isPerRequest(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return PER_REQUEST.contains(name) || name.startsWith(LIMITS) || name.startsWith(OPENAI_LIMITS);
  }

  /// The cache lifetime in seconds; 0 if the answer is not cacheable.
  private long lifetimeSeconds(HttpResponse response, HttpRequest head) {
    boolean reads = head.method().equals("GET") || head.method().equals("HEAD");
    boolean succeeded = response.status() == OK || response.status() == NOT_MODIFIED;
    if (!reads || !succeeded || !allowsCaching(head)) {
      return 0;
    }
    return switch (Router.route(head)) {
      case Route.StoredResult _, Route.Queried _ -> resultSeconds;
      case Route.OpenAiModelList _,
          Route.OpenAiModel _,
          Route.Models _,
          Route.Model _,
          Route.Configuration _ ->
          Math.min(MODELS_SECONDS_MAX, resultSeconds);
      default -> 0;
    };
  }

  private static boolean allowsCaching(HttpRequest head) {
    try {
      return CacheControl.of(head) == CacheUse.NORMAL;
    } catch (Refusal contradiction) {
      return false; // a route that runs nothing does not read the header
    }
  }
}
