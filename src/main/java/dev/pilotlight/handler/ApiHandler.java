package dev.pilotlight.handler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.pilotlight.domain.Afterwards;
import dev.pilotlight.runtime.EventLoop;
import dev.pilotlight.support.EnvironmentVariables;
import dev.pilotlight.support.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;

/// Lambda's entry point for HTTP requests: events of API Gateway, function URLs and load balancers.
///
/// One handler serves all requests of an environment, several at once on Lambda Managed Instances.
public final class ApiHandler implements RequestStreamHandler, AutoCloseable {
  private final App app;

  /// Reads the settings from the environment variables; Lambda calls this once.
  public ApiHandler() {
    this(App.start(requirePossible(EnvironmentVariables.ofProcess())));
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
    return environment;
  }

  @Override
  public void handleRequest(InputStream event, OutputStream response, Context context)
      throws IOException {
    app.api()
        .answer(
            event,
            response,
            Duration.ofMillis(context.getRemainingTimeInMillis()),
            context.getAwsRequestId(),
            context instanceof Afterwards afterwards ? afterwards : null);
  }

  @Override
  public void close() {
    app.close();
  }
}
