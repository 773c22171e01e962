package dev.pilotlight.local.runtime;

import dev.pilotlight.local.support.BodyReader;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.local.support.LocalCallers;
import dev.pilotlight.local.support.LocalServer;
import dev.pilotlight.local.template.FunctionSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// The Lambda Runtime API of one environment. The function's process asks for the next event, which
/// is held until there is one, and posts its response or error.
///
/// Thread-safe. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
public final class RuntimeApi extends Handler.Abstract.NonBlocking implements AutoCloseable {
  /// Lambda's limit of a synchronous response.
  static final int RESPONSE_BYTES_MAX = 6_291_556;

  private static final int POSTED_BYTES_MAX = 64 * 1024 * 1024;
  private static final String PREFIX = "/2018-06-01/runtime/";
  private static final byte[] ACCEPTED = Json.object("status", "OK");

  /// Called on the server's threads; must not block.
  public interface Listener {
    /// The process waits for an event.
    void waiting();

    /// The process could not initialise.
    void initFailed(byte[] error);
  }

  private record Next(Response response, Callback callback) {}

  private final FunctionSettings function;
  private final Listener listener;
  private final LocalServer server;
  private @Nullable Next next;
  private @Nullable Invocation current;
  private boolean ended;

  @SuppressWarnings("this-escape") // nothing calls before the process has the port
  public RuntimeApi(String who, FunctionSettings function, Listener listener) {
    this.function = function;
    this.listener = listener;
    this.server =
        LocalServer.start(
            who,
            0,
            Duration.ZERO,
            LocalCallers.only(this, LocalCallers.Shape.JSON),
            (request, response, callback) -> {
              LocalServer.send(
                  response, callback, response.getStatus(), Json.object("errorType", "Http"));
              return true;
            });
  }

  public int port() {
    return server.port();
  }

  /// Hands an event to the waiting process.
  ///
  /// @return false if the process does not wait for an event; then nothing happens
  boolean offer(Invocation invocation) {
    Next taken;
    synchronized (this) {
      taken = next;
      if (taken == null || ended) {
        return false;
      }
      next = null;
      current = invocation;
    }
    Instant deadline = Instant.now().plus(function.timeout());
    var headers = taken.response().getHeaders();
    headers.put("Lambda-Runtime-Aws-Request-Id", invocation.requestId());
    headers.put("Lambda-Runtime-Deadline-Ms", Long.toString(deadline.toEpochMilli()));
    headers.put("Lambda-Runtime-Invoked-Function-Arn", Launch.arn(function.name()));
    headers.put("Lambda-Runtime-Trace-Id", invocation.traceId());
    String clientContext = invocation.clientContext();
    if (clientContext != null) {
      headers.put("Lambda-Runtime-Client-Context", clientContext);
    }
    headers.put("content-type", "application/json");
    headers.put("content-length", invocation.event().length);
    taken.response().write(true, ByteBuffer.wrap(invocation.event()), taken.callback());
    return true;
  }

  /// Ends the API: the process has ended.
  ///
  /// @return the event that the process was working on
  synchronized @Nullable Invocation end() {
    ended = true;
    Invocation taken = current;
    current = null;
    return taken;
  }

  private synchronized @Nullable Invocation take(String requestId) {
    Invocation taken = current;
    if (taken == null || !taken.requestId().equals(requestId)) {
      return null;
    }
    current = null;
    return taken;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String path = request.getHttpURI().getPath();
    if (path.equals(PREFIX + "invocation/next")) {
      synchronized (this) {
        next = new Next(response, callback);
      }
      listener.waiting();
      return true;
    }
    BodyReader.read(
        request,
        callback,
        POSTED_BYTES_MAX,
        body -> posted(path, body, response, callback),
        callback::failed);
    return true;
  }

  private void posted(String path, byte[] body, Response response, Callback callback) {
    String[] parts = path.substring(Math.min(path.length(), PREFIX.length())).split("/", -1);
    if (path.equals(PREFIX + "init/error")) {
      listener.initFailed(body);
      LocalServer.send(response, callback, 202, ACCEPTED);
    } else if (parts.length == 3 && parts[0].equals("invocation")) {
      Invocation invocation = take(parts[1]);
      if (invocation == null) {
        refuse(response, callback, 400, "InvalidRequestID", "no such event: " + parts[1]);
      } else if (body.length > RESPONSE_BYTES_MAX) {
        String message =
            "Response payload size (%d bytes) exceeded maximum allowed payload size (%d bytes)."
                .formatted(body.length, RESPONSE_BYTES_MAX);
        invocation.complete(Outcome.Failed.of("Function.ResponseSizeTooLarge", message));
        refuse(response, callback, 413, "RequestEntityTooLarge", message);
      } else {
        boolean error = parts[2].equals("error");
        invocation.complete(error ? new Outcome.Failed(body) : new Outcome.Answered(body));
        LocalServer.send(response, callback, 202, ACCEPTED);
      }
    } else {
      refuse(response, callback, 404, "NotFound", "not in the Runtime API: " + path);
    }
  }

  private static void refuse(
      Response response, Callback callback, int status, String type, String message) {
    LocalServer.send(
        response, callback, status, Json.object("errorType", type, "errorMessage", message));
  }

  @Override
  public void close() {
    server.close();
  }
}
