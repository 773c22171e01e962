package dev.pilotlight.runtime;

import dev.pilotlight.support.http.HttpAnswer;
import dev.pilotlight.support.http.HttpConnection;
import dev.pilotlight.support.http.HttpFailure;
import dev.pilotlight.support.http.HttpOrigin;
import dev.pilotlight.support.http.HttpRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Lambda's Runtime API over one connection. Confined to one thread.
///
/// If the server has closed the connection meanwhile, the request is sent again on a new one: the
/// Runtime API takes only one response for each invocation, so a repeated post does no harm. It may
/// refuse the second one; then it took the first.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>
final class RuntimeApi {
  /// Thrown when the Runtime API refuses a request.
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    private final String reason;

    /// @param answer of the Runtime API
    private RefusedException(String request, HttpAnswer answer) {
      super(request + " Response code: '" + answer.status() + "'.");
      reason = answer.status() + ". " + new String(answer.body(), StandardCharsets.UTF_8);
    }

    /// Status and body of the answer.
    String reason() {
      return reason;
    }
  }

  private static final String RUNTIME = "/2018-06-01/runtime/";
  private static final String INVOCATION = RUNTIME + "invocation/";
  private static final long CONNECT_NANOS = 1_000_000_000;

  /// The environment is frozen between events, for hours perhaps.
  private static final long UNLIMITED = 0;

  private static final int ACCEPTED = 202;
  private static final int SUCCESS_FIRST = 200;
  private static final int SUCCESS_LAST = 299;
  private static final int CLIENT_ERROR_FIRST = 400;
  private static final int CLIENT_ERROR_LAST = 499;
  private static final int TOO_LARGE = 413;
  private static final int CAUSE_BYTES_MAX = 1024 * 1024;

  private final HttpOrigin origin;
  private final String agent;
  private final byte[] next;
  private @Nullable HttpConnection connection;

  /// Whether the last request was sent twice.
  private boolean repeated;

  /// @param address host and port, as in `AWS_LAMBDA_RUNTIME_API`
  /// @param agent the value of `User-Agent`
  /// @throws IllegalArgumentException if there is no port
  RuntimeApi(String address, String agent) {
    int colon = address.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(
          "AWS_LAMBDA_RUNTIME_API is \"" + address + "\"; accepted: host:port");
    }
    this.origin =
        new HttpOrigin(
            false, address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    this.agent = agent;
    this.next = request("GET", INVOCATION + "next").bytes();
  }

  /// Waits for the next event.
  ///
  /// @throws IOException if there is none to come
  Invocation next() throws IOException {
    HttpAnswer answer = exchange(next);
    requireSuccess(answer, "Failed to get next.");
    return Invocation.of(answer);
  }

  /// Posts a response, which begins at the array's start.
  ///
  /// @return false if it was sent twice and the second one was refused
  boolean respond(String requestId, byte[] body, int length) throws IOException {
    HttpRequest request =
        request("POST", INVOCATION + requestId + "/response")
            .header("Content-Type", "application/json");
    HttpAnswer answer = exchange(request.bytes(body, length));
    if (repeated && isRefusalOfSecond(answer.status())) {
      return false;
    }
    requireSuccess(answer, "Failed to post invocation response.");
    return true;
  }

  /// A response that is too large was not taken the first time either.
  private static boolean isRefusalOfSecond(int status) {
    return status >= CLIENT_ERROR_FIRST && status <= CLIENT_ERROR_LAST && status != TOO_LARGE;
  }

  void fail(String requestId, FunctionError error) throws IOException {
    report(INVOCATION + requestId + "/error", error);
  }

  void failInit(FunctionError error) throws IOException {
    report(RUNTIME + "init/error", error);
  }

  private void report(String path, FunctionError error) throws IOException {
    HttpRequest request =
        request("POST", path)
            .header("Content-Type", "application/json")
            .header("Lambda-Runtime-Function-Error-Type", error.type());
    String cause = error.cause();
    if (cause != null && cause.length() < CAUSE_BYTES_MAX) {
      request.header("Lambda-Runtime-Function-XRay-Error-Cause", cause);
    }
    byte[] body = error.json().getBytes(StandardCharsets.UTF_8);
    HttpAnswer answer = exchange(request.bytes(body, body.length));
    if (answer.status() != ACCEPTED) {
      throw new RefusedException(path, answer);
    }
  }

  private HttpRequest request(String method, String path) {
    return HttpRequest.of(method, path)
        .header("Host", origin.authority())
        .header("User-Agent", agent);
  }

  private HttpAnswer exchange(byte[] request) throws IOException {
    repeated = false;
    HttpConnection idle = connection;
    if (idle != null && idle.isReusable()) {
      try {
        return exchange(idle, request);
      } catch (HttpFailure e) {
        if (e.answerBegun()) {
          throw e;
        }
        repeated = true;
      }
    }
    if (idle != null) {
      idle.close();
    }
    return exchange(HttpConnection.open(origin, CONNECT_NANOS), request);
  }

  /// After a failure the connection is not used again, also after an error of the virtual machine:
  /// the rest of an answer could be taken for the next one.
  private HttpAnswer exchange(HttpConnection at, byte[] request) throws HttpFailure {
    connection = null;
    try {
      HttpAnswer answer = at.exchange(request, UNLIMITED, UNLIMITED, Integer.MAX_VALUE);
      connection = at;
      return answer;
    } finally {
      if (connection == null) {
        at.close();
      }
    }
  }

  private static void requireSuccess(HttpAnswer answer, String otherwise) throws RefusedException {
    int status = answer.status();
    if (status < SUCCESS_FIRST || status > SUCCESS_LAST) {
      throw new RefusedException(otherwise, answer);
    }
  }
}
