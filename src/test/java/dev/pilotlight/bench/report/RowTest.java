package dev.pilotlight.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RowTest {
  private static Series series(List<Double> first, List<Double> second) {
    return new Series("any", "ms", List.of(first, second));
  }

  private final Series slow = series(List.of(4.0, 30.0, 2.0), List.of(6.0, 5.0));
  private final Series fast = series(List.of(2.0), List.of(11.0));

  @Test
  void aRatioIsTakenRoundByRoundFromTheMedians() {
    Row row = new Row("any", slow, fast, new Target.AtMostTimes(1.2));

    assertThat(row.figures()).containsExactly(2.0, 0.5);
    assertThat(row.figure()).isEqualTo(1.25);
    assertThat(row.held()).isFalse();
  }

  @Test
  void aDifferenceIsInTheUnitOfTheRow() {
    Row row = new Row("any", slow, fast, new Target.AtMostOver(2));

    assertThat(row.figures()).containsExactly(2.0, -5.5);
    assertThat(row.held()).isTrue();
    assertThat(row.kept("hit").markdown())
        .isEqualTo("| hit | any | 4.75 ms | 6.50 ms | -1.75 ms (-5.50–2) | ≤ +2 ms | yes |");
  }

  @Test
  void moreMayBeBetter() {
    assertThat(new Row("any", slow, fast, new Target.AtLeastTimes(1.2)).held()).isTrue();
    assertThat(new Row("any", fast, slow, new Target.AtLeastTimes(1.4)).held()).isFalse();
  }

  @Test
  void aFigureThatComparesNeedsABaseline() {
    assertThatThrownBy(() -> Row.alone("any", slow, new Target.AtMostTimes(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void percentilesAreInterpolatedBetweenSamples() {
    List<Double> samples = List.of(4.0, 1.0, 2.0, 3.0);

    assertThat(Series.percentile(samples, 0)).isEqualTo(1);
    assertThat(Series.percentile(samples, 50)).isEqualTo(2.5);
    assertThat(Series.percentile(samples, 100)).isEqualTo(4);
  }
}
