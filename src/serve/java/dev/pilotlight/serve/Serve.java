package dev.pilotlight.serve;

import dev.pilotlight.handler.App;
import dev.pilotlight.handler.serve.ServeSettings;
import dev.pilotlight.protocol.http.ProtocolSettings;
import dev.pilotlight.support.EnvironmentVariables;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;

/// The container's process with `PILOTLIGHT_SERVE=http`.
public final class Serve {
  /// Defaults that differ from Lambda's: containers have no price of a request, and Prometheus
  /// replaces the lines of metrics.
  private static final Map<String, String> DEFAULTS =
      Map.of("PILOTLIGHT_DOOR", "url", "PILOTLIGHT_METRICS", "off");

  private Serve() {}

  /// Starts the API and its server, which answer until the process is asked to end.
  public static void main(String[] args) {
    try {
      start(EnvironmentVariables.ofProcess(), System.out);
    } catch (IllegalArgumentException | IllegalStateException e) {
      new Log(System.out, Log.Level.ERROR).error("the server did not start: " + e.getMessage(), e);
      System.exit(1);
    }
  }

  private static void start(Map<String, String> variables, PrintStream out) {
    Map<String, String> environment = new HashMap<>(variables);
    DEFAULTS.forEach(environment::putIfAbsent);
    Settings settings = new Settings(environment);
    if (!ServeSettings.isHttp(settings)) {
      throw new IllegalArgumentException(
          "PILOTLIGHT_SERVE is not 'http', but the server of HTTP was started; accepted: http");
    }
    ServeSettings.requireCredentials(environment);
    ServeSettings serve = ServeSettings.from(settings);
    int bodyBytesMax = ProtocolSettings.from(settings).requestBytesMax();
    App app = App.start(environment, out);
    try {
      HttpServer server = HttpServer.start(serve, bodyBytesMax, app);
      Thread drain = new Thread(() -> end(server, app), "pilotlight-drain");
      Runtime.getRuntime().addShutdownHook(drain);
      app.log()
          .info(
              "serving",
              "host",
              serve.host(),
              "port",
              serve.port(),
              "metrics",
              serve.metricsPort());
    } catch (RuntimeException e) {
      app.close();
      throw e;
    }
    if (!"keys".equals(environment.get("PILOTLIGHT_AUTH"))) {
      app.log()
          .warn(
              "PILOTLIGHT_AUTH is not 'keys': the server does not authenticate callers, so a proxy"
                  + " must",
              null);
    }
  }

  private static void end(HttpServer server, App app) {
    server.drain();
    app.close();
  }
}
