package dev.pilotlight.bench.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.bench.Bench;
import dev.pilotlight.bench.measure.Measure;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BenchOptionsTest {
  private static Properties given(String name, String value) {
    Properties given = new Properties();
    given.setProperty(name, value);
    return given;
  }

  @Test
  void allMeasuresRunByDefault() {
    BenchOptions standard = BenchOptions.from(given("bench.measures", ""));

    assertThat(Measure.chosen(standard, Bench.all())).hasSameSizeAs(Bench.all());
    assertThat(standard.runs()).isEqualTo(10);
    assertThat(standard.rounds()).isEqualTo(3);
    assertThat(standard.lines()).isEqualTo(3_000);
    assertThat(standard.memoryLines()).isEqualTo(20_000);
  }

  @Test
  void linesAreAsGivenOrElseGrowWithTheRuns() {
    assertThat(BenchOptions.from(given("bench.runs", "1")).lines()).isEqualTo(300);
    assertThat(BenchOptions.from(given("bench.lines", "7")).lines()).isEqualTo(7);
    assertThat(BenchOptions.from(given("bench.memory.lines", "200000")).memoryLines())
        .isEqualTo(200_000);
  }

  @Test
  void memoryIsCollectedByForceUnlessRequestsAreGiven() {
    assertThat(BenchOptions.from(given("bench.memory.requests", "")).memoryRequests()).isZero();
    assertThat(BenchOptions.from(given("bench.memory.requests", "200000")).memoryRequests())
        .isEqualTo(200_000);
  }

  @Test
  void onlyNamedMeasuresRun() {
    BenchOptions some = BenchOptions.from(given("bench.measures", "size, cold"));

    assertThat(Measure.chosen(some, Bench.all()))
        .extracting(Measure::name)
        .containsExactly("cold", "size");
  }

  @Test
  void anUnknownMeasureIsRefusedInOneLineWithTheKnownOnes() {
    BenchOptions unknown = BenchOptions.from(given("bench.measures", "cold,warp"));

    assertThatThrownBy(() -> Measure.chosen(unknown, Bench.all()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'warp'; accepted: cold,")
        .hasMessageNotContaining("\n");
  }

  @Test
  void comparesWithThePeerAndKeepsTheRunOnlyIfAsked() {
    BenchOptions standard = BenchOptions.from(given("bench.peer", ""));

    assertThat(standard.peer()).isFalse();
    assertThat(standard.keep()).isFalse();
    assertThat(BenchOptions.from(given("bench.peer", "none")).peer()).isFalse();
    assertThat(BenchOptions.from(given("bench.peer", "node")).peer()).isTrue();
    assertThat(BenchOptions.from(given("bench.keep", "true")).keep()).isTrue();
  }

  @Test
  void anUnknownPeerIsRefused() {
    assertThatThrownBy(() -> BenchOptions.from(given("bench.peer", "python")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("-Dbench.peer is 'python'; accepted: node, none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "many", "1001", "1.5"})
  void aCountOutOfRangeIsRefused(String count) {
    for (String name : List.of("bench.runs", "bench.rounds")) {
      assertThatThrownBy(() -> BenchOptions.from(given(name, count)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("-D%s is '%s'; accepted: 1–1000", name, count);
    }
  }

  @Test
  void aNumberOfLinesOutOfRangeIsRefused() {
    assertThatThrownBy(() -> BenchOptions.from(given("bench.lines", "1000001")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("-Dbench.lines is '1000001'; accepted: 1–1000000");
  }
}
