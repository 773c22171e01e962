package dev.pilotlight.bench.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WireConnectionTest {
  private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
  private final WireConnection connection = new WireConnection(server.accept());

  WireConnectionTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
  }

  private void send(String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private WireConnection.Call read() throws IOException {
    return Objects.requireNonNull(connection.read());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "content-length: 11\r\n\r\nhello world",
        "Content-Length:11\r\nAccept: */*\r\n\r\nhello world",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
      })
  void aBodyIsReadWholeAndTheNextRequestAfterIt(String rest) throws IOException {
    send("POST /invocation/1/response HTTP/1.1\r\n" + rest + "GET /next HTTP/1.1\r\n\r\n");
    client.shutdownOutput();

    WireConnection.Call posted = read();
    assertThat(posted.path()).isEqualTo("/invocation/1/response");
    assertThat(posted.body()).asString().isEqualTo("hello world");
    assertThat(read().path()).isEqualTo("/next");
    assertThat(connection.read()).isNull();
  }

  @Test
  void whoeverAsksBeforeSendingABodyIsToldToGoOn() throws IOException {
    send("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok");

    assertThat(read().body()).asString().isEqualTo("ok");
    assertThat(client.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 100");
  }

  @Test
  void anEventHasTheHeadersOfTheRuntimeApi() {
    assertThat(WireConnection.event("{}".getBytes(StandardCharsets.US_ASCII)))
        .asString()
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("\r\nLambda-Runtime-Aws-Request-Id: ", "\r\nContent-Length: 2\r\n")
        .endsWith("\r\n\r\n{}");
  }
}
