package dev.pilotlight.cli.audit.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The bounds of each criterion.
final class RubricTest {
  private static final Optional<Double> NONE = Optional.empty();
  private static final Optional<Boolean> UNKNOWN = Optional.empty();

  private static double points(Signals signals, int criterion) {
    return Rubric.score(signals).criteria().get(criterion).points().orElse(-1.0);
  }

  private static Signals numbers(
      Optional<Double> use,
      Optional<Double> maximum,
      Optional<Double> byUse,
      Optional<Double> coverage,
      double used,
      Optional<Double> idle,
      Optional<Double> transfer,
      Optional<Double> growth,
      Optional<Double> tagged) {
    return new Signals(
        use, maximum, byUse, coverage, used, UNKNOWN, UNKNOWN, idle, transfer, growth, tagged,
        UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({"50.1, 5", "50, 2.5", "30.1, 2.5", "30, 0", "0, 0"})
  void useOfAlwaysOnCompute(double use, double points) {
    Signals signals = numbers(Optional.of(use), NONE, NONE, NONE, 1, NONE, NONE, NONE, NONE);
    assertThat(points(signals, 0)).isEqualTo(points);
  }

  @ParameterizedTest
  @CsvSource({"30, 0", "30.1, -1", "99, -1"})
  void aHighestUseDecidesOnlyThatTheUseIsLow(double maximum, double points) {
    Signals signals = numbers(NONE, Optional.of(maximum), NONE, NONE, 1, NONE, NONE, NONE, NONE);
    assertThat(points(signals, 0)).isEqualTo(points);
  }

  @ParameterizedTest
  @CsvSource({"0.501, 4", "0.5, 2", "0.201, 2", "0.2, 0"})
  void computeByUse(double share, double points) {
    Signals signals = numbers(NONE, NONE, Optional.of(share), NONE, 1, NONE, NONE, NONE, NONE);
    assertThat(points(signals, 1)).isEqualTo(points);
  }

  @ParameterizedTest
  @CsvSource({
    "0.6, 0.951, 3",
    "0.9, 0.951, 3",
    "0.6, 0.95, 1.5",
    "0.901, 1, 0",
    "0.599, 1, 1.5",
    "0.3, 0.851, 1.5",
    "0.3, 0.85, 0",
    "0.299, 1, 0",
    "0, 1, 0"
  })
  void commitments(double coverage, double used, double points) {
    Signals signals =
        numbers(NONE, NONE, NONE, Optional.of(coverage), used, NONE, NONE, NONE, NONE);
    assertThat(points(signals, 2)).isEqualTo(points);
  }

  @ParameterizedTest
  @CsvSource({
    "true, true, 2",
    "true, false, 1",
    "false, true, 1",
    "false, false, 0",
    "true, , 2",
    "false, , 0",
    ", true, 2",
    ", false, 0",
    ", , -1"
  })
  void classesOfStorage(Boolean gp3, Boolean tiered, double points) {
    Signals signals =
        new Signals(
            NONE,
            NONE,
            NONE,
            NONE,
            1,
            Optional.ofNullable(gp3),
            Optional.ofNullable(tiered),
            NONE,
            NONE,
            NONE,
            NONE,
            UNKNOWN);
    assertThat(points(signals, 3)).isEqualTo(points);
  }

  @ParameterizedTest
  @CsvSource({"0, 2", "0.01, 2", "0.0101, 1", "0.05, 1", "0.0501, 0"})
  void idleResources(double share, double points) {
    Signals signals = numbers(NONE, NONE, NONE, NONE, 1, Optional.of(share), NONE, NONE, NONE);
    assertThat(points(signals, 4)).isEqualTo(points);
  }

  @ParameterizedTest
  @CsvSource({"0.049, 1", "0.05, 0.5", "0.099, 0.5", "0.1, 0"})
  void transferAndNat(double share, double points) {
    Signals signals = numbers(NONE, NONE, NONE, NONE, 1, NONE, Optional.of(share), NONE, NONE);
    assertThat(points(signals, 5)).isEqualTo(points);
  }

  @ParameterizedTest
  @CsvSource({"-0.2, 1", "0.099, 1", "0.1, 0.5", "0.299, 0.5", "0.3, 0"})
  void growth(double growth, double points) {
    Signals signals = numbers(NONE, NONE, NONE, NONE, 1, NONE, NONE, Optional.of(growth), NONE);
    assertThat(points(signals, 6)).isEqualTo(points);
  }

  @ParameterizedTest
  @CsvSource({"0.801, 1", "0.8, 0.5", "0.501, 0.5", "0.5, 0"})
  void tags(double share, double points) {
    Signals signals = numbers(NONE, NONE, NONE, NONE, 1, NONE, NONE, NONE, Optional.of(share));
    assertThat(points(signals, 7)).isEqualTo(points);
  }

  @ParameterizedTest
  @CsvSource({"true, 1", "false, 0", ", -1"})
  void budgets(Boolean yes, double points) {
    Signals signals =
        new Signals(
            NONE,
            NONE,
            NONE,
            NONE,
            1,
            UNKNOWN,
            UNKNOWN,
            NONE,
            NONE,
            NONE,
            NONE,
            Optional.ofNullable(yes));
    assertThat(points(signals, 8)).isEqualTo(points);
  }

  @Test
  void theMostIsTwentyAndWhatIsLeftOutIsRescaled() {
    Optional<Boolean> yes = Optional.of(true);
    Score best =
        Rubric.score(
            new Signals(
                Optional.of(60.0),
                NONE,
                Optional.of(0.6),
                Optional.of(0.7),
                1,
                yes,
                yes,
                Optional.of(0.0),
                Optional.of(0.0),
                Optional.of(0.0),
                Optional.of(1.0),
                yes));
    assertThat(best.counted()).isEqualTo(9);
    assertThat(best.possible()).isEqualTo(20);
    assertThat(best.outOf20()).isEqualTo(20);

    Score some =
        Rubric.score(
            numbers(Optional.of(40.0), NONE, NONE, NONE, 1, NONE, Optional.of(0.0), NONE, NONE));
    assertThat(some.counted()).isEqualTo(2);
    assertThat(some.outOf20()).isCloseTo(20 * 3.5 / 6, Offset.offset(1e-9));

    Score none = Rubric.score(numbers(NONE, NONE, NONE, NONE, 1, NONE, NONE, NONE, NONE));
    assertThat(none.outOf20()).isZero();
  }
}
