package dev.pilotlight.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The plan of sizes, their processor time, and the weights of requests.
final class SizesTest {
  @ParameterizedTest
  @CsvSource({
    "512, 20000, 5789, 1",
    "1024, 20000, 11577, 1",
    "1769, 20000, 20000, 1",
    "1770, 20000, 20011, 2",
    "3538, 20000, 40000, 2",
    "3539, 20000, 40011, 3",
    "10240, 20000, 115772, 6",
    "512, 100000, 28943, 1"
  })
  void aSizeHasItsShareOfThePeriodAndNeedsAsManyProcessors(
      int memoryMb, long periodMicros, long quotaMicros, int processors) {
    assertThat(Sizes.quotaMicros(memoryMb, periodMicros)).isEqualTo(quotaMicros);
    assertThat(Sizes.fits(memoryMb, processors)).isTrue();
    assertThat(Sizes.fits(memoryMb, processors - 1)).isFalse();
  }

  @Test
  void theDefaultSizesReachFromTheLeastToTheMost() {
    assertThat(Sizes.DEFAULT).isSorted().doesNotHaveDuplicates().startsWith(512).endsWith(10_240);
    assertThat(Sizes.DEFAULT).contains(Sizes.ONE_CPU_MB, 2 * Sizes.ONE_CPU_MB, 3_008);
  }

  @Test
  void chosenSizesAreSortedAndChecked() {
    assertThat(Sizes.parse(List.of("3008", " 512", "512"))).containsExactly(512, 3_008);
    for (String wrong : List.of("511", "10241", "", "1 GB", "-512")) {
      assertThatThrownBy(() -> Sizes.parse(List.of("512", wrong)))
          .hasMessage("--sizes has '%s'; accepted: 512–10240 MB, joined by commas", wrong);
    }
  }

  @Test
  void weightsAreShares() {
    Map<String, Double> shares = Weights.parse("hit=2, short=1.5,long=0,many=0.5");

    assertThat(shares).containsOnlyKeys("hit", "short", "many");
    assertThat(shares.get("short")).isCloseTo(0.375, within(1e-12));
    assertThat(Weights.parse(Weights.DEFAULT).values().stream().mapToDouble(x -> x).sum())
        .isCloseTo(1, within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hit",
        "hit=",
        "hit=x",
        "hit=-1",
        "hit=NaN",
        "hit=Infinity",
        "hit=0",
        "tiny=1",
        "hit=1,hit=2",
        "hit=1,"
      })
  void otherWeightsAreRefused(String text) {
    assertThatThrownBy(() -> Weights.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("--weights is '" + text + "'; accepted: ");
  }

  @Test
  void wholeProcessorsAreForWholeSizesOnly() {
    WholeCores cores = new WholeCores(WholeCores.parse("1-2,5"));

    assertThat(cores.processors()).containsExactly(1, 2, 5);
    assertThat(cores.supports(1_769)).isTrue();
    assertThat(cores.supports(3_538)).isTrue();
    assertThat(cores.supports(2_048)).isFalse();
    assertThat(cores.wrap(3_538, List.of("x"))).containsExactly("taskset", "-c", "1,2", "x");
  }

  @Test
  void aScopeOfSystemdGetsPercents() {
    assertThat(new SystemdScope(true).wrap(512, List.of("x", "y")))
        .contains("--user", "CPUQuota=28.9%", "CPUQuotaPeriodSec=20ms")
        .endsWith("--", "x", "y");
    assertThat(new SystemdScope(false).wrap(3_538, List.of("x")))
        .doesNotContain("--user")
        .contains("CPUQuota=200.0%");
  }
}
