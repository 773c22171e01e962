package dev.pilotlight.local.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pilotlight.suite.LoopbackServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/// A server on 127.0.0.1 that a test answers for, each request on its own thread. It keeps
/// connections as long as its callers do.
public final class HttpStub implements AutoCloseable {
  public interface Answer {
    void to(HttpExchange exchange, byte[] body) throws IOException, InterruptedException;
  }

  private final HttpServer server;

  public HttpStub(Answer answer) {
    try {
      server = LoopbackServer.create();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            answer.to(exchange, exchange.getRequestBody().readAllBytes());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it is closed
          }
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  public static void reply(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    return "http://" + Ports.HOST + ":" + port();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
