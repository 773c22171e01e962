package dev.pilotlight.e2e.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The server refuses requests that are malformed, too large or too slow, and serves on.
@Timeout(300)
class ServeLimitsIT {
  private static final String LF = "\r\n";
  private static final String POST = "POST /v1/embeddings HTTP/1.1\r\nHost: a\r\n";
  private static final String TYPE = "Content-Type: application/json\r\n";
  private static final String GOOD = "{\"input\":\"hello\"}";
  private static final int BYTES_MAX = 20_000;
  private static final int HEAD_MAX = 4096;
  private static final int RECEIVE_MS = 2500;

  private static Served served;

  @BeforeAll
  static void start() {
    served =
        Served.start(
            Served.alone(),
            Map.of(
                "PILOTLIGHT_REQUEST_BYTES_MAX", Integer.toString(BYTES_MAX),
                "PILOTLIGHT_SERVE_HEAD_BYTES_MAX", Integer.toString(HEAD_MAX),
                "PILOTLIGHT_SERVE_RECEIVE_MS", Integer.toString(RECEIVE_MS)));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  /// A request, and the status of its answer; 0 if the server closes the connection without one.
  record Sent(String name, String text, int status) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Sent> requests() {
    return List.of(
        new Sent("good", POST + TYPE + "Content-Length: 17" + LF + LF + GOOD, 200),
        new Sent(
            "good in chunks",
            POST
                + TYPE
                + "Transfer-Encoding: chunked"
                + LF
                + LF
                + "8\r\n{\"input\"\r\n"
                + "9;x=y\r\n:\"hello\"}\r\n0\r\n\r\n",
            200),
        new Sent("no body", POST + TYPE + LF, 400),
        new Sent("length is no number", POST + "Content-Length: x" + LF + LF, 400),
        new Sent("length is negative", POST + "Content-Length: -5" + LF + LF, 400),
        new Sent(
            "two lengths", POST + "Content-Length: 17\r\nContent-Length: 5" + LF + LF + GOOD, 400),
        new Sent(
            "length and chunks",
            POST + "Content-Length: 4\r\nTransfer-Encoding: chunked" + LF + LF + "0\r\n\r\n",
            400),
        new Sent(
            "chunk has no length", POST + "Transfer-Encoding: chunked" + LF + LF + "zz\r\n", 400),
        new Sent("unknown coding", POST + "Transfer-Encoding: snappy" + LF + LF, 400),
        new Sent("length is too short", POST + TYPE + "Content-Length: 5" + LF + LF + GOOD, 400),
        new Sent("length is too long", POST + TYPE + "Content-Length: 99" + LF + LF + GOOD, 408),
        new Sent(
            "body is too large",
            POST + TYPE + "Content-Length: 30000" + LF + LF + " ".repeat(30_000),
            413),
        new Sent("length is far too large", POST + "Content-Length: 99999999999" + LF + LF, 413),
        new Sent(
            "chunks are too large",
            POST
                + TYPE
                + "Transfer-Encoding: chunked"
                + LF
                + LF
                + "7530\r\n"
                + " ".repeat(30_000)
                + "\r\n0\r\n\r\n",
            413));
  }

  static List<Sent> heads() {
    return List.of(
        new Sent("not HTTP", "hello\r\n\r\n", 400),
        new Sent("no version", "GET /v2\r\n\r\n", 505),
        new Sent("HTTP of the future", "GET /v2 HTTP/9.9\r\nHost: a\r\n\r\n", 505),
        new Sent("no host", "GET /v2 HTTP/1.1\r\n\r\n", 400),
        new Sent("header without name", "GET /v2 HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400),
        new Sent("folded header", "GET /v2 HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", 400),
        new Sent("zero byte in a header", "GET /v2 HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n", 400),
        new Sent(
            "head is too large",
            "GET /v2 HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(HEAD_MAX) + "\r\n\r\n",
            431),
        new Sent(
            "line is too long",
            "GET /" + "x".repeat(HEAD_MAX) + " HTTP/1.1\r\nHost: a\r\n\r\n",
            431),
        new Sent("unknown method", "BREW /v1/embeddings HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        new Sent("path outside", "GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        new Sent("zero byte in the path", "GET /v1/%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        new Sent("head never ends", "GET /v2 HTTP/1.1\r\nHost: a\r\n", 0));
  }

  @ParameterizedTest
  @MethodSource({"requests", "heads"})
  void theAnswerIsAsTheRequestDeserves(Sent sent) throws IOException {
    try (RawConnection connection = new RawConnection(served.port())) {
      connection.send(sent.text);
      RawConnection.Answer answer = connection.read();
      assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(sent.status);
    }
    assertThat(served.status("/v2/health/live")).isEqualTo(200);
  }

  @Test
  void refusedRequestsAreCountedByTheirStatus() throws IOException {
    String large = POST + TYPE + "Content-Length: 30000" + LF + LF + " ".repeat(30_000);
    String unknown = POST + "Transfer-Encoding: snappy" + LF + LF;
    served.await(() -> metric("requests_in_flight") == 0);
    double bytes = metric("request_bytes_total");
    for (String request : List.of("hello\r\n\r\n", unknown, large)) {
      int status = request.equals(large) ? 413 : 400;
      String counter = "requests_total{status=\"" + status + "\"}";
      double before = metric(counter);
      try (RawConnection connection = new RawConnection(served.port())) {
        connection.send(request);
        assertThat(connection.read().status()).isEqualTo(status);
      }
      // the server counts an answer once it is sent
      served.await(() -> metric(counter) > before);
      assertThat(metric(counter)).as(request.substring(0, 5)).isEqualTo(before + 1);
    }
    assertThat(metric("request_bytes_total") - bytes).isBetween(30_000.0, 30_100.0);
  }

  private static double metric(String name) {
    return served.metric("pilotlight_http_" + name);
  }

  @Test
  void aConnectionIsKeptAlsoAfterARefusalOfTheApi() throws IOException {
    try (RawConnection connection = new RawConnection(served.port())) {
      for (int i = 0; i < 3; i++) {
        connection.send(POST + TYPE + "Content-Length: 17" + LF + LF + GOOD);
        assertThat(connection.read().status()).isEqualTo(200);
        connection.send(POST + TYPE + "Content-Length: 1" + LF + LF + "{");
        assertThat(connection.read().status()).isEqualTo(400);
      }
      // two at once
      String one = "GET /v2/health/live HTTP/1.1\r\nHost: a\r\n\r\n";
      connection.send(one + one);
      assertThat(connection.read().status()).isEqualTo(200);
      assertThat(connection.read().status()).isEqualTo(200);
    }
  }

  @Test
  void aBodyThatDripsIsLateAlthoughBytesCome() throws IOException, InterruptedException {
    try (RawConnection connection = new RawConnection(served.port())) {
      long begun = System.nanoTime();
      connection.send(POST + TYPE + "Content-Length: 5000" + LF + LF);
      boolean lost = false;
      while (!lost && !connection.hasAnswer()) {
        Thread.sleep(200);
        lost = isLost(connection, " ");
        assertThat(elapsed(begun)).isLessThan(Duration.ofMinutes(2));
      }
      assertThat(elapsed(begun)).isGreaterThanOrEqualTo(Duration.ofMillis(RECEIVE_MS));
      if (!lost) {
        assertTimedOut(connection);
      }
    }
    assertThat(served.status("/v2/health/live")).isEqualTo(200);
  }

  private static Duration elapsed(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /// Sends text. Returns true if the connection has ended.
  private static boolean isLost(RawConnection connection, String text) {
    try {
      connection.send(text);
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  private static void assertTimedOut(RawConnection connection) throws IOException {
    RawConnection.Answer answer;
    try {
      answer = connection.read();
    } catch (SocketException _) {
      return; // a byte that came after the answer reset the connection
    }
    assertThat(answer.status()).isEqualTo(408);
    assertThat(answer.closes()).isTrue();
  }

  @Test
  @OnlyInFaults
  void aHeadThatDripsEndsTheConnection() throws IOException, InterruptedException {
    try (RawConnection connection = new RawConnection(served.port())) {
      long begun = System.nanoTime();
      connection.send("GET /v2 HTTP/1.1\r\nHost: ");
      boolean lost = false;
      while (!lost) {
        Thread.sleep(200);
        lost = isLost(connection, "a");
        assertThat(elapsed(begun)).isLessThan(Duration.ofMinutes(2));
      }
      assertThat(elapsed(begun)).isGreaterThanOrEqualTo(Duration.ofMillis(RECEIVE_MS));
    }
  }
}
