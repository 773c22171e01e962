package dev.pilotlight.local.gateway;

import dev.pilotlight.local.runtime.Environment;
import dev.pilotlight.local.runtime.EnvironmentPool;
import dev.pilotlight.local.runtime.Invocation;
import dev.pilotlight.local.runtime.Outcome;
import dev.pilotlight.local.support.BodyReader;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.local.support.LocalCallers;
import dev.pilotlight.local.support.LocalServer;
import dev.pilotlight.local.template.Routes;
import dev.pilotlight.serve.Head;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// API Gateway's HTTP API on 127.0.0.1: routes a request to a function as an event and turns its
/// answer into the response, with the HTTP API's own limits and its own errors. Thread-safe.
public final class Gateway extends Handler.Abstract.NonBlocking implements AutoCloseable {
  /// "Total combined size of request line and header values".
  static final int HEAD_BYTES_MAX = 10_240;

  static final int BODY_BYTES_MAX = 10 * 1024 * 1024;

  /// Lambda's limit of a synchronous event.
  static final int EVENT_BYTES_MAX = 6_291_456;

  public static final Duration INTEGRATION_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration IDLE = Duration.ofSeconds(75);

  /// nginx's status, for the log alone: the client has gone.
  private static final int CLIENT_GONE = 499;

  private static final String RETRY_AFTER_SECONDS = "1";

  private final Routes routes;
  private final Map<String, EnvironmentPool> functions;
  private final RequestLog log;
  private final Duration timeout;
  private final Request.Handler own;
  private final LocalServer server;

  /// A gateway that answers no request itself.
  public Gateway(
      int port,
      Routes routes,
      Map<String, EnvironmentPool> functions,
      RequestLog log,
      Set<String> origins,
      Duration timeout) {
    this(port, routes, functions, log, origins, timeout, (_, _, _) -> false);
  }

