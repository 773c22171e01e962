package dev.pilotlight.cli.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.cli.quantize.Accuracy.BestLabel;
import dev.pilotlight.cli.quantize.Accuracy.Bounds;
import dev.pilotlight.cli.quantize.Accuracy.Embeddings;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The measures of a quantised model's answers.
final class VectorsTest {
  @Test
  void theCosineIsThatOfTheAngle() {
    assertThat(Vectors.cosine(new float[] {3, 4}, new float[] {4, 3}))
        .isCloseTo(0.96, within(1e-12));
    assertThat(Vectors.cosine(new float[] {0, 0}, new float[] {4, 3})).isNaN();
  }

  @Test
  void everyPairIsComparedOnce() {
    List<float[]> vectors = List.of(new float[] {1, 0}, new float[] {0, 2}, new float[] {-3, 0});

    assertThat(Vectors.similarities(vectors)).containsExactly(0, -1, 0);
  }

  @Test
  void theRankCorrelationIsThatOfRanksWithSharedOnes() {
    assertThat(Vectors.rankCorrelation(doubles(1, 2, 30), doubles(5, 6, 7))).isEqualTo(1);
    assertThat(Vectors.rankCorrelation(doubles(1, 2, 30), doubles(7, 6, 5))).isEqualTo(-1);
    // ranks 0, 1.5, 1.5, 3 and 0, 1, 3, 2
    assertThat(Vectors.rankCorrelation(doubles(1, 2, 2, 3), doubles(1, 2, 9, 4)))
        .isCloseTo(3 / Math.sqrt(4.5 * 5), within(1e-12));
  }

  @Test
  void theRankCorrelationOfEqualNumbersOrNaNIsNaN() {
    assertThat(Vectors.rankCorrelation(doubles(1, 1, 1), doubles(1, 2, 3))).isNaN();
    assertThat(Vectors.rankCorrelation(doubles(1, Double.NaN), doubles(1, 2))).isNaN();
  }

  @Test
  void aMeanUnderItsBoundOrNaNIsAFault() {
    Bounds bounds = new Bounds(0.98, 0.95, 0.9);

    assertThat(new Embeddings(3, 0.98, 0.5, "a", 1).fault(bounds)).isEmpty();
    assertThat(new Embeddings(3, 0.97999, 0.5, "a", 1).fault(bounds))
        .hasValue("the mean cosine is 0.979990; --cosine-min is 0.98");
    assertThat(new Embeddings(3, Double.NaN, 0.5, "a", 1).fault(bounds)).isPresent();
    assertThat(new BestLabel(20, 0.95, 0).fault(bounds)).isEmpty();
    assertThat(new BestLabel(20, 0.9, 0).fault(bounds))
        .hasValue("the share of equal labels is 0.900000; --agreement-min is 0.95");
  }

  private static double[] doubles(double... values) {
    return values;
  }
}
