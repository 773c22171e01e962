package dev.pilotlight.local.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.runtime.Echo;
import dev.pilotlight.local.runtime.EnvironmentPool;
import dev.pilotlight.local.support.Ports;
import dev.pilotlight.local.template.Route;
import dev.pilotlight.local.template.Routes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/// [Echo] behind a gateway, and a client for it.
final class HttpEcho implements AutoCloseable {
  /// Pages of it may call the gateway.
  static final String ALLOWED = "https://allowed.example";

  private final List<RequestLog.Entry> requests = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Echo echo;
  private final Gateway gateway;

  HttpEcho() {
    this(2);
  }

  HttpEcho(int environmentsMax) {
    this(environmentsMax, Duration.ofSeconds(3));
  }

  HttpEcho(int environmentsMax, Duration timeout) {
    echo = new Echo(environmentsMax, 400, Duration.ofSeconds(20));
    Routes routes =
        new Routes(
            List.of(
                new Route("POST", "/v1/embeddings", Echo.NAME),
                new Route("GET", "/v1/results/{id}", Echo.NAME),
                new Route("ANY", "/any/{proxy+}", Echo.NAME)));
    Map<String, EnvironmentPool> functions = Map.of(Echo.NAME, echo.pool);
    gateway = new Gateway(0, routes, functions, requests::add, Set.of(ALLOWED), timeout);
    echo.pool.start().join();
  }

  int port() {
    return gateway.port();
  }

  /// How many events wait for the function.
  int queued() {
    return echo.pool.queued();
  }

  /// Whether the function's only environment has an event.
  boolean running() {
    return echo.pool.idle() == 0;
  }

  HttpClient client() {
    return client;
  }

  List<RequestLog.Entry> requests() {
    return requests;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://" + Ports.HOST + ":" + port() + path));
  }

  HttpRequest.Builder post(String path, byte[] body) {
    return request(path).POST(BodyPublishers.ofByteArray(body));
  }

  /// The header is in the event as [dev.pilotlight.local.runtime.EchoHandler] looks for it.
  HttpRequest.Builder orderedBy(String order) {
    return request("/any/x").GET().header("do", order);
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  /// The event that the function got.
  String event(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = send(request);
    assertThat(response.statusCode()).isEqualTo(200);
    return new String(response.body(), UTF_8);
  }

  /// The gateway's response to the function's answer.
  HttpResponse<byte[]> reply(String answer) throws IOException, InterruptedException {
    return send(request("/any/x").GET().header("x-reply", base64(answer)));
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  /// Sends it as it is, and reads until the gateway closes the connection.
  String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Override
  public void close() {
    gateway.close();
    echo.close();
    client.close();
  }
}
