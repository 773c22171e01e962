package dev.pilotlight.local.gateway;

import dev.pilotlight.local.runtime.AsyncInvocations;
import dev.pilotlight.local.runtime.Environment;
import dev.pilotlight.local.runtime.EnvironmentPool;
import dev.pilotlight.local.runtime.Invocation;
import dev.pilotlight.local.runtime.Launch;
import dev.pilotlight.local.runtime.Outcome;
import dev.pilotlight.local.support.BodyReader;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.local.support.LocalCallers;
import dev.pilotlight.local.support.LocalServer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Lambda's Invoke API on 127.0.0.1, for `aws lambda invoke --endpoint-url` and the SDKs. It does
/// not check signatures. Thread-safe.
///
/// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
public final class InvokeApi extends Handler.Abstract.NonBlocking implements AutoCloseable {
  private static final Pattern PATH =
      Pattern.compile("/2015-03-31/functions/(?:[^/]*:function:)?([^/:]+)(?::[^/]*)?/invocations");
  private static final String REQUEST_ID = "x-amzn-requestid";
  private static final int EVENT_BYTES_MAX = 6_291_456;
  private static final int ASYNC_EVENT_BYTES_MAX = 1_048_576;
  private static final int READ_BYTES_MAX = 16 * 1024 * 1024;
  private static final int LOG_TAIL_BYTES = 4096;
  private static final Duration IDLE = Duration.ofSeconds(75);

