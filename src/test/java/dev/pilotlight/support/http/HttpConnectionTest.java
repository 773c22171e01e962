package dev.pilotlight.support.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HttpConnectionTest {
  private static final long PLENTY = Duration.ofSeconds(20).toNanos();
  private static final int BODY_MAX = 100_000;
  private static final byte[] GET = HttpRequest.of("GET", "/").header("Host", "h").bytes();

  private ScriptedServer server = ScriptedServer.start();
  private HttpConnection connection = server.connect(PLENTY);

  @AfterEach
  void stop() throws IOException {
    connection.close();
    server.close();
  }

  @Test
  void sendsHeadAndBodyTogether() throws Exception {
    server.answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    byte[] body = "hello, more".getBytes(ISO_8859_1);
    byte[] request = HttpRequest.of("POST", "/a?b=c").header("Host", "example").bytes(body, 5);
    HttpAnswer answer = connection.exchange(request, PLENTY, PLENTY, BODY_MAX);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).asString().isEqualTo("ok");
    assertThat(server.requests())
        .containsExactly("POST /a?b=c HTTP/1.1\r\nHost: example\r\nContent-Length: 5\r\n\r\nhello");
  }

  @Test
  void keepsTheConnectionForFurtherExchanges() throws Exception {
    assertThat(connection.isReused()).isFalse();
    for (int i = 0; i < 5; i++) {
      server.answers("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + i);
      assertThat(get()).isEqualTo(Integer.toString(i));
      assertThat(connection.isReusable()).isTrue();
      assertThat(connection.isReused()).isTrue();
    }
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void findsHeadersInAnyCaseWithoutWhiteSpace() throws Exception {
    server.answers(
        "HTTP/1.1 200 OK\r\nX-A:  one \r\nx-ab: two\r\nX-A: three\r\nCONTENT-LENGTH: 0\r\n\r\n");
    HttpAnswer answer = connection.exchange(GET, PLENTY, PLENTY, BODY_MAX);
    assertThat(answer.header("x-a")).isEqualTo("one");
    assertThat(answer.header("X-AB")).isEqualTo("two");
    assertThat(answer.header("x")).isNull();
    assertThat(answer.header("HTTP/1.1 200 OK\r\nX-A")).isNull();
  }

  @Test
  void readsChunksAndSkipsTrailers() throws Exception {
    server
        .answers(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n",
            "5\r\nhel",
            "lo\r\n1",
            "0;name=value\r\n0123456789abcdef\r\n0\r\nTrailer: 1\r\n",
            "Other: 2\r\n\r\n")
        .answers("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext");
    assertThat(get()).isEqualTo("hello0123456789abcdef");
    assertThat(connection.isReusable()).isTrue();
    assertThat(get()).isEqualTo("next");
  }

  @Test
  void skipsInformationalAnswers() throws Exception {
    server.answers(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n!");
    assertThat(get()).isEqualTo("!");
  }

  @ParameterizedTest
  @ValueSource(strings = {"204 No Content", "304 Not Modified"})
  void readsNoBodyWhereThereIsNone(String status) throws Exception {
    server
        .answers("HTTP/1.1 " + status + "\r\nContent-Length: 7\r\n\r\n")
        .answers("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext");
    assertThat(get()).isEmpty();
    assertThat(connection.isReusable()).isTrue();
    assertThat(get()).isEqualTo("next");
  }

  @Test
  void readsABodyWithoutLengthUntilTheConnectionEnds() throws Exception {
    server.answersAndCloses("HTTP/1.1 200 OK\r\n\r\nall", " of it".repeat(5_000));
    assertThat(get()).isEqualTo("all" + " of it".repeat(5_000));
    assertThat(connection.isReusable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nConnection: TE, Close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more"
      })
  void doesNotReuseAConnectionThatEndsOrIsOutOfStep(String answer) throws Exception {
    server.answers(answer);
    assertThat(get()).isEqualTo("ok");
    assertThat(connection.isReusable()).isFalse();
    assertThatThrownBy(this::get).isInstanceOf(HttpFailure.class);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void keepsAnOldServersConnectionIfItsHeaderAsksForIt() throws Exception {
    server.answers("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok");
    assertThat(get()).isEqualTo("ok");
    assertThat(connection.isReusable()).isTrue();
  }

  @Test
  void doesNotReuseAConnectionOnWhichBytesCameLate() throws Exception {
    server.answersSlowly(50, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 500 ?");
    assertThat(get()).isEqualTo("ok");
    while (connection.isReusable()) {
      Thread.sleep(5);
    }
    assertThatThrownBy(this::get).isInstanceOf(HttpFailure.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 3",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!",
        "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 4294967298\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX: 1\r\n folded\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 2x0 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 2000\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/2 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "\r\n\r\n",
        "<html>\r\n\r\n"
      })
  void anIncompleteOrInvalidAnswerIsAFailureOfAnAnswerThatBegan(String answer) {
    server.answersAndCloses(answer);
    HttpFailure failure = failure();
    assertThat(failure.answerBegun()).isTrue();
    assertThat(connection.isReusable()).isFalse();
  }

  /// Java cannot make an array of the length that this answer declares.
  @Test
  void anErrorAmidAnAnswerClosesTheConnection() throws Exception {
    server.answers("HTTP/1.1 200 OK\r\nContent-Length: 2147483647\r\n\r\nok");
    assertThatThrownBy(() -> connection.exchange(GET, PLENTY, PLENTY, Integer.MAX_VALUE))
        .isInstanceOf(OutOfMemoryError.class);
    assertThat(connection.isReusable()).isFalse();
    while (server.open() > 0) {
      Thread.sleep(2);
    }
  }

  @Test
  void aConnectionThatClosesWithoutAnAnswerIsAFailureBeforeAnyByte() throws Exception {
    server.answersAndCloses("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").answersAndCloses();
    assertThat(get()).isEqualTo("ok");
    HttpFailure failure = failure();
    assertThat(failure.answerBegun()).isFalse();
    assertThat(connection.isReused()).isTrue();
  }

  @Test
  void boundsTheBody() throws Exception {
    server
        .answers("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000))
        .answers("HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\n");
    assertThat(get()).hasSize(100_000);
    assertThat(failure()).hasStackTraceContaining("over 100000 bytes");
    restart();
    server.answers(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n",
        "x".repeat(100_000) + "\r\n1\r\n");
    assertThat(failure()).hasStackTraceContaining("over 100000 bytes");
    restart();
    server.answersAndCloses("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(100_001));
    assertThat(failure()).hasStackTraceContaining("over 100000 bytes");
  }

  @Test
  void aReadThatTakesTooLongEndsTheExchange() {
    long begun = System.nanoTime();
    assertThatThrownBy(() -> connection.exchange(GET, millis(60), PLENTY, BODY_MAX))
        .isInstanceOfSatisfying(
            HttpFailure.class, failure -> assertThat(failure.answerBegun()).isFalse())
        .hasCauseInstanceOf(SocketTimeoutException.class);
    assertThat(System.nanoTime() - begun).isBetween(millis(50), PLENTY / 2);
    assertThat(connection.isReusable()).isFalse();
  }

  @Test
  void anAnswerThatTricklesEndsAtTheTotalLimit() {
    String[] bytes = ("HTTP/1.1 200 OK\r\nX: " + "y".repeat(2_000)).split("", -1);
    server.answersSlowly(5, bytes);
    long begun = System.nanoTime();
    assertThatThrownBy(() -> connection.exchange(GET, PLENTY, millis(200), BODY_MAX))
        .isInstanceOfSatisfying(
            HttpFailure.class, failure -> assertThat(failure.answerBegun()).isTrue())
        .hasCauseInstanceOf(SocketTimeoutException.class);
    assertThat(System.nanoTime() - begun).isBetween(millis(190), millis(5_000));
  }

  @Test
  void withoutLimitsAnExchangeWaits() throws Exception {
    Thread later =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    Thread.sleep(300);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  server.answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                });
    assertThat(connection.exchange(GET, 0, 0, BODY_MAX).body()).asString().isEqualTo("ok");
    later.join();
  }

  @Test
  void closingEndsAWaitingExchange() throws Exception {
    Thread later =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (server.requests().isEmpty()) {
                    LockSupport.parkNanos(100_000);
                  }
                  connection.close();
                });
    assertThatThrownBy(() -> connection.exchange(GET, 0, 0, BODY_MAX))
        .isInstanceOf(HttpFailure.class);
    later.join();
  }

  private String get() throws HttpFailure {
    return new String(connection.exchange(GET, PLENTY, PLENTY, BODY_MAX).body(), ISO_8859_1);
  }

  private HttpFailure failure() {
    return Objects.requireNonNull(
        catchThrowableOfType(
            HttpFailure.class, () -> connection.exchange(GET, PLENTY, PLENTY, BODY_MAX)));
  }

  private void restart() throws IOException {
    stop();
    server = ScriptedServer.start();
    connection = server.connect(PLENTY);
  }

  private static long millis(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }
}
