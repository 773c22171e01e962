package dev.pilotlight.local.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.runtime.AsyncInvocations;
import dev.pilotlight.local.runtime.Echo;
import dev.pilotlight.local.support.Await;
import dev.pilotlight.local.support.Ports;
import dev.pilotlight.local.template.AsyncSettings;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InvokeApiIT {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static Echo echo;
  private static AsyncInvocations events;
  private static InvokeApi api;

  @BeforeAll
  static void start() {
    echo = new Echo(1, 10, Duration.ofSeconds(20));
    events = echo.asynchronous(AsyncSettings.of(Echo.NAME, Map.of()));
    api = new InvokeApi(0, Map.of(Echo.NAME, echo.pool), events);
    echo.pool.start().join();
  }

  @AfterAll
  static void stop() {
    api.close();
    events.close();
    echo.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EchoFunction",
        "EchoFunction:live",
        "arn:aws:lambda:us-east-1:123456789012:function:EchoFunction",
        "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3AEchoFunction%3Alive"
      })
  void functionIsInvokedByNameAliasOrArn(String name) throws Exception {
    HttpResponse<String> answer = invoke(name, "{\"do\":\"env FROM_TEMPLATE\"}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("\"yes\"");
    assertThat(answer.headers().firstValue("x-amz-executed-version")).contains("$LATEST");
    assertThat(answer.headers().firstValue("x-amz-function-error")).isEmpty();
  }

  @Test
  void eventOfAClientThatHasGoneIsRemovedFromTheQueue() throws Exception {
    var running = echo.pool.invoke(Echo.order("sleep 1500"));
    String request =
        "POST /2015-03-31/functions/EchoFunction/invocations HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Length: 2\r\n\r\n{}";
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
      client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      Await.until(() -> echo.pool.queued() == 1);
    }
    Await.until(() -> echo.pool.queued() == 0);
    assertThat(running).isNotDone();
    running.join();
  }

  @Test
  void theFunctionsErrorIsA200WithAHeader() throws Exception {
    HttpResponse<String> answer = invoke(Echo.NAME, "{\"do\":\"throw on purpose\"}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-amz-function-error")).contains("Unhandled");
    assertThat(answer.body())
        .contains("\"errorMessage\":\"on purpose\"")
        .contains("\"errorType\":\"java.lang.IllegalStateException\"");
  }

  @Test
  void asynchronousEventIsAcceptedAtOnceAndRunsLater() throws Exception {
    HttpResponse<String> answer =
        invoke(Echo.NAME, "{\"do\":\"log it ran\"}", "x-amz-invocation-type", "Event");
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.body()).isEmpty();
    assertThat(invoke(Echo.NAME, "{\"do\":\"sleep 0\"}").statusCode()).isEqualTo(200);
    Await.until(() -> echo.log.stream().anyMatch(line -> line.endsWith("it ran")));
  }

  @Test
  void failedEventIsRetried() throws Exception {
    HttpResponse<String> answer =
        invoke(Echo.NAME, "{\"do\":\"fail 2\"}", "x-amz-invocation-type", "Event");
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.headers().firstValue("x-amzn-requestid")).isPresent();
    assertThat(events.awaitIdle(Duration.ofSeconds(20))).isTrue();
    assertThat(events.failures()).isEmpty();
    Await.until(() -> echo.log.stream().anyMatch(line -> line.endsWith("answered attempt 3")));
  }

  @Test
  void dryRunRunsNothing() throws Exception {
    assertThat(
            invoke(Echo.NAME, "{\"do\":\"exit 1\"}", "x-amz-invocation-type", "DryRun")
                .statusCode())
        .isEqualTo(204);
  }

  @Test
  void tailOfTheLogIsReturnedOnRequest() throws Exception {
    HttpResponse<String> answer =
        invoke(Echo.NAME, "{\"do\":\"log said in passing\"}", "x-amz-log-type", "Tail");
    String tail = answer.headers().firstValue("x-amz-log-result").orElseThrow();
    assertThat(new String(Base64.getDecoder().decode(tail), UTF_8)).contains("said in passing");
  }

  @Test
  void wrongCallsAreRefusedAsLambdaDoes() throws Exception {
    HttpResponse<String> unknown = invoke("Nobody", "{}");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.headers().firstValue("x-amzn-errortype"))
        .contains("ResourceNotFoundException");
    assertThat(unknown.body()).contains("function:Nobody", "EchoFunction");
    assertThat(invoke(Echo.NAME, "no JSON").statusCode()).isEqualTo(400);
    assertThat(invoke(Echo.NAME, "{}", "x-amz-invocation-type", "Later").statusCode())
        .isEqualTo(400);
    assertThat(invoke(Echo.NAME, "\"" + "x".repeat(6_291_455) + "\"").statusCode()).isEqualTo(413);
    String large = "\"" + "x".repeat(1_048_575) + "\"";
    assertThat(invoke(Echo.NAME, large, "x-amz-invocation-type", "Event").statusCode())
        .isEqualTo(413);
  }

  private static HttpResponse<String> invoke(String name, String event, String... headers)
      throws Exception {
    URI uri =
        URI.create(
            "http://%s:%d/2015-03-31/functions/%s/invocations"
                .formatted(Ports.HOST, api.port(), name));
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(event));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }
}
