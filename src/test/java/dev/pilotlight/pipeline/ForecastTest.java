package dev.pilotlight.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.ModelPolicy.Speculation;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.model.Prepared;
import dev.pilotlight.model.text.TokenIds;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForecastTest {
  private static final long MS = 1_000_000;
  private static final long OVERHEAD = MS / 2;
  private static final List<PreparedItem> SHORT = List.of(item(8));

  private final Forecast forecast = new Forecast(2, OVERHEAD);

  @Test
  void beginsWithoutEarlyRuns() {
    assertThat(forecast.mayPay(Speculation.AUTO, 1)).isFalse();
    forecast.ran(8, 2 * MS);
    assertThat(often(SHORT)).isZero();
    lookUps(4 * MS, 1, 1);
    assertThat(forecast.mayPay(Speculation.AUTO, 1)).isTrue();
    assertThat(often(SHORT)).as("after one miss").isPositive();
  }

  @Test
  void needsARunOfSimilarLength() {
    lookUps(4 * MS, 20, 20);
    assertThat(often(SHORT)).isZero();
    forecast.ran(15, 2 * MS);
    assertThat(often(SHORT)).isPositive();
    assertThat(often(List.of(item(16)))).isZero();
    assertThat(often(List.of(item(8), item(16)))).isZero();
  }

  @Test
  void comparesTheTimeSavedWithTheTimeWasted() {
    forecast.ran(8, 8 * MS);
    // P(miss) 0.8: saves 0.8 · (look-up - overhead), wastes 0.2 · 8 ms
    steadily(2 * MS, 4, 5);
    assertThat(often(SHORT)).as("1.2 ms against 1.6").isZero();
    steadily(4 * MS, 4, 5);
    assertThat(often(SHORT)).as("2.8 ms against 1.6").isPositive();
    steadily(4 * MS, 1, 2);
    assertThat(often(SHORT)).as("1.75 ms against 4").isZero();
  }

  @Test
  void neverPaysWithoutAWait() {
    forecast.ran(8, 8 * MS);
    steadily(OVERHEAD, 1, 1);
    assertThat(often(SHORT)).isZero();
    assertThat(forecast.mayPay(Speculation.AUTO, 1)).isFalse();
  }

  @Test
  void severalItemsShareTheLanes() {
    forecast.ran(8, 2 * MS);
    steadily(6 * MS, 60, 100);
    // P(miss) 0.6: saves 0.6 · 5.5 ms, wastes 0.4 · 8 ms: what has begun runs to its end
    assertThat(often(Collections.nCopies(64, item(8)))).isPositive();
    steadily(6 * MS, 55, 100);
    assertThat(often(Collections.nCopies(64, item(8)))).isZero();
    // one item: 0.55 · 2 ms against 0.45 · 2 ms
    assertThat(often(SHORT)).isPositive();
  }

  @Test
  void slowFirstLookUpIsSoonForgotten() {
    forecast.ran(8, 200 * MS);
    forecast.lookedUp(500 * MS, 1, 1);
    int requests = 0;
    while (forecast.mayPay(Speculation.AUTO, 1)) {
      boolean early = forecast.pays(Speculation.AUTO, 1, SHORT);
      forecast.lookedUp(early ? 0 : OVERHEAD / 2, 1, 1);
      requests++;
    }
    assertThat(requests).isLessThan(30);
  }

  @Test
  void oneOfTwoIsLeftOutAtFirst() {
    forecast.ran(8, 2 * MS);
    lookUps(4 * MS, 1, 1);
    assertThat(often(SHORT)).isEqualTo(80);
    lookUps(4 * MS, 7, 7);
    assertThat(often(SHORT)).isEqualTo(150);
  }

  @Test
  void lookUpsOfManyKeysJudgeNoSingleOne() {
    forecast.ran(8, 2 * MS);
    for (int i = 0; i < 20; i++) {
      forecast.lookedUp(100 * MS, 2_000, 2_000);
    }
    assertThat(forecast.mayPay(Speculation.AUTO, 1)).isFalse();
    assertThat(often(SHORT)).isZero();
    lookUps(OVERHEAD / 2, 20, 20);
    assertThat(forecast.mayPay(Speculation.AUTO, 1)).isFalse();
    assertThat(forecast.mayPay(Speculation.AUTO, 2_000)).isTrue();
  }

  @Test
  void oneOfSixteenIsLeftOutToMeasureTheLookUpAlone() {
    forecast.ran(8, 2 * MS);
    lookUps(4 * MS, 20, 20);
    assertThat(often(SHORT)).isEqualTo(150);
  }

  @Test
  void lookUpsThatOverlapWithRunsAreNotMeasured() {
    forecast.ran(8, 2 * MS);
    steadily(OVERHEAD, 1, 1);
    for (int i = 0; i < 50; i++) {
      forecast.lookedUp(0, 1, 1);
    }
    assertThat(forecast.mayPay(Speculation.AUTO, 1)).isFalse();
  }

  @Test
  void noneWhileTheStoreIsAway() {
    forecast.ran(8, 2 * MS);
    lookUps(4 * MS, 20, 20);
    forecast.storeFailed();
    assertThat(forecast.mayPay(Speculation.AUTO, 1)).isFalse();
    assertThat(forecast.mayPay(Speculation.ON, 1)).isFalse();
    lookUps(4 * MS, 1, 1);
    assertThat(forecast.mayPay(Speculation.AUTO, 1)).isTrue();
    assertThat(forecast.mayPay(Speculation.ON, 1)).isTrue();
  }

  @Test
  void modelMayDecide() {
    assertThat(forecast.mayPay(Speculation.ON, 1)).isTrue();
    assertThat(forecast.pays(Speculation.ON, 1, SHORT)).isTrue();
    forecast.ran(8, 2 * MS);
    lookUps(4 * MS, 20, 20);
    assertThat(forecast.mayPay(Speculation.OFF, 1)).isFalse();
    assertThat(forecast.pays(Speculation.OFF, 1, SHORT)).isFalse();
  }

  /// Of 160 requests, how many would have early runs.
  private long often(List<PreparedItem> items) {
    return IntStream.range(0, 160)
        .filter(_ -> forecast.pays(Speculation.AUTO, items.size(), items))
        .count();
  }

  private void lookUps(long nanos, int missed, int of) {
    for (int i = 0; i < of; i++) {
      forecast.lookedUp(nanos, 1, i < missed ? 1 : 0);
    }
  }

  /// Until the means are those of these look-ups, for single ones as well.
  private void steadily(long nanos, int missed, int of) {
    for (int i = 0; i < 200; i++) {
      forecast.lookedUp(nanos, 1, 1);
    }
    for (int i = 0; i < 200; i++) {
      forecast.lookedUp(nanos, of, missed);
    }
  }

  private static PreparedItem item(int tokens) {
    TokenIds ids = new TokenIds(new long[tokens], new long[tokens], false);
    return new PreparedItem(ResultKey.random(), new Prepared.Text(ids, 0, false));
  }
}
