package dev.pilotlight.local.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayEventsIT {
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
  void eventHasEveryFieldOfTheFormat() throws Exception {
    HttpResponse<byte[]> response =
        echo.send(
            echo.request("/v1/results/a%20b%2Fc?x=1&y=a%20b&x=2&z").GET().header("X-One", "1"));
    String event = new String(response.body(), UTF_8);
    assertThat(response.statusCode()).isEqualTo(404); // an encoded slash is a slash by then
    assertThat(event).isEqualTo("{\"message\":\"Not Found\"}");

    event =
        echo.event(echo.request("/v1/results/a%20b?x=1&y=a%20b&x=2&z").GET().header("X-One", "1"));
    assertThat(event)
        .contains("\"version\":\"2.0\"")
        .contains("\"routeKey\":\"GET /v1/results/{id}\"")
        .contains("\"rawPath\":\"/v1/results/a b\"")
        .contains("\"rawQueryString\":\"x=1&y=a%20b&x=2&z\"")
        .contains("\"queryStringParameters\":{\"x\":\"1,2\",\"y\":\"a b\",\"z\":\"\"}")
        .contains("\"pathParameters\":{\"id\":\"a b\"}")
        .contains("\"x-one\":\"1\"")
        .contains("\"content-length\":\"0\"")
        .contains("\"x-forwarded-for\":\"127.0.0.1\"")
        .contains("\"method\":\"GET\",\"path\":\"/v1/results/a b\",\"protocol\":\"HTTP/1.1\"")
        .contains("\"sourceIp\":\"127.0.0.1\",\"userAgent\":\"Java-http-client")
        .contains("\"stage\":\"$default\"")
        .containsPattern("\"time\":\"\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000\"")
        .containsPattern("\"timeEpoch\":\\d{13}")
        .contains("\"isBase64Encoded\":false")
        .doesNotContain("\"body\"")
        .doesNotContain("cookies");
  }

  @Test
  void anUpgradeToHttp2IsIgnoredAndNotPassedOn() throws Exception {
    // this client asks for it with every plain-text request
    assertThat(echo.event(echo.request("/any/x").GET()))
        .doesNotContain("h2c")
        .doesNotContain("upgrade");
  }

  @Test
  void repeatedHeadersAreJoinedAndCookiesHaveAnotherField() throws Exception {
    String answer =
        echo.raw(
            "GET /any/x HTTP/1.1\r\nHost: localhost\r\nX-A: 1\r\nx-a: 2\r\nCookie: a=1; b=2\r\n"
                + "Connection: close\r\n\r\n");
    assertThat(answer)
        .contains("\"x-a\":\"1,2\"")
        .contains("\"cookies\":[\"a=1\",\"b=2\"]")
        .contains("\"host\":\"localhost\"")
        .doesNotContain("\"cookie\"")
        .doesNotContain("\"connection\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/json; charset=utf-8",
        "text/plain",
        "Text/CSV; charset=\"UTF-8\"",
        "application/xml"
      })
  void bodyOfATextTypeIsNotBase64(String type) throws Exception {
    String event =
        echo.event(echo.post("/any/x", "{\"é\":1}".getBytes(UTF_8)).header("content-type", type));
    assertThat(event)
        .contains("\"body\":\"{\\\"é\\\":1}\",\"isBase64Encoded\":false")
        .contains("\"content-length\":\"8\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/octet-stream",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/vnd.api+json",
        "text/plain; charset=iso-8859-1",
        "image/png",
        ""
      })
  void everythingElseIsBase64(String type) throws Exception {
    byte[] body = {0, 1, (byte) 0xff, 'a'};
    HttpRequest.Builder post = echo.post("/any/x", body);
    String event = echo.event(type.isEmpty() ? post : post.header("content-type", type));
    assertThat(event).contains("\"body\":\"AAH/YQ==\",\"isBase64Encoded\":true");
  }

  @Test
  void anEncodedBodyIsBase64WhateverItsType() throws Exception {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write("{}".getBytes(UTF_8));
    }
    String event =
        echo.event(
            echo.post("/any/x", zipped.toByteArray())
                .header("content-type", "application/json")
                .header("content-encoding", "gzip"));
    assertThat(event)
        .contains("\"body\":\"" + Base64.getEncoder().encodeToString(zipped.toByteArray()))
        .contains("\"isBase64Encoded\":true");
  }

  @Test
  void textThatIsNotUtf8ArrivesAsTheBytesThatWereSent() throws Exception {
    byte[] latin1 = "{\"input\":\"caf\u00e9\"}".getBytes(ISO_8859_1);
    byte[] cut = {'"', (byte) 0xe2, (byte) 0x82, '"'};
    byte[] surrogate = {(byte) 0xed, (byte) 0xa0, (byte) 0x80};
    for (String type : List.of("application/json", "text/plain; charset=utf-8", "text/csv")) {
      for (byte[] body : List.of(latin1, cut, surrogate)) {
        assertThat(echo.event(echo.post("/any/x", body).header("content-type", type)))
            .contains("\"body\":\"" + Base64.getEncoder().encodeToString(body) + "\"")
            .contains("\"isBase64Encoded\":true");
      }
    }
  }

  @Test
  void chunkedBodyArrivesWholeWithItsLength() throws Exception {
    String answer =
        echo.raw(
            "POST /any/x HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    assertThat(answer)
        .contains("\"body\":\"abcde\"")
        .contains("\"content-length\":\"5\"")
        .doesNotContain("transfer-encoding");
  }

  @Test
  void clientThatExpectsAContinueGetsIt() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), echo.port())) {
      socket.setSoTimeout(10_000);
      String head =
          "POST /any/x HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
              + "Content-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(US_ASCII));
      byte[] interim = socket.getInputStream().readNBytes("HTTP/1.1 100".length());
      assertThat(new String(interim, US_ASCII)).isEqualTo("HTTP/1.1 100");
      socket.getOutputStream().write("ok".getBytes(US_ASCII));
      String rest = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(rest).contains("\"body\":\"ok\"").doesNotContain("\"expect\"");
    }
  }
}
