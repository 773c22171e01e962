package dev.pilotlight.suite;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// HTTP servers of tests, each on a free port of 127.0.0.1.
public final class LoopbackServer {
  static {
    // else a body waits for the acknowledgement of its head, which a client delays by 40 ms; the
    // JDK reads this when it creates its first server
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private LoopbackServer() {}

  /// A server that the caller starts and stops.
  public static HttpServer create() throws IOException {
    return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }
}
