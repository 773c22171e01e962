package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.cohere.CohereEmbeddingModel;
import dev.langchain4j.model.cohere.CohereScoringModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.model.TextGraphs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// LangChain4j's client of Cohere's API, of which only base URL, key and model are set.
@Timeout(120)
class Langchain4jCohereIT {
  private static final String RANKER = "ranker";
  private static final List<String> DOCUMENTS = List.of("c", "a", "e", "b", "a");

  @TempDir private static Path models;

  @SuppressWarnings("NullAway.Init")
  private static LocalStack stack;

  @BeforeAll
  static void start() {
    new TestModels(models)
        .withSample()
        .with(TestModels.SAMPLE, ".complete", "")
        .withTokenizer(RANKER, TextGraphs.crossEncoder(1))
        .with(RANKER, "config.json", "{\"architectures\": [\"BertForSequenceClassification\"]}")
        .with(RANKER, ".complete", "");
    stack = LocalStack.start(Options.onFreePorts().withModels(models));
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void segmentsAreEmbeddedInTheirOrder() {
    List<String> texts = Texts.of(5, 100, 12);
    CohereEmbeddingModel model =
        CohereEmbeddingModel.builder()
            .baseUrl(url())
            .apiKey("any")
            .modelName(Client.MODEL)
            .inputType("search_document")
            .build();
    assertThat(
            model.embedAll(texts.stream().map(TextSegment::from).toList()).content().stream()
                .map(embedding -> Floats.of(embedding.vector())))
        .isEqualTo(
            new Client(stack.gatewayUrl())
                .embeddings(texts).vectors().stream().map(Floats::of).toList());
  }

  @Test
  void scoresComeBackInTheOrderOfTheSegments() {
    Response<List<Double>> answer =
        scoring(RANKER).scoreAll(DOCUMENTS.stream().map(TextSegment::from).toList(), "h");
    List<Double> expected = new ArrayList<>();
    for (String document : DOCUMENTS) {
      int[] query = {101, token("h"), 102};
      expected.add(Labels.sigmoid(TextGraphs.crossLogit(query, new int[] {token(document), 102})));
    }
    assertThat(answer.content()).isEqualTo(expected);
  }

  @Test
  void refusalsArriveWithStatusAndMessage() {
    assertThatThrownBy(() -> scoring("no-such-model").score("a", "h"))
        .hasMessageContaining("404")
        .hasMessageContaining("no-such-model");
    assertThatThrownBy(() -> scoring(Client.MODEL).score("a", "h"))
        .hasMessageContaining("400")
        .hasMessageContaining(Client.MODEL);
  }

  private static ScoringModel scoring(String model) {
    return CohereScoringModel.builder()
        .baseUrl(url())
        .apiKey("any")
        .modelName(model)
        .maxRetries(0)
        .build();
  }

  private static String url() {
    return stack.gatewayUrl().resolve("/v1/").toString();
  }

  /// In the sample tokenizer the letters follow each other.
  private static int token(String letter) {
    return 1037 + letter.charAt(0) - 'a';
  }
}
