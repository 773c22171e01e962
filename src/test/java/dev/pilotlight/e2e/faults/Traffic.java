package dev.pilotlight.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.e2e.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// Clients that ask without a pause, check every answer, and send a refused request again.
final class Traffic {
  /// How long a request may be refused before it counts as lost.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int NEW_ONE_IN = 20;
  private static final int COMPUTED_ONE_IN = 10;

  private final Client client;
  private final Map<String, byte[]> expected;
  private final List<String> texts;
  private final AtomicInteger right = new AtomicInteger();
  private final Map<String, AtomicInteger> refused = new ConcurrentHashMap<>();
  private final Map<String, byte[]> acknowledged = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
  private volatile boolean ends;

  /// @param expected the vector of each text
  Traffic(Client client, Map<String, byte[]> expected) {
    this.client = client;
    this.expected = expected;
    texts = List.copyOf(expected.keySet());
  }

  /// Requests that were answered right at the first attempt or a later one.
  int right() {
    return right.get();
  }

  /// Refusals by status and phrase.
  Map<String, Integer> refused() {
    Map<String, Integer> counts = new TreeMap<>();
    refused.forEach((reason, count) -> counts.put(reason, count.get()));
    return counts;
  }

  int refusals() {
    return refused.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  /// Wrong answers, lost requests and refusals that a client cannot send again.
  List<String> faults() {
    return List.copyOf(faults);
  }

  /// Every new result that a client got, by its text.
  Map<String, byte[]> acknowledged() {
    return acknowledged;
  }

  /// Runs clients until the work is done.
  void during(int clients, ThrowingRunnable work) throws InterruptedException {
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        int seed = i;
        all.add(CompletableFuture.runAsync(() -> ask(seed), threads));
      }
      try {
        work.run();
      } finally {
        ends = true;
      }
      all.forEach(CompletableFuture::join);
    }
  }

  /// Work that waits.
  interface ThrowingRunnable {
    void run() throws InterruptedException;
  }

  private void ask(int seed) {
    Random random = new Random(seed);
    for (int i = 0; !ends; i++) {
      boolean isNew = random.nextInt(NEW_ONE_IN) == 0;
      String text =
          isNew ? "new %d.%d".formatted(seed, i) : texts.get(random.nextInt(texts.size()));
      String use = random.nextInt(COMPUTED_ONE_IN) == 0 ? "no-cache" : "max-age=3600";
      answered(text, use);
    }
  }

  private void answered(String text, String use) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      Client.Reply reply;
      try {
        reply = client.embeddings(List.of(text), "cache-control", use);
      } catch (IllegalStateException e) {
        count("connection");
        continue;
      }
      if (reply.status() == 200) {
        check(text, reply);
        return;
      }
      refused(reply);
    }
    faults.add("lost: " + text);
  }

  private void check(String text, Client.Reply reply) {
    byte[] vector = reply.vectors().getFirst();
    byte[] before = expected.get(text);
    if (before == null) {
      before = acknowledged.putIfAbsent(text, vector);
    }
    if (before == null || Arrays.equals(before, vector)) {
      right.incrementAndGet();
    } else {
      faults.add("wrong: " + text);
    }
  }

  private void refused(Client.Reply reply) {
    boolean ofGateway = reply.text().contains("\"message\":\"Internal Server Error\"");
    boolean retryable = ofGateway || !reply.header("retry-after").isEmpty();
    count(reply.status() + (ofGateway ? " of the gateway" : ""));
    if (!retryable || reply.status() < 429) {
      faults.add("not retryable: %d %s".formatted(reply.status(), reply.text()));
    }
  }

  private void count(String reason) {
    refused.computeIfAbsent(reason, _ -> new AtomicInteger()).incrementAndGet();
  }

  /// Checks that the results of all new texts are still those that the clients got, in a store:
  /// none is computed again.
  void assertKept() {
    acknowledged.forEach(
        (text, vector) -> {
          Client.Reply kept = client.embeddings(List.of(text), "cache-control", "only-if-cached");
          assertThat(kept.status()).as(text + kept.text()).isEqualTo(200);
          assertThat(kept.vectors().getFirst()).as(text).isEqualTo(vector);
        });
  }
}
