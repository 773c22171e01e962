package dev.pilotlight.serve;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.protocol.http.HttpRequest;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The rules of API Gateway, with the values that the function gets. The local gateway has the same
/// code, so comparing answers with it finds no fault of these rules.
final class HeadTest {
  private static final Server SERVER = new Server();
  private static final LocalConnector CONNECTOR = connector();
  private static final AtomicReference<@Nullable HttpRequest> READ = new AtomicReference<>();

  private static LocalConnector connector() {
    HttpConfiguration http = new HttpConfiguration();
    http.setUriCompliance(UriCompliance.UNSAFE); // as the server has it
    return new LocalConnector(SERVER, new HttpConnectionFactory(http));
  }

  @BeforeAll
  static void start() throws Exception {
    SERVER.addConnector(CONNECTOR);
    SERVER.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            READ.set(Head.of(request, new byte[0]));
            callback.succeeded();
            return true;
          }
        });
    SERVER.start();
  }

  @AfterAll
  static void stop() throws Exception {
    SERVER.stop();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/results/a%20b, /v1/results/a b",
    "/v1/results/a%2Fb, /v1/results/a/b",
    "/v1/results/caf%C3%A9, /v1/results/café",
    "/v1/results/a+b, /v1/results/a+b",
    "/v1/results/a%2Bb, /v1/results/a+b",
    "/v1/results/a%2520b, /v1/results/a%20b",
    "/v1/results/a%3Fb?c=1, /v1/results/a"
  })
  void pathIsDecodedOnce(String sent, String path) throws Exception {
    assertThat(read(sent).path()).isEqualTo(path);
  }

  @Test
  void pathWithAnInvalidEscapeIsRefused() throws Exception {
    assertThat(answer("/v1/results/a%zz")).startsWith("HTTP/1.1 400 ");
    assertThat(READ.get()).isNull();
  }

  @Test
  void parametersAreDecodedAndRepeatedOnesAreJoined() throws Exception {
    HttpRequest request = read("/a?x=1&y=a+b%26c&x=2&z&e=&=v&&q=a=b%zz&%C3%A9=%2B");
    assertThat(request.query())
        .isEqualTo(
            Map.of("x", "1,2", "y", "a b&c", "z", "", "e", "", "", "v", "q", "a=b%zz", "é", "+"));
    assertThat(request.rawQuery()).isEqualTo("x=1&y=a+b%26c&x=2&z&e=&=v&&q=a=b%zz&%C3%A9=%2B");
  }

  @ParameterizedTest
  @CsvSource({"/a", "/a?", "/a?&"})
  void queryMayBeEmpty(String sent) throws Exception {
    assertThat(read(sent).query()).isEmpty();
  }

  @Test
  void repeatedHeadersAreJoinedAndThoseOfTheConnectionAreLeftOut() throws Exception {
    HttpRequest request =
        read(
            "/a",
            "X-A: 1",
            "Accept: text/csv",
            "x-a: 2",
            "X-Empty:",
            "Cookie: a=1",
            "Expect: 100-continue",
            "HTTP2-Settings: x",
            "Keep-Alive: timeout=5",
            "Proxy-Connection: close",
            "TE: trailers",
            "Trailer: x-b",
            "Transfer-Encoding: chunked");
    assertThat(request.headers())
        .isEqualTo(Map.of("host", "localhost", "x-a", "1,2", "accept", "text/csv", "x-empty", ""));
    assertThat(request.authorizer()).isEmpty();
  }

  private static HttpRequest read(String target, String... headers) throws Exception {
    String answer = answer(target, headers);
    return requireNonNull(READ.get(), answer);
  }

  private static String answer(String target, String... headers) throws Exception {
    READ.set(null);
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return CONNECTOR.getResponse(
        "GET %s HTTP/1.1\r\nHost: localhost\r\n%sConnection: close\r\n\r\n0\r\n\r\n"
            .formatted(target, more));
  }
}
