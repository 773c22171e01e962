package dev.pilotlight.e2e.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.e2e.Client;
import dev.pilotlight.suite.Soak;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The server under many clients. It has the default time limit: a client that waits for a CPU is
/// not late.
@Timeout(300)
class ServeLoadIT {
  private static final String POST =
      "POST /v1/embeddings HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
  private static final String GOOD = "{\"input\":\"hello\"}";
  private static final int BODIES_MAX = 65_536;
  private static final int CLIENTS = 64;
  private static final int TEXTS = 100;

  private static Served served;

  @BeforeAll
  static void start() {
    served =
        Served.start(
            Served.alone(),
            Map.of("PILOTLIGHT_SERVE_BODIES_BYTES_MAX", Integer.toString(BODIES_MAX)));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  @Test
  void bodiesOverTheLimitOfAllAreRefusedUntilOthersHaveTheirAnswers() throws Exception {
    String body = " ".repeat(19_000 - GOOD.length()) + GOOD;
    String head = POST + "Content-Length: 19000\r\n\r\n";
    List<RawConnection> held = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        RawConnection connection = new RawConnection(served.port());
        held.add(connection);
        connection.send(head + body.substring(1));
      }
      // or a fourth body may take the room of one that the server still reads
      served.await(() -> served.metric("pilotlight_http_body_bytes_held") > 3 * 18_999);
      served.await(() -> status(head + body) == 503);
      for (RawConnection connection : held) {
        connection.send(" ");
        assertThat(connection.read().status()).isEqualTo(200);
      }
      for (int i = 0; i < 10; i++) {
        assertThat(status(head + body)).isEqualTo(200);
      }
    } finally {
      for (RawConnection connection : held) {
        connection.close();
      }
    }
  }

  private static int status(String request) {
    try (RawConnection connection = new RawConnection(served.port())) {
      connection.send(request);
      return connection.read().status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void clientsAtOnceGetNoWrongAnswer() throws Exception {
    URI url = served.url();
    Client first = new Client(url);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < TEXTS; i++) {
      expected.add(vector(first, i));
    }
    long end = System.nanoTime() + Soak.amount(3, 60) * 1_000_000_000L;
    AtomicLong answered = new AtomicLong();
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<Void>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Random random = new Random(i);
        Callable<Void> client =
            () -> {
              Client own = new Client(url);
              while (System.nanoTime() < end) {
                int text = random.nextInt(TEXTS);
                assertThat(vector(own, text)).isEqualTo(expected.get(text));
                answered.incrementAndGet();
              }
              return null;
            };
        clients.add(threads.submit(client));
      }
      for (Future<Void> client : clients) {
        client.get();
      }
    }
    assertThat(answered.get()).isGreaterThan(CLIENTS);
  }

  private static String vector(Client client, int text) {
    Client.Reply reply = client.embeddings(List.of("text number " + text));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return Base64.getEncoder().encodeToString(reply.vectors().getFirst());
  }
}
