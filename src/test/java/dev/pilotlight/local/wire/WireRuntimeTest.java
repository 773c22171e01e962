package dev.pilotlight.local.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WireRuntimeTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "content-length: 11\r\n\r\nhello world",
        "Content-Length:11\r\nAccept: */*\r\n\r\nhello world",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
      })
  void aBodyIsReadWholeAndTheNextRequestAfterIt(String rest) throws IOException {
    InputStream in =
        bytes("POST /invocation/1/response HTTP/1.1\r\n" + rest + "GET /next HTTP/1.1\r\n\r\n");

    WireRuntime.Call posted = read(in);
    assertThat(posted.path()).isEqualTo("/invocation/1/response");
    assertThat(posted.body()).asString().isEqualTo("hello world");
    assertThat(read(in).path()).isEqualTo("/next");
    assertThat(WireRuntime.read(in, out)).isNull();
    assertThat(out.size()).isZero();
  }

  @Test
  void aClientThatExpectsContinueGetsIt() throws IOException {
    InputStream in =
        bytes("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok");

    assertThat(read(in).body()).asString().isEqualTo("ok");
    assertThat(out).asString().startsWith("HTTP/1.1 100");
  }

  @Test
  void anEventHasTheHeadersOfTheRuntimeApi() {
    assertThat(WireRuntime.answer("{}".getBytes(StandardCharsets.US_ASCII)))
        .asString()
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("\r\nLambda-Runtime-Aws-Request-Id: ", "\r\nContent-Length: 2\r\n")
        .endsWith("\r\n\r\n{}");
  }

  private WireRuntime.Call read(InputStream in) throws IOException {
    return Objects.requireNonNull(WireRuntime.read(in, out));
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }
}