  /// The log comes through another pipe, later than the answer.
  private static final Executor LOG_ARRIVES =
      CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS, Thread::startVirtualThread);

  private static final Outcome GONE =
      new Outcome.Rejected(499, "ServiceException", "the client has gone");

  private final Map<String, EnvironmentPool> functions;
  private final AsyncInvocations events;
  private final LocalServer server;

  /// @param functions by logical id, which is also their name here
  /// @param events takes invocations of type `Event`
  @SuppressWarnings("this-escape") // the last statement
  public InvokeApi(int port, Map<String, EnvironmentPool> functions, AsyncInvocations events) {
    this.functions = Map.copyOf(functions);
    this.events = events;
    server =
        LocalServer.start(
            "the Invoke API",
            port,
            IDLE,
            LocalCallers.only(this, LocalCallers.Shape.JSON),
            (request, response, callback) -> {
              refuse(response, callback, response.getStatus(), "ServiceException", "not HTTP");
              return true;
            });
  }

  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String path = request.getHttpURI().getDecodedPath();
    Matcher named = PATH.matcher(path == null ? "" : path);
    if (!named.matches() || !request.getMethod().equals("POST")) {
      refuse(
          response,
          callback,
          404,
          "UnknownOperationException",
          "the only operation here is Invoke");
      return true;
    }
    EnvironmentPool pool = functions.get(named.group(1));
    if (pool == null) {
      refuse(
          response,
          callback,
          404,
          "ResourceNotFoundException",
          "Function not found: %s; here are %s"
              .formatted(Launch.arn(named.group(1)), functions.keySet()));
      return true;
    }
    BodyReader.read(
        request,
        callback,
        READ_BYTES_MAX,
        body -> invoke(pool, body, request, response, callback),
        failure -> refuseBody(failure, response, callback));
    return true;
  }

  private void invoke(
      EnvironmentPool pool, byte[] body, Request request, Response response, Callback callback) {
    String type = header(request, "x-amz-invocation-type", "RequestResponse");
    boolean async = type.equals("Event");
    int bytesMax = async ? ASYNC_EVENT_BYTES_MAX : EVENT_BYTES_MAX;
    byte[] event = body.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : body;
    if (event.length > bytesMax) {
      tooLarge(response, callback, bytesMax);
    } else if (!Json.isValid(event)) {
      refuse(
          response,
          callback,
          400,
          "InvalidRequestContentException",
          "Could not parse request body into json: it is not one JSON value");
    } else if (type.equals("DryRun")) {
      empty(response, callback, 204);
    } else if (async) {
      Invocation accepted = invocation(event, request);
      events.accept(pool.function().name(), accepted);
      response.getHeaders().put(REQUEST_ID, accepted.requestId());
      empty(response, callback, 202);
    } else if (type.equals("RequestResponse")) {
      Invocation invocation = invocation(event, request);
      server.watch(request, () -> pool.withdraw(invocation, GONE));
      boolean tail = header(request, "x-amz-log-type", "None").equals("Tail");
      var _ =
          pool.invoke(invocation)
              .thenAcceptAsync(
                  outcome -> answer(invocation, outcome, tail, response, callback),
                  tail ? LOG_ARRIVES : Runnable::run);
    } else {
      refuse(
          response,
          callback,
          400,
          "InvalidParameterValueException",
          "X-Amz-Invocation-Type is RequestResponse, Event or DryRun");
    }
  }

  private static Invocation invocation(byte[] event, Request request) {
    String context = request.getHeaders().get("x-amz-client-context");
    String decoded = null;
    if (context != null) {
      decoded = new String(Base64.getMimeDecoder().decode(context), StandardCharsets.UTF_8);
    }
    String trace = header(request, "x-amzn-trace-id", Invocation.NO_TRACE);
    return new Invocation(event, trace, decoded);
  }

  private static void answer(
      Invocation invocation, Outcome outcome, boolean tail, Response response, Callback callback) {
    response.getHeaders().put(REQUEST_ID, invocation.requestId());
    response.getHeaders().put("x-amz-executed-version", "$LATEST");
    Environment environment = invocation.environment();
    if (tail && environment != null) {
      response.getHeaders().put("x-amz-log-result", logResult(environment));
    }
    switch (outcome) {
      case Outcome.Answered answered ->
          LocalServer.send(response, callback, 200, answered.payload());
      case Outcome.Failed failed -> {
        response.getHeaders().put("x-amz-function-error", "Unhandled");
        LocalServer.send(response, callback, 200, failed.payload());
      }
      case Outcome.Rejected rejected ->
          refuse(response, callback, rejected.status(), rejected.type(), rejected.message());
    }
  }

  private static String logResult(Environment environment) {
    byte[] all = String.join("\n", environment.log()).getBytes(StandardCharsets.UTF_8);
    int from = Math.max(0, all.length - LOG_TAIL_BYTES);
    ByteBuffer last = ByteBuffer.wrap(all, from, all.length - from).slice();
    return StandardCharsets.US_ASCII.decode(Base64.getEncoder().encode(last)).toString();
  }

  private static void refuseBody(Throwable failure, Response response, Callback callback) {
    switch (failure) {
      case BodyReader.TooLarge _ -> tooLarge(response, callback, EVENT_BYTES_MAX);
      case BodyReader.NoRoom _ ->
          refuse(response, callback, 429, "TooManyRequestsException", "Rate Exceeded.");
      default -> callback.failed(failure);
    }
  }

  private static void tooLarge(Response response, Callback callback, int bytesMax) {
    String message =
        "Request must be smaller than %d bytes for the InvokeFunction operation"
            .formatted(bytesMax);
    refuse(response, callback, 413, "RequestTooLargeException", message);
  }

  private static void empty(Response response, Callback callback, int status) {
    response.setStatus(status);
    response.write(true, ByteBuffer.allocate(0), callback);
  }

  private static void refuse(
      Response response, Callback callback, int status, String type, String message) {
    response.getHeaders().put("x-amzn-errortype", type);
    if (status == 429) {
      response.getHeaders().put("retry-after", "1");
    }
    LocalServer.send(response, callback, status, Json.object("Type", "User", "Message", message));
  }

  private static String header(Request request, String name, String fallback) {
    @Nullable String value = request.getHeaders().get(name);
    return value == null ? fallback : value;
  }
}
