package dev.pilotlight.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpReplyTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '!',
      value = {
        "pilotlight; fwd=miss; stored,                   miss",
        "pilotlight; hit; detail=redis,                  redis",
        "pilotlight; hit; detail=\"redis\",             redis",
        "!dynamodb; fwd=miss, redis; hit!,               redis",
      })
  void cacheTierIsTheCacheThatHit(String cacheStatus, String tier) {
    HttpReply.Header header = new HttpReply.Header("cache-status", cacheStatus);
    assertThat(new HttpReply(200, List.of(header), new byte[0]).cacheTier()).isEqualTo(tier);
  }

  @Test
  void cacheTierIsADashWithoutTheHeader() {
    assertThat(new HttpReply(200, List.of(), new byte[0]).cacheTier()).isEqualTo("-");
  }
}
