package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cohere.api.Cohere;
import com.cohere.api.errors.BadRequestError;
import com.cohere.api.errors.NotFoundError;
import com.cohere.api.requests.RerankRequest;
import com.cohere.api.resources.v2.requests.V2RerankRequest;
import com.cohere.api.resources.v2.types.V2RerankResponse;
import com.cohere.api.resources.v2.types.V2RerankResponseResultsItem;
import com.cohere.api.types.RerankRequestDocumentsItem;
import com.cohere.api.types.RerankResponse;
import com.cohere.api.types.RerankResponseResultsItem;
import com.cohere.api.types.RerankResponseResultsItemDocument;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.model.TextGraphs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Rankings by Cohere's official client, of which only the base URL and the key are set.
@Timeout(120)
class CohereRerankIT {
  private static final String RANKER = "ranker";
  private static final List<String> DOCUMENTS = List.of("a", "b", "c", "d");

  @TempDir private static Path models;

  @SuppressWarnings("NullAway.Init")
  private static LocalStack stack;

  @SuppressWarnings("NullAway.Init")
  private static Cohere client;

  @BeforeAll
  static void start() {
    new TestModels(models)
        .withSample()
        .withTokenizer(RANKER, TextGraphs.crossEncoder(1))
        .with(RANKER, "config.json", "{\"architectures\": [\"BertForSequenceClassification\"]}");
    stack = LocalStack.start(Options.onFreePorts().withModels(models));
    client = Cohere.builder().token("any").url(stack.gatewayUrl().toString()).build();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void documentsAreRankedByItsFirstApi() {
    RerankResponse answer =
        client.rerank(
            RerankRequest.builder()
                .query("h")
                .documents(DOCUMENTS.stream().map(RerankRequestDocumentsItem::of).toList())
                .topN(3)
                .returnDocuments(true)
                .build());

    List<RerankResponseResultsItem> results = answer.getResults();
    assertThat(results).hasSize(3);
    assertThat(results)
        .extracting(RerankResponseResultsItem::getRelevanceScore)
        .isSortedAccordingTo((x, y) -> Float.compare(y, x))
        .allMatch(score -> score > 0 && score < 1);
    assertThat(results)
        .extracting(it -> it.getDocument().map(RerankResponseResultsItemDocument::getText))
        .allSatisfy(text -> assertThat(text).isPresent());
    assertThat(results)
        .allSatisfy(
            it ->
                assertThat(it.getDocument().orElseThrow().getText())
                    .isEqualTo(DOCUMENTS.get(it.getIndex())));
    assertThat(answer.getId()).isPresent();
    assertThat(answer.getMeta().orElseThrow().getTokens().orElseThrow().getInputTokens())
        .contains(20.0);
  }

  @Test
  void bothApisGiveTheSameRanking() {
    V2RerankResponse second =
        client
            .v2()
            .rerank(
                V2RerankRequest.builder().model(RANKER).query("h").documents(DOCUMENTS).build());
    RerankResponse first =
        client.rerank(
            RerankRequest.builder()
                .query("h")
                .documents(
                    DOCUMENTS.stream()
                        .map(it -> RerankRequestDocumentsItem.of(Map.of("text", it)))
                        .toList())
                .rankFields(List.of("text"))
                .build());

    assertThat(second.getResults()).hasSize(DOCUMENTS.size());
    assertThat(second.getResults())
        .extracting(V2RerankResponseResultsItem::getIndex)
        .containsExactlyElementsOf(
            first.getResults().stream().map(RerankResponseResultsItem::getIndex).toList());
    assertThat(second.getResults())
        .extracting(V2RerankResponseResultsItem::getRelevanceScore)
        .containsExactlyElementsOf(
            first.getResults().stream().map(RerankResponseResultsItem::getRelevanceScore).toList());
  }

  @Test
  void refusalsArriveAsItsOwnExceptions() {
    assertThatThrownBy(
            () -> client.rerank(RerankRequest.builder().query("h").documents(List.of()).build()))
        .isInstanceOfSatisfying(
            BadRequestError.class,
            error -> assertThat(error.body().toString()).contains("documents is empty"));
    assertThatThrownBy(
            () ->
                client
                    .v2()
                    .rerank(
                        V2RerankRequest.builder()
                            .model("none")
                            .query("h")
                            .documents(DOCUMENTS)
                            .build()))
        .isInstanceOf(NotFoundError.class);
  }
}
