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
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Clients that ask without a pause and check every answer. They send a refused request again after
/// the time that `Retry-After` names, as the clients of OpenAI and AWS do: one that does not wait
/// counts refusals as fast as it can send, and so measures its own speed.
///
/// A request is what a client wants answered, however often it is sent. A refusal is one response.
final class Traffic {
  /// How long a request may be refused before it counts as lost.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// The pause after a response that names none: a function that crashed, or no response.
  private static final Duration PAUSE = Duration.ofMillis(500);

  private static final int ATTEMPTS_MAX = 20;
  private static final String COMPUTED = "no-cache";
  private static final int NEW_ONE_IN = 20;
  private static final int COMPUTED_ONE_IN = 10;

  private final Client client;
  private final Map<String, byte[]> expected;
  private final List<String> texts;
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger right = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicLong longestNanos = new AtomicLong();
  private final Map<String, AtomicInteger> refused = new ConcurrentHashMap<>();
  private final Attempts attempts = new Attempts();
  private final ConcurrentLinkedQueue<Long> crashes = new ConcurrentLinkedQueue<>();
  private final Map<String, byte[]> acknowledged = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
  private volatile boolean ends;

  /// @param expected the vector of each text
  Traffic(Client client, Map<String, byte[]> expected) {
    this.client = client;
    this.expected = expected;
    texts = List.copyOf(expected.keySet());
  }

  /// Requests, each counted once.
  int asked() {
    return asked.get();
  }

  /// Requests that were answered right at the first attempt or a later one.
  int right() {
    return right.get();
  }

  /// Requests that were answered right at the first attempt.
  int atOnce() {
    return atOnce.get();
  }

  /// All attempts, and the faults.
  Attempts attempts() {
    return attempts;
  }

  /// When requests got no response, or API Gateway's own 500, by [System#nanoTime()].
  List<Long> crashes() {
    return List.copyOf(crashes);
  }

  /// The longest time from a request's first attempt to its answer.
  Duration longest() {
    return Duration.ofNanos(longestNanos.get());
  }

  /// Refusals by status and phrase.
  Map<String, Integer> refused() {
    Map<String, Integer> counts = new TreeMap<>();
    refused.forEach((reason, count) -> counts.put(reason, count.get()));
    return counts;
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
      String use = random.nextInt(COMPUTED_ONE_IN) == 0 ? COMPUTED : "max-age=3600";
      answered(text, use);
    }
  }

  private void answered(String text, String use) {
    asked.incrementAndGet();
    long begun = System.nanoTime();
    boolean isHit = expected.containsKey(text) && !use.equals(COMPUTED);
    for (int attempt = 1; System.nanoTime() - begun < PATIENCE.toNanos(); attempt++) {
      long sent = System.nanoTime();
      Attempt made = attempt(text, use);
      boolean isRight = made.reply != null && check(text, made.reply);
      attempts.add(sent, isHit, isRight);
      atOnce.addAndGet(isRight && attempt == 1 ? 1 : 0);
      if (made.reply != null) {
        longestNanos.accumulateAndGet(System.nanoTime() - begun, Math::max);
        return;
      }
      sleep(made.pause);
    }
    faults.add("lost: " + text);
  }

  /// @param reply an answer, or a refusal that no repetition changes; null after another refusal
  /// @param pause how long the client waits before it asks again
  private record Attempt(Client.@Nullable Reply reply, Duration pause) {}

  private Attempt attempt(String text, String use) {
    try {
      Client.Reply reply = client.embeddings(List.of(text), "cache-control", use);
      if (reply.status() < 429 || reply.status() == 504) {
        return new Attempt(reply, Duration.ZERO);
      }
      return new Attempt(null, refused(reply));
    } catch (IllegalStateException e) {
      count("connection");
      crashes.add(System.nanoTime());
      return new Attempt(null, PAUSE);
    }
  }

  /// Whether an answer is right.
  private boolean check(String text, Client.Reply reply) {
    if (reply.status() != 200) {
      faults.add("not retryable: %d %s".formatted(reply.status(), reply.text()));
      return false;
    }
    byte[] vector = reply.vectors().getFirst();
    byte[] before = expected.get(text);
    if (before == null) {
      before = acknowledged.putIfAbsent(text, vector);
    }
    if (before != null && !Arrays.equals(before, vector)) {
      faults.add("wrong: " + text);
      return false;
    }
    right.incrementAndGet();
    return true;
  }

  /// Counts a refusal.
  ///
  /// @return how long the client waits before it asks again
  private Duration refused(Client.Reply reply) {
    boolean ofGateway = reply.text().contains("\"message\":\"Internal Server Error\"");
    count(reply.status() + (ofGateway ? " of the gateway" : ""));
    if (ofGateway) {
      crashes.add(System.nanoTime());
      return PAUSE; // API Gateway's own, for a function that crashed: it has no Retry-After
    }
    String after = reply.header("retry-after");
    if (!after.matches("\\d{1,3}")) {
      faults.add("no Retry-After: %d %s".formatted(reply.status(), reply.text()));
      return PAUSE;
    }
    return Duration.ofSeconds(Long.parseLong(after));
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
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
          Client.Reply kept = settled(text, "only-if-cached");
          assertThat(kept.status()).as(text + kept.text()).isEqualTo(200);
          assertThat(kept.vectors().getFirst()).as(text).isEqualTo(vector);
        });
  }

  private Client.Reply settled(String text, String use) {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      Attempt made = attempt(text, use);
      if (made.reply != null) {
        return made.reply;
      }
      sleep(made.pause);
    }
    throw new AssertionError("only refusals: " + text);
  }
}
