package dev.pilotlight.cli.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.cli.quantize.Accuracy.Bounds;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.task.Labels.Scoring;
import dev.pilotlight.domain.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The comparison of scores that do not exclude each other.
final class ScoresTest {
  private static final Bounds BOUNDS = new Bounds(1, 0.95, 0.9);

  @Test
  void oneLabelIsJudgedByItsOrderOnly() {
    Labels one = labels(Scoring.SIGMOID, "a");
    List<Result> original = results(new float[][] {{-3}, {-1}, {2}, {4}});

    Scores moved = Scores.of(one, "pairs", original, results(new float[][] {{1}, {2}, {3}, {4}}));
    assertThat(moved.rankCorrelation()).isEqualTo(1);
    assertThat(moved.decisions()).isNaN();
    assertThat(moved.fault(BOUNDS)).isEmpty();

    Scores turned = Scores.of(one, "pairs", original, results(new float[][] {{4}, {2}, {1}, {0}}));
    assertThat(turned.fault(BOUNDS))
        .hasValue("the rank correlation is -1.000000; --rank-min is 0.9");
  }

  @Test
  void scoresThatBecameEqualHaveLostTheirOrder() {
    Labels two = labels(Scoring.NONE, "a", "b");
    List<Result> original = results(new float[][] {{1, 1}, {2, 3}, {3, 5}});

    Scores scores =
        Scores.of(two, "texts", original, results(new float[][] {{1, 7}, {2, 7}, {3, 7}}));

    assertThat(scores.rankCorrelation()).isEqualTo(0.5);
    assertThat(scores.rankMin()).isZero();
    assertThat(scores.lowest()).isEqualTo("b");
    assertThat(scores.scoreMove()).isCloseTo((6 + 4 + 2) / 6.0, within(1e-12));
    assertThat(scores.spread())
        .isCloseTo((Math.sqrt(2 / 3.0) + Math.sqrt(8 / 3.0)) / 2, within(1e-12));
    assertThat(scores.fault(BOUNDS)).isPresent();
  }

  @Test
  void aLabelWithoutAnOrderIsLeftOutAndOnlySuchLabelsAreRefused() {
    Labels two = labels(Scoring.SIGMOID, "a", "b");
    List<Result> dead = results(new float[][] {{1, 1}, {2, 1}, {3, 1}});
    List<Result> equal = results(new float[][] {{1, 1}, {1, 1}, {1, 1}});

    assertThat(Scores.of(two, "texts", dead, dead).rankCorrelation()).isEqualTo(1);
    assertThat(Scores.of(two, "texts", equal, equal).rankCorrelation()).isNaN();
    assertThat(Scores.of(two, "texts", equal, equal).fault(BOUNDS)).isPresent();
  }

  @Test
  void severalLabelsInTheSameOrderNeedTheSameDecisions() {
    Labels two = labels(Scoring.SIGMOID, "a", "b");
    List<Result> original = results(new float[][] {{-2, 1}, {-1, 2}, {1, 3}, {2, 4}});
    List<Result> moved = results(new float[][] {{-4, 1}, {-3, 2}, {-2, 3}, {-1, 4}});

    Scores scores = Scores.of(two, "texts", original, moved);

    assertThat(scores.rankCorrelation()).isEqualTo(1);
    assertThat(scores.fault(BOUNDS))
        .hasValue("the share of equal decisions at 0.5 is 0.750000; --agreement-min is 0.95");
  }

  @Test
  void labelsThatExcludeEachOtherAreNotMeasuredSo() {
    List<Result> sumsOfOne = results(new float[][] {{0.25f, 0.75f}, {1, 0}});
    List<Result> others = results(new float[][] {{0.25f, 0.75f}, {1, 1}});

    assertThat(Scores.fit(labels(Scoring.SOFTMAX, "a", "b"), others)).isFalse();
    assertThat(Scores.fit(labels(Scoring.SOFTMAX, "a"), others)).isTrue();
    assertThat(Scores.fit(labels(Scoring.SIGMOID, "a", "b"), sumsOfOne)).isTrue();
    assertThat(Scores.fit(labels(Scoring.NONE, "a", "b"), sumsOfOne)).isTrue();
    assertThat(Scores.fit(labels(Scoring.PROBABILITIES, "a", "b"), sumsOfOne)).isFalse();
    assertThat(Scores.fit(labels(Scoring.PROBABILITIES, "a", "b"), others)).isTrue();
  }

  private static Labels labels(Scoring scoring, String... names) {
    return new Labels(List.of(names), scoring);
  }

  private static List<Result> results(float[][] logits) {
    return Arrays.stream(logits)
        .map(
            row ->
                new Result(
                    List.of(Tensor.ofFloats(ModelInfo.LOGITS_OUTPUT, new long[] {row.length}, row)),
                    1))
        .toList();
  }
}
