package dev.pilotlight.store.direct;

import dev.pilotlight.support.http.HttpOrigin;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Where direct calls go: empty for every configuration that this package does not know to handle
/// as the SDK does.
final class DirectRoute {
  private static final Set<String> AREAS =
      Set.of("us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx");
  private static final String CHINA = "cn-";
  private static final int REGION_PARTS = 3;

  /// Variables that change the SDK's endpoint or signature, with the value that does not.
  private static final Map<String, String> UNKNOWN =
      Map.of(
          "AWS_USE_FIPS_ENDPOINT", "false",
          "AWS_USE_DUALSTACK_ENDPOINT", "false",
          "AWS_ACCOUNT_ID_ENDPOINT_MODE", "preferred",
          "AWS_AUTH_SCHEME_PREFERENCE", "");

  /// System properties that do the same.
  private static final Set<String> UNKNOWN_PROPERTIES =
      Set.of("aws.useFipsEndpoint", "aws.useDualstackEndpoint", "aws.accountIdEndpointMode");

  private DirectRoute() {}

  /// @param endpoint that is set instead of AWS's own
  static Optional<HttpOrigin> of(
      Map<String, String> environment, String region, Optional<URI> endpoint) {
    if (hasUnknown(environment)) {
      return Optional.empty();
    }
    Optional<URI> uri =
        endpoint.isPresent() ? endpoint.filter(DirectRoute::isPlain) : aws(environment, region);
    return uri.filter(DirectRoute::hasNoProxy).map(HttpOrigin::of);
  }

  private static boolean hasUnknown(Map<String, String> environment) {
    for (Map.Entry<String, String> unknown : UNKNOWN.entrySet()) {
      String value = environment.getOrDefault(unknown.getKey(), "");
      if (!value.isEmpty() && !value.equals(unknown.getValue())) {
        return true;
      }
    }
    for (String property : UNKNOWN_PROPERTIES) {
      if (System.getProperty(property) != null) {
        return true;
      }
    }
    return false;
  }

  /// Outside Lambda, the SDK reads a profile, which may change the endpoint.
  private static Optional<URI> aws(Map<String, String> environment, String region) {
    if (!environment.containsKey("AWS_LAMBDA_FUNCTION_NAME")) {
      return Optional.empty();
    }
    return name(region).map(host -> URI.create("https://" + host));
  }

  /// The endpoint's name in AWS's two public partitions; empty for others.
  static Optional<String> name(String region) {
    String[] parts = region.split("-", -1);
    if (parts.length != REGION_PARTS || !isOf('a', 'z', parts[1]) || !isOf('0', '9', parts[2])) {
      return Optional.empty();
    }
    if (region.startsWith(CHINA)) {
      return Optional.of("dynamodb." + region + ".amazonaws.com.cn");
    }
    return AREAS.contains(parts[0])
        ? Optional.of("dynamodb." + region + ".amazonaws.com")
        : Optional.empty();
  }

  /// Whether the part is one or more of the characters.
  private static boolean isOf(char first, char last, String part) {
    for (int i = 0; i < part.length(); i++) {
      if (part.charAt(i) < first || part.charAt(i) > last) {
        return false;
      }
    }
    return !part.isEmpty();
  }

  private static boolean isPlain(URI uri) {
    String path = uri.getPath();
    boolean known = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    return known
        && uri.getHost() != null
        && uri.getUserInfo() == null
        && uri.getQuery() == null
        && (path == null || path.isEmpty() || path.equals("/"));
  }

  private static boolean hasNoProxy(URI uri) {
    ProxySelector selector = ProxySelector.getDefault();
    if (selector == null) {
      return true;
    }
    for (Proxy proxy : selector.select(uri)) {
      if (proxy.type() != Proxy.Type.DIRECT) {
        return false;
      }
    }
    return true;
  }
}
