package dev.pilotlight.support.http;

import java.net.URI;

/// The server of an HTTP connection.
///
/// @param tls whether the connection is encrypted
/// @param host a name or an address; an IPv6 address is in brackets
public record HttpOrigin(boolean tls, String host, int port) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final int PORT_MAX = 65_535;

  /// Returns the origin of a URI; its path is ignored.
  ///
  /// @throws IllegalArgumentException if the URI is not `http://host` or `https://host`, with an
  ///   optional port
  public static HttpOrigin of(URI uri) {
    boolean tls = "https".equalsIgnoreCase(uri.getScheme());
    boolean known = tls || "http".equalsIgnoreCase(uri.getScheme());
    String host = uri.getHost();
    if (!known || host == null || uri.getPort() > PORT_MAX) {
      throw new IllegalArgumentException(
          uri + " is not the address of a server; accepted: http://host:port, https://host:port");
    }
    return new HttpOrigin(tls, host, uri.getPort() < 0 ? port(tls) : uri.getPort());
  }

  /// Returns the value of the `Host` header: without the scheme's usual port.
  public String authority() {
    return port == port(tls) ? host : host + ":" + port;
  }

  private static int port(boolean tls) {
    return tls ? HTTPS : HTTP;
  }
}
