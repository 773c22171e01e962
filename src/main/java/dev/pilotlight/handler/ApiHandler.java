package dev.pilotlight.handler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.pilotlight.support.EnvironmentVariables;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/// Lambda's entry point for HTTP requests: events of API Gateway, function URLs and load balancers.
///
/// One handler serves all requests of an environment, several at once on Lambda Managed Instances.
public final class ApiHandler implements RequestStreamHandler, AutoCloseable {
  private final App app;

  /// Reads the settings from the environment variables; Lambda calls this once.
  public ApiHandler() {
    this(App.start(EnvironmentVariables.ofProcess()));
  }

  public ApiHandler(App app) {
    this.app = app;
  }

  @Override
  public void handleRequest(InputStream event, OutputStream response, Context context)
      throws IOException {
    app.api()
        .answer(
            event,
            response,
            Duration.ofMillis(context.getRemainingTimeInMillis()),
            context.getAwsRequestId());
  }

  @Override
  public void close() {
    app.close();
  }
}
