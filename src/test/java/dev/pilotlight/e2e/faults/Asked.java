package dev.pilotlight.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.e2e.Client;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Texts, the answers that are right for them, and those that a client got.
final class Asked {
  /// A look-up's and a write's time limits, 2 s and 5 s, an attempt beyond them, and a busy
  /// machine.
  private static final Duration WITHIN = Duration.ofSeconds(10);

  /// How long the function may take to recover after a fault.
  private static final Duration RECOVERY = Duration.ofSeconds(30);

  private final Client client;
  private final Map<String, byte[]> right = new LinkedHashMap<>();
  private final Map<String, byte[]> acknowledged = new LinkedHashMap<>();

  Asked(Client client) {
    this.client = client;
  }

  /// Computes the right answer to each text before it is asked for, and keeps none.
  void expect(List<String> texts) {
    for (String text : texts) {
      Client.Reply reply = client.embeddings(List.of(text), "cache-control", "no-store");
      assertThat(reply.status()).as(text + reply.text()).isEqualTo(200);
      right.put(text, reply.vectors().getFirst());
    }
  }

  /// Asks once: the answer is right, or a refusal that may be sent again, and comes in time.
  Client.Reply ask(String text) {
    long begun = System.nanoTime();
    Client.Reply reply = client.embeddings(List.of(text));
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    assertThat(took).as(text).isLessThan(WITHIN);
    if (reply.status() == 200) {
      byte[] vector = reply.vectors().getFirst();
      assertThat(vector).as(text).isEqualTo(right.get(text));
      acknowledged.put(text, vector);
    } else {
      assertThat(reply.status()).as(text + reply.text()).isEqualTo(503);
      assertThat(reply.header("retry-after")).as("Retry-After").matches("\\d{1,2}");
    }
    return reply;
  }

  /// Asks until the reply is as wanted.
  void until(String text, Predicate<Client.Reply> wanted) throws InterruptedException {
    long end = System.nanoTime() + RECOVERY.toNanos();
    Client.Reply reply = ask(text);
    while (!wanted.test(reply)) {
      assertThat(System.nanoTime()).as(text + reply.headers()).isLessThan(end);
      Thread.sleep(100);
      reply = ask(text);
    }
  }

  /// Every text that a client got an answer to is answered the same from the store, and not run.
  void assertKept() throws InterruptedException {
    for (Map.Entry<String, byte[]> one : acknowledged.entrySet()) {
      List<String> text = List.of(one.getKey());
      Client.Reply reply = client.embeddings(text, "cache-control", "only-if-cached");
      for (int i = 0; i < 5 && reply.status() == 503; i++) {
        Thread.sleep(1_000);
        reply = client.embeddings(text, "cache-control", "only-if-cached");
      }
      assertThat(reply.status()).as(one.getKey() + reply.text()).isEqualTo(200);
      assertThat(reply.vectors().getFirst()).as(one.getKey()).isEqualTo(one.getValue());
    }
  }
}
