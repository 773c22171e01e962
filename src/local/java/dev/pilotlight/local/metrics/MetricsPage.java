package dev.pilotlight.local.metrics;

import dev.pilotlight.local.runtime.EnvironmentPool;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.local.support.LocalServer;
import dev.pilotlight.serve.Exposition;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// `GET /metrics` for Prometheus: the metrics that the functions have logged, the statistics of the
/// API's models, and how many environments run. Thread-safe.
public final class MetricsPage implements Request.Handler {
  private static final String PATH = "/metrics";

  private final FunctionMetrics logged;
  private final Map<String, EnvironmentPool> functions;
  private final EnvironmentPool api;
  private final ModelStatistics models;

  /// @param functions by name
  /// @param api the one that answers requests
  /// @param key the API key to ask it with; null for none
  public MetricsPage(
      FunctionMetrics logged,
      Map<String, EnvironmentPool> functions,
      EnvironmentPool api,
      @Nullable String key) {
    this.models = new ModelStatistics(key);
    this.logged = logged;
    this.functions = Map.copyOf(functions);
    this.api = api;
  }

  /// @return false if the request is for another path
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!PATH.equals(request.getHttpURI().getPath())) {
      return false;
    }
    boolean head = request.getMethod().equals("HEAD");
    if (!head && !request.getMethod().equals("GET")) {
      response.getHeaders().put("allow", "GET, HEAD");
      byte[] refused = Json.object("message", "Method Not Allowed");
      LocalServer.send(response, callback, 405, refused);
      return true;
    }
    var _ =
        models
            .ask(api)
            .whenComplete(
                (_, _) -> {
                  try {
                    send(response, callback, head);
                  } catch (RuntimeException e) {
                    callback.failed(e);
                  }
                });
    return true;
  }

  private void send(Response response, Callback callback, boolean head) {
    byte[] body = render();
    response.setStatus(200);
    response.getHeaders().put("content-type", Exposition.CONTENT_TYPE);
    response.getHeaders().put("content-length", body.length);
    response.write(true, head ? ByteBuffer.allocate(0) : ByteBuffer.wrap(body), callback);
  }

  private byte[] render() {
    Exposition text = new Exposition();
    models.write(text);
    logged.write(text);
    Family environments =
        new Family(
            "pilotlight_environments", Exposition.Type.GAUGE, "Environments that run or start.");
    Family queued =
        new Family("pilotlight_queued_events", Exposition.Type.GAUGE, "Events that wait.");
    functions.forEach(
        (name, pool) -> {
          List<String> labels = List.of("function", name);
          environments.add(labels, pool.environments().size());
          queued.add(labels, pool.queued());
        });
    environments.write(text);
    queued.write(text);
    return text.toBytes();
  }
}
