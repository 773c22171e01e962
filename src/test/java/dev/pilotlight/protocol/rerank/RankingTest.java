package dev.pilotlight.protocol.rerank;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.task.Labels.Scoring;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.http.Requests;
import dev.pilotlight.protocol.http.UnknownFields;
import dev.pilotlight.protocol.openinference.InferModels;
import dev.pilotlight.protocol.rerank.RerankRequest.Source;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RankingTest {
  private static final Labels LABELS = new Labels(List.of("relevance"), Scoring.NONE);
  private static final ResultKey KEY = new ResultKey("A_-4567890123456789012345678901234567890123");

  /// The sigmoid of each of the high logits is 1, even in double.
  @Test
  void logitsThatTheSigmoidRoundsToOneKeepTheirOrder() {
    JsonNode body = rank(40, 41, 38, 41, -800, 40.5f);

    assertThat(body.findValuesAsText("index")).containsExactly("1", "3", "5", "0", "2", "4");
    assertThat(body.findValuesAsText("score"))
        .containsExactly("1.0", "1.0", "1.0", "1.0", "1.0", "0.0");
  }

  @Test
  void zerosOfBothSignsAreEqual() {
    assertThat(rank(-0.0f, 0.0f, -0.0f).findValuesAsText("index")).containsExactly("0", "1", "2");
    assertThat(rank(-0.0f, 0.0f).at("/0/score").asDouble()).isEqualTo(0.5);
  }

  /// A lower bound must not be over the answer that it stands for.
  @Test
  void theLeastSizeOfAnAnswerIsNotOverItsSize() {
    for (Source source : Source.values()) {
      for (boolean texts : new boolean[] {true, false}) {
        Ranking ranking = ranking(source, texts, 40);
        byte[] body = ranking.response(answers(new float[40])).body();
        // an event escapes each quote
        long escaped =
            body.length
                + new String(body, StandardCharsets.UTF_8).chars().filter(c -> c == '"').count();
        assertThat(40 * ranking.answerBytesMin()).isBetween(escaped / 4, escaped);
      }
    }
  }

  private static JsonNode rank(float... logits) {
    Ranking ranking = ranking(Source.TEXTS, false, logits.length);
    return Requests.json(ranking.response(answers(logits)));
  }

  private static List<Answer> answers(float... logits) {
    List<Answer> answers = new ArrayList<>();
    for (float logit : logits) {
      Tensor tensor = Tensor.ofFloats(ModelInfo.LOGITS_OUTPUT, new long[] {1}, new float[] {logit});
      answers.add(new Answer(KEY, new Result(List.of(tensor), 3), Tier.RUN));
    }
    return answers;
  }

  private static Ranking ranking(Source source, boolean texts, int count) {
    RerankRequest request =
        new RerankRequest(
            Rerank.Dialect.V1,
            "id",
            "",
            source,
            "q",
            Collections.nCopies(count, "text"),
            0,
            texts,
            Optional.empty(),
            true,
            null,
            "",
            List.of(),
            new OtherFields(List.of(), UnknownFields.IGNORE));
    List<Item> items = Collections.nCopies(count, new Item.Pair("q", "text", true));
    return new Ranking(request, InferModels.classifier(), LABELS, items);
  }
}
