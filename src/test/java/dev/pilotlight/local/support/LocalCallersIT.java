package dev.pilotlight.local.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.Parts;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.gateway.Gateway;
import dev.pilotlight.local.gateway.InvokeApi;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.runtime.AsyncInvocations;
import dev.pilotlight.local.runtime.RuntimeApi;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.template.FunctionSettings;
import dev.pilotlight.local.template.Route;
import dev.pilotlight.local.template.Routes;
import dev.pilotlight.local.template.Template;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// No listener of the local runner answers a web page of another site.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalCallersIT {
  private static final List<String> FOREIGN =
      List.of(
          "Host: evil.example",
          "Host: evil.example:%d",
          "Host: localhost.evil.example:%d",
          "Host: 127.0.0.1.nip.io:%d",
          "Host: 192.168.0.2:%d",
          "Host: 127.0.0.1:%d\r\nOrigin: https://evil.example",
          "Host: 127.0.0.1:%d\r\nOrigin: http://localhost.evil.example",
          "Host: 127.0.0.1:%d\r\nOrigin: null",
          "Host: 127.0.0.1:%d\r\nOrigin: http://evil.example:%<d",
          "Host: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1@evil.example",
          "Host: 127.0.0.1:%d\r\nSec-Fetch-Site: cross-site");

  private static final List<String> LOCAL =
      List.of(
          "Host: localhost",
          "Host: LOCALHOST:%d",
          "Host: 127.0.0.1:%d",
          "Host: [::1]:%d",
          "Host: host.docker.internal:%d",
          "Host: 127.0.0.1:%d\r\nOrigin: http://localhost:5173",
          "Host: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%<d",
          "Host: 127.0.0.1:%d\r\nOrigin: http://[::1]:%<d",
          "Host: 127.0.0.1:%d\r\nSec-Fetch-Site: same-origin");

  private final Parts parts = new Parts();
  private final Map<String, Listener> listeners = new LinkedHashMap<>();
  private S3Local s3;

  private record Listener(int port, String request) {}

  @BeforeAll
  void start() {
    Routes routes = new Routes(List.of(new Route("ANY", "/{proxy+}", "Nobody")));
    Gateway gateway =
        parts.add(new Gateway(0, routes, Map.of(), _ -> {}, Set.of(), Gateway.INTEGRATION_TIMEOUT));
    listeners.put("gateway", new Listener(gateway.port(), "GET /v1/models"));
    AsyncInvocations events =
        parts.add(new AsyncInvocations(Map.of(), Map.of(), Duration.ofMillis(1), _ -> {}));
    InvokeApi invoke = parts.add(new InvokeApi(0, Map.of(), events));
    listeners.put(
        "Invoke API",
        new Listener(invoke.port(), "POST /2015-03-31/functions/ApiFunction/invocations"));
    RuntimeApi runtime = parts.add(runtimeApi());
    listeners.put(
        "Runtime API", new Listener(runtime.port(), "GET /2018-06-01/runtime/invocation/x"));
    s3 = parts.add(S3Local.start(0, "bucket"));
    listeners.put("S3", new Listener(s3.port(), "GET /bucket"));
    DynamoLocal dynamo = parts.add(DynamoLocal.start(0));
    listeners.put("DynamoDB", new Listener(dynamo.port(), "POST /"));
  }

  @AfterAll
  void stop() {
    parts.close();
  }

  Stream<Arguments> foreign() {
    return listeners.keySet().stream()
        .flatMap(name -> FOREIGN.stream().map(headers -> Arguments.of(name, headers)));
  }

  Stream<Arguments> local() {
    return listeners.keySet().stream()
        .flatMap(name -> LOCAL.stream().map(headers -> Arguments.of(name, headers)));
  }

  @ParameterizedTest
  @MethodSource
  void foreign(String name, String headers) throws IOException {
    String answer = send(name, headers);
    assertThat(answer).startsWith("HTTP/1.1 403 ");
    assertThat(answer.toLowerCase(Locale.ROOT)).doesNotContain("access-control-");
  }

  @ParameterizedTest
  @MethodSource
  void local(String name, String headers) throws IOException {
    assertThat(send(name, headers)).startsWith("HTTP/1.1 ").doesNotStartWith("HTTP/1.1 403 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway", "Invoke API", "Runtime API", "S3", "DynamoDB"})
  void urlWithAnotherHostIsRefused(String name) throws IOException {
    Listener listener = listener(name);
    String request =
        "GET http://evil.example/bucket HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assertThat(exchange(listener.port, request)).matches("(?s)HTTP/1.1 40[03] .*");
  }

  @Test
  void preflightOfAForeignPageGetsNoPermission() throws IOException {
    for (Listener listener : listeners.values()) {
      String request =
          """
          OPTIONS / HTTP/1.1\r
          Host: 127.0.0.1\r
          Origin: https://evil.example\r
          Access-Control-Request-Method: POST\r
          Connection: close\r
          \r
          """;
      assertThat(exchange(listener.port, request))
          .startsWith("HTTP/1.1 403 ")
          .doesNotContain("Access-Control-Allow");
    }
  }

  @Test
  void refusalNamesTheAcceptedHosts() throws IOException {
    assertThat(send("gateway", "Host: evil.example"))
        .contains(
            "\"message\":\"Host is 'evil.example'; accepted: localhost, 127.0.0.1, [::1],"
                + " host.docker.internal\"");
    assertThat(send("S3", "Host: 127.0.0.1\r\nOrigin: https://evil.example"))
        .contains("<Code>AccessDenied</Code>")
        .contains("pages of https://evil.example may not call this server");
  }

  @Test
  void objectPostedByAFormOfAnotherSiteIsNotKept() throws IOException {
    String form = "--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n--b--\r\n";
    String request =
        "POST /bucket HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: https://evil.example\r\n"
            + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: "
            + form.length()
            + "\r\nConnection: close\r\n\r\n"
            + form;
    assertThat(exchange(s3.port(), request)).startsWith("HTTP/1.1 403 ");
    try (var client = s3.client()) {
      assertThat(client.listObjectsV2(of -> of.bucket("bucket")).contents()).isEmpty();
    }
  }

  @Test
  void pagesOfTheTemplatesOriginsMayCallTheGateway() throws Exception {
    Routes routes = new Routes(List.of());
    Set<String> origins =
        Template.parse(
                """
                Resources:
                  Api:
                    Type: AWS::ApiGatewayV2::Api
                    Properties:
                      CorsConfiguration:
                        AllowOrigins: [https://app.example]
                """)
            .corsOrigins();
    try (Gateway gateway =
        new Gateway(0, routes, Map.of(), _ -> {}, origins, Gateway.INTEGRATION_TIMEOUT)) {
      String head = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nOrigin: ";
      assertThat(exchange(gateway.port(), head + "https://app.example\r\n\r\n"))
          .startsWith("HTTP/1.1 404 ");
      assertThat(exchange(gateway.port(), head + "https://other.example\r\n\r\n"))
          .startsWith("HTTP/1.1 403 ");
    }
  }

  @Test
  void redisClosesAConnectionThatSendsHttp() throws IOException {
    try (RedisServer redis = RedisServer.start(0)) {
      String request = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nSET a b\r\n";
      exchange(redis.port(), request);
      try (var jedis = redis.jedis()) {
        assertThat(jedis.exists("a")).isFalse();
      }
    }
  }

  private String send(String name, String headers) throws IOException {
    Listener listener = listener(name);
    String length = listener.request.startsWith("POST") ? "Content-Length: 0\r\n" : "";
    return exchange(
        listener.port,
        listener.request
            + " HTTP/1.1\r\nConnection: close\r\n"
            + length
            + headers.formatted(listener.port)
            + "\r\n\r\n");
  }

  private Listener listener(String name) {
    return Objects.requireNonNull(listeners.get(name));
  }

  private static String exchange(int port, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private static RuntimeApi runtimeApi() {
    FunctionSettings function =
        new FunctionSettings("F", "x::y", Duration.ofSeconds(1), 128, Map.of());
    return new RuntimeApi(
        "runtime-api",
        function,
        new RuntimeApi.Listener() {
          @Override
          public void waiting() {}

          @Override
          public void initFailed(byte[] error) {}
        });
  }
}
