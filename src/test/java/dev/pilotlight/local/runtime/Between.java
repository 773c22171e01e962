package dev.pilotlight.local.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pilotlight.suite.LoopbackServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An HTTP proxy in front of an emulator: a test sees what passes, and spoils some of it.
public final class Between implements AutoCloseable {
  private static final CountDownLatch NO_PAUSE = new CountDownLatch(0);
  private static final Set<String> OWN_HEADERS =
      Set.of("host", "connection", "content-length", "expect", "upgrade", "transfer-encoding");

  /// The fate of a call.
  public sealed interface Fate {
    /// It is passed on.
    record Pass() implements Fate {}

    /// It is answered here instead.
    record Fail(int status, String body) implements Fate {}

    /// It is passed on, and its connection is closed in place of an answer.
    record Lose() implements Fate {}

    /// The answer's body breaks off half-way.
    record Cut() implements Fate {}

    /// Half of the answer's body is sent, the rest only when the latch is open.
    record Stall(CountDownLatch until) implements Fate {}

    /// It is passed on, and before its answer is, something is done.
    record PassAnd(Runnable then) implements Fate {}
  }

  /// A call that came by.
  ///
  /// @param action the operation, as DynamoDB names it in a header; empty for S3
  /// @param range of bytes that is asked for; empty for all
  public record Call(String method, URI uri, String action, String body, String range) {}

  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI behind;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private volatile boolean keepsCalls = true;
  private volatile Function<Call, Fate> rule = call -> new Fate.Pass();

  public Between(URI behind) throws IOException {
    this.behind = behind;
    server = LoopbackServer.create();
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::handle);
    server.start();
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// From now on.
  ///
  /// @param newRule called before the call is passed on, so that it may also do something first
  public void rule(Function<Call, Fate> newRule) {
    rule = newRule;
  }

  public List<Call> calls() {
    return List.copyOf(calls);
  }

  /// Keeps no calls from now on: with their bodies, those of a very long run fill the memory.
  public void keepNoCalls() {
    keepsCalls = false;
  }

  public void forgetCalls() {
    calls.clear();
  }

  @Override
  public void close() {
    server.stop(0);
    client.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String target =
          Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("X-Amz-Target"), "");
      Call call =
          new Call(
              exchange.getRequestMethod(),
              exchange.getRequestURI(),
              target.substring(target.indexOf('.') + 1),
              new String(body, StandardCharsets.UTF_8),
              Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Range"), ""));
      if (keepsCalls) {
        calls.add(call);
      }
      switch (rule.apply(call)) {
        case Fate.Pass() -> pass(exchange, body, NO_PAUSE, () -> {});
        case Fate.Lose() -> onward(exchange, body);
        case Fate.Cut() -> pass(exchange, body, null, () -> {});
        case Fate.Stall(CountDownLatch until) -> pass(exchange, body, until, () -> {});
        case Fate.PassAnd(Runnable then) -> pass(exchange, body, NO_PAUSE, then);
        case Fate.Fail(int status, String text) ->
            answer(exchange, status, text.getBytes(StandardCharsets.UTF_8), NO_PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// @return the answer of the emulator
  private HttpResponse<byte[]> onward(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    URI uri = exchange.getRequestURI();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    HttpRequest.Builder onward =
        HttpRequest.newBuilder(URI.create(behind + uri.getRawPath() + query))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> onward.header(name, value));
              }
            });
    return client.send(onward.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  /// @param rest opens when the second half of the answer is sent; null if it never is
  private void pass(
      HttpExchange exchange, byte[] body, @Nullable CountDownLatch rest, Runnable then)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response = onward(exchange, body);
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!name.startsWith(":") && !OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                exchange.getResponseHeaders().put(name, values);
              }
            });
    if (exchange
        .getRequestMethod()
        .equals("HEAD")) { // its content-length is that of the body that is not sent
      response
          .headers()
          .firstValue("content-length")
          .ifPresent(length -> exchange.getResponseHeaders().set("Content-Length", length));
    }
    then.run();
    answer(exchange, response.statusCode(), response.body(), rest);
  }

  private static void answer(
      HttpExchange exchange, int status, byte[] body, @Nullable CountDownLatch rest)
      throws IOException, InterruptedException {
    boolean empty = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, empty ? -1 : body.length);
    if (!empty) {
      OutputStream out = exchange.getResponseBody();
      out.write(body, 0, body.length / 2);
      out.flush();
      if (rest != null) {
        rest.await();
        out.write(body, body.length / 2, body.length - body.length / 2);
        out.flush();
      }
    }
  }
}
