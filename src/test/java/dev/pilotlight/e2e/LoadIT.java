package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.suite.OnlyInFaults;
import dev.pilotlight.suite.Soak;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// 64 clients at once against two environments: no error, and no answer that belongs to another.
@OnlyInFaults
class LoadIT {
  private static final int CLIENTS = 64;
  private static final Duration LENGTH = Duration.ofSeconds(Soak.amount(5, 20));

  @Test
  void everyClientGetsTheAnswerToItsOwnText() {
    try (LocalStack stack = LocalStack.start(Options.onFreePorts().withEnvironmentsMax(2))) {
      Client client = new Client(stack.gatewayUrl());
      Map<String, byte[]> expected = new HashMap<>();
      for (String text : Texts.of(64, 300, 20)) {
        expected.put(
            text,
            client.embeddings(List.of(text), "cache-control", "no-store").vectors().getFirst());
      }
      AtomicInteger answered = new AtomicInteger();
      try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          Random random = new Random(i);
          clients.add(
              CompletableFuture.runAsync(() -> ask(client, expected, random, answered), threads));
        }
        clients.forEach(CompletableFuture::join);
      }
      System.out.println(answered + " requests by " + CLIENTS + " clients, every answer right");
      // how many there are is the machine's business: every client got an answer after its first
      assertThat(answered.get()).isGreaterThan(CLIENTS);
      assertThat(stack.environments()).isEqualTo(2);
    }
  }

  private static void ask(
      Client client, Map<String, byte[]> expected, Random random, AtomicInteger answered) {
    List<String> texts = List.copyOf(expected.keySet());
    long end = System.nanoTime() + LENGTH.toNanos();
    while (System.nanoTime() < end) {
      List<String> chosen =
          random.ints(1 + random.nextInt(3), 0, texts.size()).mapToObj(texts::get).toList();
      String use = random.nextInt(4) == 0 ? "no-cache" : "max-age=60";
      Client.Reply reply = client.embeddings(chosen, "cache-control", use);
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      for (int i = 0; i < chosen.size(); i++) {
        assertThat(reply.vectors().get(i)).isEqualTo(expected.get(chosen.get(i)));
      }
      answered.incrementAndGet();
    }
  }
}
