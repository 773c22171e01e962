package dev.pilotlight.domain.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.domain.task.Labels.Scoring;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class LabelsTest {
  private static final float[] LOGITS = {1, 3, -2};

  @Test
  void softmaxAddsUpToOneAndKeepsTheRatios() {
    double[] scores = labels(Scoring.SOFTMAX).scores(LOGITS);

    assertThat(DoubleStream.of(scores).sum()).isCloseTo(1, within(1e-15));
    assertThat(scores[1] / scores[0]).isCloseTo(Math.exp(2), within(1e-12));
    assertThat(scores[1] / scores[2]).isCloseTo(Math.exp(5), within(1e-10));
  }

  @Test
  void softmaxOfTheLargestFloatsIsANumber() {
    float largest = Float.MAX_VALUE;

    assertThat(labels(Scoring.SOFTMAX).scores(new float[] {largest, largest, -largest}))
        .containsExactly(0.5, 0.5, 0);
  }

  @ParameterizedTest
  @CsvSource({"0, 0.5", "1, 0.7310585786300049", "-1, 0.2689414213699951", "800, 1", "-800, 0"})
  void sigmoidIsOfEachLabelAlone(float logit, double score) {
    assertThat(labels(Scoring.SIGMOID).scores(new float[] {logit, 1, 1})[0])
        .isCloseTo(score, within(1e-15));
    assertThat(Labels.sigmoid(logit)).isCloseTo(score, within(1e-15));
  }

  @Test
  void valuesOfARegressionStayAsTheyAre() {
    assertThat(labels(Scoring.NONE).scores(LOGITS)).containsExactly(1, 3, -2);
    assertThat(labels(Scoring.NONE).sigmoids(LOGITS)[1])
        .isCloseTo(1 / (1 + Math.exp(-3)), within(1e-15));
  }

  @Test
  void noFunctionIsAppliedToProbabilitiesOfTheGraph() {
    Labels labels = labels(Scoring.PROBABILITIES);
    float[] probabilities = {0.25f, 0.5f, 0.25f};
    double[] same = {0.25, 0.5, 0.25};

    assertThat(labels.scores(probabilities)).containsExactly(same);
    assertThat(labels.softmax(probabilities)).containsExactly(same);
    assertThat(labels.sigmoids(probabilities)).containsExactly(same);
    assertThat(labels.raw(probabilities)).containsExactly(same);
  }

  @ParameterizedTest
  @EnumSource
  void anotherNumberOfLogitsIsRefused(Scoring scoring) {
    assertThatThrownBy(() -> labels(scoring).scores(new float[] {1, 2}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the graph gave 2 logits for 3 labels");
  }

  @Test
  void orderIsDescendingAndTiesKeepTheirPlaces() {
    assertThat(Labels.order(new double[] {0.1, 0.7, 0.1, 0.9, 0.7, -0.0, 0.0}))
        .containsExactly(3, 1, 4, 0, 2, 5, 6);
    assertThat(Labels.order(new double[0])).isEmpty();
    assertThat(Labels.order(new double[] {5})).containsExactly(0);
  }

  @Test
  void orderOfAThousandScoresIsStable() {
    Random random = new Random(5);
    double[] scores = random.ints(1_000, 0, 20).asDoubleStream().toArray();

    int[] order = Labels.order(scores);

    assertThat(order).hasSize(1_000).doesNotHaveDuplicates();
    for (int i = 1; i < order.length; i++) {
      double before = scores[order[i - 1]];
      double now = scores[order[i]];
      assertThat(before > now || (before == now && order[i - 1] < order[i])).isTrue();
    }
  }

  @Test
  void aClassifierHasAtLeastOneLabel() {
    assertThatThrownBy(() -> new Labels(List.of(), Scoring.NONE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Labels labels(Scoring scoring) {
    return new Labels(List.of("a", "b", "c"), scoring);
  }
}
