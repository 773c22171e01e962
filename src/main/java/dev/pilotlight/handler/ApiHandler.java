package dev.pilotlight.handler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.pilotlight.domain.Afterwards;
import dev.pilotlight.handler.serve.ServeSettings;
import dev.pilotlight.protocol.http.TraceHeader;
import dev.pilotlight.runtime.EventLoop;
import dev.pilotlight.support.EnvironmentVariables;
import dev.pilotlight.support.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lambda's entry point for HTTP requests: events of API Gateway, function URLs and load balancers.
///
/// One handler serves all requests of an environment, several at once on Lambda Managed Instances.
public final class ApiHandler implements RequestStreamHandler, AutoCloseable {
  private static final String TRACE = "com.amazonaws.xray.traceHeader";

  private final App app;

  /// Reads the settings from the environment variables; Lambda calls this once.
  public ApiHandler() {
    this(App.start(requirePossible(EnvironmentVariables.ofProcess())).writesAtShutdown());
  }

  public ApiHandler(App app) {
    this.app = app;
  }

  /// Lambda's own client asks for the next event as soon as the response is sent, and then the
  /// environment is frozen.
  ///
  /// @throws IllegalArgumentException if the function is to answer first and cannot
  private static Map<String, String> requirePossible(Map<String, String> environment) {
    String name = Settings.PREFIX + ApiSettings.ANSWER;
    if ("first".equals(environment.get(name)) && !EventLoop.isRunning()) {
      throw new IllegalArgumentException(
          name + "=first needs the runtime provided.al2023; accepted on this one: stored");
    }
    if (ServeSettings.HTTP.equals(environment.get("PILOTLIGHT_SERVE"))) {
      throw new IllegalArgumentException(
          "PILOTLIGHT_SERVE is 'http', which is for containers that their own entry point starts;"
              + " accepted on Lambda: lambda");
    }
    return environment;
  }

  @Override
  public void handleRequest(InputStream event, OutputStream response, Context context)
      throws IOException {
    Afterwards afterwards = context instanceof Afterwards later ? later : null;
    Duration remaining = Duration.ofMillis(context.getRemainingTimeInMillis());
    String header = traceHeader(context);
    app.api()
        .answer(
            event,
            response,
            new Invocation(context.getAwsRequestId(), header, remaining, afterwards),
            tracer(header));
  }

  /// Lambda's own client sets the property; its context may be older than the method.
  private static @Nullable String traceHeader(Context context) {
    return context instanceof Afterwards ? context.getXrayTraceId() : System.getProperty(TRACE);
  }

  /// Only a sampled request loads the code that traces.
  private Traces.@Nullable Tracer tracer(@Nullable String header) {
    return app.traces().isOn() && header != null && TraceHeader.isSampled(header)
        ? meter -> app.traces().begin(header, meter)
        : null;
  }

  @Override
  public void close() {
    app.close();
  }
}
