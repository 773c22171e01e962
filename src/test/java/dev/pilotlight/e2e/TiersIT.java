package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Each tier answers, and all answer with the same bytes.
class TiersIT {
  private static LocalStack stack;
  private static Client client;

  @BeforeAll
  static void start() {
    stack = LocalStack.start(Options.onFreePorts());
    client = new Client(stack.gatewayUrl());
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void aTextComesBackByteForByteFromEveryTier() {
    List<String> text = List.of("from every tier");
    Client.Reply run = client.embeddings(text);
    assertThat(run.cacheStatus()).isEqualTo("pilotlight; fwd=miss; stored");

    Client.Reply memory = client.embeddings(text);
    assertThat(memory.cacheStatus()).isEqualTo("pilotlight; hit; detail=\"memory\"");

    stack.restartFunction();
    Client.Reply redis = client.embeddings(text);
    assertThat(redis.cacheStatus()).isEqualTo("pilotlight; hit; detail=\"redis\"");

    stack.restartFunction();
    stack.redis().orElseThrow().flush();
    Client.Reply dynamo = client.embeddings(text);
    assertThat(dynamo.cacheStatus()).isEqualTo("pilotlight; hit; detail=\"dynamodb\"");

    Client.Reply recomputed = client.embeddings(text, "cache-control", "no-cache");
    assertThat(recomputed.cacheStatus()).isEqualTo("pilotlight; fwd=request; stored");

    assertThat(List.of(memory, redis, dynamo, recomputed))
        .allSatisfy(reply -> assertThat(reply.body()).isEqualTo(run.body()));
  }

  @Test
  void theTableHasEveryAnswerUnderItsId() {
    Client.Reply reply = client.embeddings(List.of("in the table"));
    try (var dynamo = stack.dynamo().client()) {
      Map<String, AttributeValue> item =
          dynamo.scanPaginator(scan -> scan.tableName(stack.tables().getFirst())).items().stream()
              .filter(found -> found.values().contains(AttributeValue.fromS(id(reply))))
              .findFirst()
              .orElseThrow();
      assertThat(item.values()).contains(AttributeValue.fromS(Client.MODEL));
    }
  }

  @Test
  void aStoredResultIsFetchedByItsId() {
    Client.Reply reply = client.embeddings(List.of("by its id"));
    Client.Reply stored = client.get("/v1/results/" + id(reply));
    assertThat(stored.status()).isEqualTo(200);
    assertThat(stored.json().at("/outputs/0/name").asText()).isEqualTo("embedding");
    assertThat(stored.json().at("/outputs/0/data")).hasSize(384);
    assertThat(client.get("/v1/results/" + "A".repeat(43)).status()).isEqualTo(404);
  }

  @Test
  void noStoreLeavesNothingBehind() {
    List<String> text = List.of("leaves nothing");
    Client.Reply first = client.embeddings(text, "cache-control", "no-store");
    assertThat(first.cacheStatus()).isEqualTo("pilotlight; fwd=request");
    assertThat(client.get("/v1/results/" + id(first)).status()).isEqualTo(404);
    assertThat(client.embeddings(text).cacheStatus()).startsWith("pilotlight; fwd=miss");
  }

  @Test
  void onlyTheUnknownOfAHundredTextsAreRun() {
    List<String> texts = Texts.of(67, 100, 30);
    client.embeddings(texts.subList(0, 67));
    List<String> shuffled = new ArrayList<>(texts);
    Collections.shuffle(shuffled, new java.util.Random(1));

    Client.Reply reply = client.embeddings(shuffled);

    assertThat(reply.run()).isEqualTo(33);
    assertThat(reply.vectors()).hasSize(100);
    for (int i = 0; i < shuffled.size(); i++) {
      assertThat(reply.vectors().get(i)).as(shuffled.get(i)).isEqualTo(alone(shuffled.get(i)));
    }
  }

  @Test
  void neighboursDoNotChangeAnAnswerUnderParallelLoad() {
    List<String> texts = Texts.of(8, 40, 40);
    Map<String, byte[]> alone = new java.util.HashMap<>();
    texts.forEach(text -> alone.put(text, alone(text)));
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<CompletableFuture<Void>> requests = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        List<String> some = new ArrayList<>(texts);
        Collections.shuffle(some, new java.util.Random(i));
        List<String> chosen = List.copyOf(some.subList(0, 1 + i));
        String use = i % 3 == 0 ? "no-store" : i % 3 == 1 ? "no-cache" : "max-age=1";
        requests.add(
            CompletableFuture.runAsync(
                () -> {
                  List<byte[]> vectors = client.embeddings(chosen, "cache-control", use).vectors();
                  for (int k = 0; k < chosen.size(); k++) {
                    assertThat(vectors.get(k)).isEqualTo(alone.get(chosen.get(k)));
                  }
                },
                threads));
      }
      requests.forEach(CompletableFuture::join);
    }
  }

  private static byte[] alone(String text) {
    return client.embeddings(List.of(text), "cache-control", "no-store").vectors().getFirst();
  }

  private static String id(Client.Reply reply) {
    return reply.ids().getFirst();
  }
}
