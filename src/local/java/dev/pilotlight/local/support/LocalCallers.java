package dev.pilotlight.local.support;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Refuses calls from web pages. A page that a developer visits can send requests to 127.0.0.1, and
/// a page whose name resolves to 127.0.0.1 (DNS rebinding) can even read the answers. Browsers send
/// the page in `Origin`, and the resolved name in `Host`. Only names of this machine pass.
///
/// `Sec-Fetch-Site` covers requests without `Origin`, such as the GET of an image.
public final class LocalCallers extends Handler.Wrapper {
  /// The last name is that of this machine in a container.
  private static final Set<String> HOSTS =
      Set.of("localhost", Ports.HOST, "[::1]", "host.docker.internal");

  private final Set<String> origins;
  private final Shape shape;

  /// The format of a refusal.
  public enum Shape {
    /// The format of API Gateway, Lambda and DynamoDB.
    JSON,
    /// The format of S3.
    XML
  }

  private LocalCallers(Handler handler, Shape shape, Set<String> origins) {
    super(handler);
    this.shape = shape;
    this.origins = origins;
  }

  public static Handler only(Handler handler, Shape shape) {
    return new LocalCallers(handler, shape, Set.of());
  }

  /// Admits local callers, and pages of some origins.
  ///
  /// @param origins of pages that may call, such as `https://example.com`; `*` for any
  public static Handler orPagesOf(Set<String> origins, Handler handler) {
    return new LocalCallers(handler, Shape.JSON, Set.copyOf(origins));
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Optional<String> refusal = refusal(request);
    if (refusal.isEmpty()) {
      return super.handle(request, response, callback);
    }
    refuse(response, callback, refusal.get());
    return true;
  }

  private Optional<String> refusal(Request request) {
    for (String host : request.getHeaders().getValuesList("host")) {
      if (!isLocal(host)) {
        return Optional.of(
            "Host is '%s'; accepted: localhost, %s, [::1], host.docker.internal"
                .formatted(host, Ports.HOST));
      }
    }
    String named = request.getHttpURI().getHost();
    if (named != null && !isLocal(named)) {
      return Optional.of("the URL names the host " + named);
    }
    return page(request);
  }

  private Optional<String> page(Request request) {
    String origin = request.getHeaders().get("origin");
    if (origin != null) {
      return isAllowed(origin)
          ? Optional.empty()
          : Optional.of("pages of %s may not call this server".formatted(origin));
    }
    boolean foreign = "cross-site".equals(request.getHeaders().get("sec-fetch-site"));
    return foreign && origins.isEmpty()
        ? Optional.of("pages of other sites may not call this server")
        : Optional.empty();
  }

  private boolean isAllowed(String origin) {
    if (origins.contains("*") || origins.contains(origin)) {
      return true;
    }
    int scheme = origin.indexOf("://");
    return scheme > 0 && isLocal(origin.substring(scheme + 3));
  }

  /// @param authority a host, with or without a port
  private static boolean isLocal(@Nullable String authority) {
    if (authority == null) {
      return false;
    }
    int port = authority.lastIndexOf(':');
    boolean hasPort = port > authority.lastIndexOf(']') && isNumber(authority.substring(port + 1));
    String host = hasPort ? authority.substring(0, port) : authority;
    return HOSTS.contains(host.toLowerCase(Locale.ROOT));
  }

  private static boolean isNumber(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private void refuse(Response response, Callback callback, String message) {
    if (shape == Shape.JSON) {
      LocalServer.send(
          response,
          callback,
          403,
          Json.object("__type", "AccessDeniedException", "message", message));
      return;
    }
    String xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
            + "<Error><Code>AccessDenied</Code><Message>%s</Message></Error>"
                .formatted(message.replace("&", "&amp;").replace("<", "&lt;"));
    byte[] body = xml.getBytes(StandardCharsets.UTF_8);
    response.setStatus(403);
    response.getHeaders().put("content-type", "application/xml");
    response.getHeaders().put("content-length", body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }
}
