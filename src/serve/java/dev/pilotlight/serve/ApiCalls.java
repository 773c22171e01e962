package dev.pilotlight.serve;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.handler.Api;
import dev.pilotlight.handler.serve.ServeSettings;
import dev.pilotlight.protocol.http.Door;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.support.Log;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Reads each request, has the API answer it, and sends the answer. Thread-safe.
final class ApiCalls extends Handler.Abstract {
  private static final int NO_CONTENT = 204;
  private static final int NOT_FOUND = 404;
  private static final byte[] NO_BODY = {};
  private static final String LIVE = "/v2/health/live";
  private static final List<String> HEALTH_PATHS = List.of("/v2/health/", "/health", "/ping");
  private static final Set<String> PROBES = Set.of(LIVE, "/v2/health/ready");

  private final ServeSettings settings;
  private final Api api;
  private final int bodyBytesMax;
  private final Cors cors;
  private final Traffic traffic;
  private final SlowHeads heads;
  private final HeldBytes room;
  private final Queue queue;
  private final Log log;

  ApiCalls(
      ServeSettings settings,
      Api api,
      int bodyBytesMax,
      Traffic traffic,
      SlowHeads heads,
      Log log) {
    this.settings = settings;
    this.api = api;
    this.bodyBytesMax = bodyBytesMax;
    this.cors = new Cors(settings.corsOrigins());
    this.traffic = traffic;
    this.heads = heads;
    this.room = new HeldBytes(settings.bodiesBytesMax());
    this.queue =
        new Queue(settings.threads(), traffic, e -> log.error("a request was not answered", e));
    this.log = log;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (Request.getLocalPort(request) == settings.metricsPort() && !isProbe(request)) {
      metrics(request, response, callback);
      return true;
    }
    Exchange exchange = new Exchange(request, response, callback, api, cors, traffic, heads, log);
    exchange.begin();
    if (cors.isPreflight(request)) {
      cors.preflight(request, response);
      exchange.send(NO_CONTENT, NO_BODY);
      return true;
    }
    if (request.getLength() > (long) bodyBytesMax * Body.DROPPED_TIMES_MAX) {
      exchange.refuse(Body.Fault.TOO_LARGE, request.getLength(), bodyBytesMax);
      return true;
    }
    Body.read(
        request,
        bodyBytesMax,
        room,
        settings.receive(),
        InvocationType.BLOCKING,
        new Body.Reader() {
          @Override
          public void read(byte[] bytes) {
            exchange.received(bytes.length);
            exchange.release(() -> room.release(bytes.length));
            exchange.attempt(() -> answer(exchange, Head.of(request, bytes)));
          }

          @Override
          public void failed(Body.Fault fault, long seen, @Nullable Throwable cause) {
            exchange.received(seen);
            exchange.attempt(() -> exchange.refuse(fault, seen, bodyBytesMax));
          }
        });
    return true;
  }

  /// Health checks do not queue: a busy server is alive.
  private void answer(Exchange exchange, HttpRequest request) {
    boolean health = isHealthCheck(request);
    if (health && traffic.isDraining()) {
      exchange.notReady(request);
    } else if (health || request.path().equals(LIVE)) {
      exchange.answer(request);
    } else {
      queue.run(() -> exchange.attempt(() -> exchange.answer(request)));
    }
  }

  /// Whether the metrics' port answers it, too: its connections are not limited, so that probes
  /// reach a server whose other port has as many connections as it may have.
  private static boolean isProbe(Request request) {
    return PROBES.contains(request.getHttpURI().getPath());
  }

  private static boolean isHealthCheck(HttpRequest request) {
    boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
    if (!reads || HEALTH_PATHS.stream().noneMatch(request.path()::startsWith)) {
      return false; // most requests: no need to route them twice
    }
    try {
      Route route = Router.route(request);
      return route instanceof Route.Ready
          || (route instanceof Route.AtDoor door && door.door().work() == Door.Work.HEALTH);
    } catch (Refusal unknown) {
      return false;
    }
  }

  private void metrics(Request request, Response response, Callback callback) {
    if (!request.getHttpURI().getPath().equals("/metrics") || !request.getMethod().equals("GET")) {
      Refused.send(response, callback, NOT_FOUND);
      return;
    }
    byte[] page = Metrics.page(traffic, room, api.statistics());
    response.getHeaders().put("content-type", Exposition.CONTENT_TYPE);
    response.getHeaders().put("content-length", page.length);
    response.write(true, ByteBuffer.wrap(page), callback);
  }
}
