package dev.pilotlight.local.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.support.Await;
import dev.pilotlight.serve.HeldBytes;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Clients that go before they have an answer, and too many at once.
class GatewayClientsIT {
  private static HttpEcho echo;

  @BeforeAll
  static void start() {
    echo = new HttpEcho(1);
  }

  @AfterAll
  static void stop() {
    echo.close();
  }

  @Test
  void requestsOfClientsThatHaveGoneAreRemovedFromTheQueue() throws Exception {
    CompletableFuture<HttpResponse<byte[]>> running = occupy(2000);
    long before = withStatus(499);
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      clients.add(send("GET /any/x HTTP/1.1\r\nHost: localhost\r\nDo: sleep 500\r\n\r\n"));
    }
    Await.until(() -> echo.queued() == 20);
    for (Socket client : clients) {
      client.close();
    }
    Await.until(() -> echo.queued() == 0);
    assertThat(running).isNotDone();
    HttpResponse<byte[]> next = echo.send(echo.request("/any/next").GET());
    assertThat(next.statusCode()).isEqualTo(200);
    assertThat(running.join().statusCode()).isEqualTo(200);
    assertThat(withStatus(499) - before).isEqualTo(20);
  }

  @Test
  void clientThatResetsItsConnectionHasGone() throws Exception {
    CompletableFuture<HttpResponse<byte[]>> running = occupy(2000);
    try (Socket client = send("GET /any/x HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
      Await.until(() -> echo.queued() == 1);
      client.setSoLinger(true, 0);
    }
    Await.until(() -> echo.queued() == 0);
    assertThat(running).isNotDone();
    running.join();
  }

  @Test
  void requestsThatFollowDuringAWaitAreAnsweredNext() throws Exception {
    CompletableFuture<HttpResponse<byte[]>> running = occupy(2000);
    try (Socket client = send("GET /any/1 HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
      Await.until(() -> echo.queued() == 1);
      String large = "X-Large: " + "x".repeat(9_000);
      String next = "GET /any/2 HTTP/1.1\r\nHost: localhost\r\n" + large + "\r\n\r\n";
      client.getOutputStream().write(next.getBytes(US_ASCII));
      Thread.sleep(300); // it is looked for clients that went meanwhile
      String last = "GET /any/3 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      client.getOutputStream().write(last.getBytes(US_ASCII));
      assertThat(new String(client.getInputStream().readAllBytes(), UTF_8))
          .containsSubsequence("/any/1\"", "/any/2\"", "/any/3\"");
    }
    running.join();
  }

  @Test
  @OnlyInFaults
  void queueThatIsFullOfLargeEventsRefusesWithRetryAfter() {
    // a busy machine takes seconds to send and answer the events
    try (HttpEcho patient = new HttpEcho(1, Duration.ofSeconds(30))) {
      CompletableFuture<HttpResponse<byte[]>> running = occupy(patient, 2500);
      List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        var request = patient.post("/any/x", new byte[4_000_000]).header("x-reply", "MQ==");
        all.add(patient.client().sendAsync(request.build(), BodyHandlers.ofByteArray()));
      }
      List<HttpResponse<byte[]>> answers = all.stream().map(CompletableFuture::join).toList();
      assertThat(answers).filteredOn(it -> it.statusCode() == 503).hasSizeBetween(1, 12);
      assertThat(answers)
          .filteredOn(it -> it.statusCode() == 503)
          .allSatisfy(it -> assertThat(it.headers().firstValue("retry-after")).contains("1"));
      assertThat(answers).filteredOn(it -> it.statusCode() == 200).hasSizeGreaterThan(5);
      running.join();
    }
  }

  @Test
  @OnlyInFaults
  void answerThatTakesTooLongIs503WithRetryAfter() throws Exception {
    HttpResponse<byte[]> late = echo.send(echo.orderedBy("sleep 3500"));
    assertThat(late.statusCode()).isEqualTo(503);
    assertThat(late.headers().firstValue("retry-after")).contains("1");
  }

  @Test
  void bytesHeldForAllRequestsAreBounded() {
    HeldBytes held = new HeldBytes(100);
    assertThat(held.take(60)).isTrue();
    assertThat(held.take(50)).isFalse();
    assertThat(held.take(40)).isTrue();
    held.release(60);
    assertThat(held.take(60)).isTrue();
  }

  private static CompletableFuture<HttpResponse<byte[]>> occupy(int ms) {
    return occupy(echo, ms);
  }

  private static CompletableFuture<HttpResponse<byte[]>> occupy(HttpEcho of, int ms) {
    var busy =
        of.client().sendAsync(of.orderedBy("sleep " + ms).build(), BodyHandlers.ofByteArray());
    Await.until(() -> of.running() || busy.isDone());
    return busy;
  }

  private static long withStatus(int status) {
    return echo.requests().stream().filter(each -> each.status() == status).count();
  }

  private static Socket send(String request) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), echo.port());
    socket.setSoTimeout(10_000);
    socket.getOutputStream().write(request.getBytes(US_ASCII));
    return socket;
  }
}
