package dev.pilotlight.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.limits.Standing;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LimitHeadersTest {
  private static final Standing.Left REQUESTS = new Standing.Left(10, 2, 9, 200_000, 150_001);
  private static final Standing.Left TOKENS = new Standing.Left(20_000, 10, 0, 10_000_000, 999);

  @Test
  void bothRatesAreInOneHeaderOfTheDraftAndInOpenAisOwn() {
    assertThat(LimitHeaders.of(new Standing(REQUESTS, TOKENS)))
        .isEqualTo(
            Map.of(
                "ratelimit-policy", "\"requests\";q=10;w=2, \"tokens\";q=20000;w=10;qu=\"tokens\"",
                "ratelimit", "\"requests\";r=9;t=1, \"tokens\";r=0;t=1",
                "x-ratelimit-limit-requests", "10",
                "x-ratelimit-remaining-requests", "9",
                "x-ratelimit-reset-requests", "200ms",
                "x-ratelimit-limit-tokens", "20000",
                "x-ratelimit-remaining-tokens", "0",
                "x-ratelimit-reset-tokens", "10s"));
  }

  @Test
  void aRateThatIsNotLimitedHasNoHeader() {
    assertThat(LimitHeaders.of(new Standing(null, TOKENS)))
        .containsEntry("ratelimit", "\"tokens\";r=0;t=1")
        .doesNotContainKey("x-ratelimit-limit-requests")
        .hasSize(5);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0ms",
    "1, 1ms",
    "999000, 999ms",
    "999001, 1s",
    "1000000, 1s",
    "1500000, 1.5s",
    "1050000, 1.05s",
    "59999000, 59.999s",
    "60000000, 1m0s",
    "360000000, 6m0s",
    "3601001000, 60m1.001s"
  })
  void durationsAreWrittenAsOpenAiWritesThem(long micros, String text) {
    assertThat(LimitHeaders.duration(micros)).isEqualTo(text);
  }
}