  /// @param functions by logical id
  /// @param origins of pages that may call it
  /// @param timeout [#INTEGRATION_TIMEOUT], or less for tests
  /// @param own answers the requests that are not for a function
  @SuppressWarnings("this-escape") // the last statement
  public Gateway(
      int port,
      Routes routes,
      Map<String, EnvironmentPool> functions,
      RequestLog log,
      Set<String> origins,
      Duration timeout,
      Request.Handler own) {
    this.own = own;
    this.routes = routes;
    this.functions = Map.copyOf(functions);
    this.log = log;
    this.timeout = timeout;
    Handler guarded = LocalCallers.orPagesOf(origins, this);
    server = LocalServer.start("the gateway", port, IDLE, guarded, Gateway::unparsed);
  }

  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (own.handle(request, response, callback)) {
      return true;
    }
    Exchange exchange = new Exchange(request, response, callback);
    if (headBytes(request) > HEAD_BYTES_MAX) {
      exchange.fail(431);
      return true;
    }
    Optional<Routes.Match> match = routes.match(request.getMethod(), Head.path(request));
    if (match.isEmpty()) {
      exchange.fail(404);
      return true;
    }
    exchange.route = match.get().route().key();
    BodyReader.read(
        request,
        callback,
        BODY_BYTES_MAX,
        body -> exchange.invoke(body, match.get()),
        failure -> exchange.fail(status(failure)));
    return true;
  }

  private static int status(Throwable failure) {
    return switch (failure) {
      case BodyReader.TooLarge _ -> 413;
      case BodyReader.NoRoom _ -> 503;
      default -> 400;
    };
  }

  private static int headBytes(Request request) {
    int bytes = request.getMethod().length() + request.getHttpURI().toString().length() + 10;
    for (HttpField field : request.getHeaders()) {
      bytes += field.getValue() == null ? 0 : field.getValue().length();
    }
    return bytes;
  }

  /// A request that is not HTTP, or whose head is longer than the server reads.
  private static boolean unparsed(Request request, Response response, Callback callback) {
    int status = response.getStatus() == 414 ? 431 : response.getStatus();
    LocalServer.send(response, callback, status, Json.object("message", message(status)));
    return true;
  }

  private static String message(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 404 -> "Not Found";
      case 413 -> "Request Entity Too Large";
      case 431 -> "Request Header Fields Too Large";
      case CLIENT_GONE -> "Client Closed Request";
      case 503 -> "Service Unavailable";
      default -> "Internal Server Error";
    };
  }

  /// One request and its response.
  private final class Exchange {
    private final long begun = System.nanoTime();
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final String requestId = requestId();
    private String route = "-";
    private @Nullable Invocation invocation;
    private @Nullable EnvironmentPool taker;

    Exchange(Request request, Response response, Callback callback) {
      this.request = request;
      this.response = response;
      this.callback = callback;
    }

    void invoke(byte[] body, Routes.Match match) {
      String traceId = traceId();
      byte[] event = HttpEvent.of(request, body, match, requestId, traceId);
      if (event.length > EVENT_BYTES_MAX) {
        fail(413);
        return;
      }
      Invocation own = new Invocation(event, traceId, null);
      invocation = own;
      EnvironmentPool pool = functions.get(match.route().function());
      taker = pool;
      if (pool == null) {
        fail(500);
        return;
      }
      server.watch(request, () -> withdraw(CLIENT_GONE));
      var _ =
          pool.invoke(own)
              .copy()
              .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
              .whenComplete(
                  (outcome, late) -> {
                    try {
                      answer(outcome);
                    } catch (RuntimeException e) {
                      callback.failed(e);
                    }
                  });
    }

    /// @param outcome null if it took too long
    private void answer(@Nullable Outcome outcome) {
      switch (outcome) {
        case null -> {
          withdraw(503);
          fail(503);
        }
        case Outcome.Failed failed -> fail(500);
        case Outcome.Rejected rejected ->
            fail(rejected.status() == CLIENT_GONE ? CLIENT_GONE : 503);
        case Outcome.Answered answered -> {
          try {
            reply(HttpReply.of(answered.payload()));
          } catch (IllegalArgumentException e) {
            fail(500);
          }
        }
      }
    }

    /// Removes the event from the queue. An event that already runs continues, as in Lambda.
    private void withdraw(int status) {
      Invocation own = invocation;
      EnvironmentPool pool = taker;
      if (own != null && pool != null) {
        pool.withdraw(own, new Outcome.Rejected(status, "ServiceException", message(status)));
      }
    }

    private void reply(HttpReply reply) {
      int bytes = 0;
      for (HttpReply.Header header : reply.headers()) {
        bytes += header.name().length() + header.value().length();
      }
      if (bytes > HEAD_BYTES_MAX) {
        fail(500);
        return;
      }
      boolean bodiless = reply.status() == 204 || reply.status() == 304;
      byte[] body = bodiless ? new byte[0] : reply.body();
      if (!BodyReader.HELD.take(body.length)) {
        fail(503);
        return;
      }
      Request.addCompletionListener(request, _ -> BodyReader.HELD.release(body.length));
      response.setStatus(reply.status());
      for (HttpReply.Header header : reply.headers()) {
        response.getHeaders().add(header.name(), header.value());
      }
      // an answer to HEAD has no body, and its content-length would have to be that of GET
      if (!bodiless && !request.getMethod().equals("HEAD")) {
        response.getHeaders().put("content-length", body.length);
      }
      send(reply.status(), reply.cacheTier(), body);
    }

    void fail(int status) {
      byte[] body = Json.object("message", message(status));
      response.setStatus(status);
      response.getHeaders().put("content-type", "application/json");
      response.getHeaders().put("content-length", body.length);
      if (status == 503) {
        response.getHeaders().put("retry-after", RETRY_AFTER_SECONDS);
      }
      send(status, "-", body);
    }

    private void send(int status, String tier, byte[] body) {
      response.getHeaders().put("apigw-requestid", requestId);
      Environment environment = invocation == null ? null : invocation.environment();
      log.add(
          new RequestLog.Entry(
              request.getMethod(),
              request.getHttpURI().getPath(),
              route,
              status,
              tier,
              (System.nanoTime() - begun) / 1e6,
              environment == null ? 0 : environment.number()));
      // after the log entry, so that a client that has its answer finds the entry
      response.write(true, ByteBuffer.wrap(body), callback);
    }

    private static String requestId() {
      byte[] random = new byte[11];
      ThreadLocalRandom.current().nextBytes(random);
      return Base64.getUrlEncoder().encodeToString(random);
    }

    private static String traceId() {
      ThreadLocalRandom random = ThreadLocalRandom.current();
      return "Root=1-%08x-%016x%08x"
          .formatted(Instant.now().getEpochSecond(), random.nextLong(), random.nextInt());
    }
  }
}
