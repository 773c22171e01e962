package dev.pilotlight.e2e.faults;

import dev.pilotlight.e2e.Client;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Clients of one tenant, which send the same text again and again and count the answers.
final class Senders {
  private static final int OK = 200;
  private static final int TOO_MANY = 429;
  private static final int FAILED = 500;
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final Client client;
  private final String key;
  private final ConcurrentLinkedQueue<Long> answered = new ConcurrentLinkedQueue<>();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong unanswered = new AtomicLong();
  private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile double leastUsd = Double.MAX_VALUE;
  private volatile boolean ends;

  Senders(URI url, String key) {
    this.client = new Client(url);
    this.key = key;
  }

  void start(int clients) {
    for (int i = 0; i < clients; i++) {
      threads.add(Thread.ofPlatform().start(this::sendAll));
    }
  }

  void stop() throws InterruptedException {
    ends = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /// Requests that were answered with 200.
  long answered() {
    return answered.size();
  }

  /// Requests that the quota of the month refused.
  long refused() {
    return refused.get();
  }

  /// Requests without an answer, or with one of a killed environment: they may have been counted.
  long unanswered() {
    return unanswered.get();
  }

  long asked() {
    return answered() + refused() + unanswered();
  }

  /// Answers that no client may get here.
  List<String> faults() {
    return List.copyOf(faults);
  }

  /// The estimated cost of the cheapest answer in USD.
  double leastUsd() {
    return leastUsd;
  }

  /// The most answers within a time.
  long mostWithin(Duration time) {
    List<Long> times = answered.stream().sorted().toList();
    int most = 0;
    int first = 0;
    for (int last = 0; last < times.size(); last++) {
      while (times.get(last) - times.get(first) > time.toNanos()) {
        first++;
      }
      most = Math.max(most, last - first + 1);
    }
    return most;
  }

  private void sendAll() {
    while (!ends) {
      try {
        count(client.embeddings(List.of("hello"), "authorization", "Bearer " + key));
      } catch (IllegalStateException e) {
        unanswered.incrementAndGet();
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void count(Client.Reply reply) {
    if (reply.status() == OK) {
      answered.add(System.nanoTime());
      double usd = Double.parseDouble(reply.header("pilotlight-cost-usd"));
      synchronized (this) {
        leastUsd = Math.min(leastUsd, usd);
      }
    } else if (reply.status() == TOO_MANY && reply.text().contains("insufficient_quota")) {
      refused.incrementAndGet();
    } else if (reply.status() >= FAILED) {
      unanswered.incrementAndGet();
    } else {
      faults.add(reply.status() + " " + reply.text());
    }
  }

  @Override
  public String toString() {
    return "%d answered, %d refused, %d unanswered".formatted(answered(), refused(), unanswered());
  }
}
