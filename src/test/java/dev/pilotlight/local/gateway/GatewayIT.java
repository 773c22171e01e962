package dev.pilotlight.local.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.support.Await;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayIT {
  private static HttpEcho echo;

  @BeforeAll
  static void start() {
    echo = new HttpEcho();
  }

  @AfterAll
  static void stop() {
    echo.close();
  }

  @Test
  void connectionIsKeptForTheNextRequest() throws Exception {
    String one = "GET /any/1 HTTP/1.1\r\nHost: localhost\r\n\r\n";
    String two = "GET /any/2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assertThat(echo.raw(one + two)).contains("\"rawPath\":\"/any/1\"", "\"rawPath\":\"/any/2\"");
  }

  @Test
  void anUnknownRouteIsTheGatewaysOwn404() throws Exception {
    HttpResponse<byte[]> response = echo.send(echo.request("/v1/embeddings").GET());
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(new String(response.body(), UTF_8)).isEqualTo("{\"message\":\"Not Found\"}");
    assertThat(response.headers().firstValue("apigw-requestid")).isPresent();
  }

  @Test
  void headsUpToTheLimitPassAndLongerOnesAre431() throws Exception {
    HttpRequest.Builder fits = echo.request("/any/x").GET().header("x-long", "y".repeat(10_000));
    HttpRequest.Builder over = echo.request("/any/x").GET().header("x-long", "y".repeat(10_300));
    HttpRequest.Builder farOver =
        echo.request("/any/x").GET().header("x-long", "y".repeat(100_000));
    HttpRequest.Builder longPath = echo.request("/any/" + "x".repeat(100_000)).GET();
    assertThat(echo.send(fits).statusCode()).isEqualTo(200);
    assertThat(echo.send(over).statusCode()).isEqualTo(431);
    assertThat(echo.send(farOver).statusCode()).isEqualTo(431);
    assertThat(echo.send(longPath).statusCode()).isEqualTo(431);
  }

  @Test
  void bodiesOverTenMegabytesAndEventsOverSixAre413() throws Exception {
    byte[] fits = new byte[4_500_000];
    byte[] eventOver = new byte[4_800_000];
    byte[] over = new byte[10 * 1024 * 1024 + 1];
    assertThat(
            echo.send(echo.post("/any/x", fits).header("x-reply", HttpEcho.base64("1")))
                .statusCode())
        .isEqualTo(200);
    assertThat(echo.send(echo.post("/any/x", eventOver)).statusCode()).isEqualTo(413);
    HttpResponse<byte[]> response = echo.send(echo.post("/any/x", over));
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(new String(response.body(), UTF_8))
        .isEqualTo("{\"message\":\"Request Entity Too Large\"}");
    HttpRequest.BodyPublisher chunked = BodyPublishers.ofInputStream(() -> new Zeros(over.length));
    assertThat(echo.send(echo.request("/any/x").POST(chunked)).statusCode()).isEqualTo(413);
  }

  @Test
  void responseHasTheFunctionsStatusHeadersAndBody() throws Exception {
    HttpResponse<byte[]> response =
        echo.reply(
            """
            {"statusCode":201,"headers":{"Content-Type":"application/octet-stream","X-N":7},
             "multiValueHeaders":{"x-many":["a","b"]},"cookies":["c=1","d=2"],
             "body":"AAH/","isBase64Encoded":true}""");
    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.body()).containsExactly(0, 1, 0xff);
    assertThat(response.headers().allValues("content-type"))
        .containsExactly("application/octet-stream");
    assertThat(response.headers().firstValue("x-n")).contains("7");
    assertThat(response.headers().allValues("x-many")).containsExactly("a", "b");
    assertThat(response.headers().allValues("set-cookie")).containsExactly("c=1", "d=2");
  }

  @Test
  void anAnswerWithoutAStatusIsTheBodyOfA200() throws Exception {
    HttpResponse<byte[]> object = echo.reply("{\"a\":1}");
    assertThat(object.statusCode()).isEqualTo(200);
    assertThat(new String(object.body(), UTF_8)).isEqualTo("{\"a\":1}");
    assertThat(object.headers().firstValue("content-type")).contains("application/json");
    assertThat(new String(echo.reply("\"text\"").body(), UTF_8)).isEqualTo("text");
    HttpResponse<byte[]> untyped = echo.reply("{\"statusCode\":200,\"body\":\"é\"}");
    assertThat(untyped.headers().firstValue("content-type")).contains("text/plain;charset=UTF-8");
    assertThat(echo.reply("{\"statusCode\":204}").body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no JSON",
        "{\"statusCode\":\"200\"}",
        "{\"statusCode\":99}",
        "{\"statusCode\":200,\"body\":{}}",
        "{\"statusCode\":200,\"body\":\"*\",\"isBase64Encoded\":true}",
        "{\"statusCode\":200,\"headers\":[]}",
        "{\"statusCode\":200,\"headers\":{\"a\":\"b\\r\\nc: d\"}}"
      })
  void aMalformedAnswerIs500(String answer) throws Exception {
    HttpResponse<byte[]> response = echo.reply(answer);
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(new String(response.body(), UTF_8))
        .isEqualTo("{\"message\":\"Internal Server Error\"}");
  }

  @ParameterizedTest
  @CsvSource({"throw it,500", "exit 1,500", "large 6291600,500", "sleep 5000,503"})
  void failedInvocationIsAnErrorOfTheGateway(String order, int status) throws Exception {
    assertThat(echo.send(echo.orderedBy(order)).statusCode()).isEqualTo(status);
  }

  @Test
  void eachOfManyClientsGetsItsAnswer() {
    List<CompletableFuture<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String path = "/any/" + i;
      all.add(
          echo.client()
              .sendAsync(echo.request(path).GET().build(), BodyHandlers.ofString())
              .thenApply(answer -> answer.body().contains("\"rawPath\":\"" + path + "\"")));
    }
    assertThat(all).allMatch(CompletableFuture::join);
  }

  @Test
  void requestIsLoggedWithRouteStatusTierAndEnvironment() throws Exception {
    String answer = "{\"statusCode\":200,\"headers\":{\"cache-status\":\"x; hit; detail=redis\"}}";
    assertThat(echo.reply(answer).statusCode()).isEqualTo(200);
    Await.until(() -> echo.requests().stream().anyMatch(each -> each.tier().equals("redis")));
    RequestLog.Entry entry = echo.requests().getLast();
    assertThat(entry.route()).isEqualTo("ANY /any/{proxy+}");
    assertThat(entry.status()).isEqualTo(200);
    assertThat(entry.tier()).isEqualTo("redis");
    assertThat(entry.environment()).isPositive();
    assertThat(entry.ms()).isBetween(0.01, 20_000.0);
  }

  /// So many zero bytes.
  private static final class Zeros extends InputStream {
    private int left;

    Zeros(int count) {
      left = count;
    }

    @Override
    public int read() {
      return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] into, int from, int length) {
      if (left <= 0) {
        return -1;
      }
      int count = Math.min(left, length);
      Arrays.fill(into, from, from + count, (byte) 0);
      left -= count;
      return count;
    }
  }
}
