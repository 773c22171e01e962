package dev.pilotlight.bench.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.ResultKey;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaselineEventTest {
  private static final BaselineEvent MANY =
      new BaselineEvent(
          BaselineEvent.Work.MANY,
          5_000,
          1_574,
          "k",
          64,
          List.of(new long[] {101, 65_535}, new long[0]));

  @Test
  void anEncodedTaskIsDecoded() throws IOException {
    BaselineEvent read = BaselineEvent.of(MANY.encoded(0));
    assertThat(read.work()).isEqualTo(MANY.work());
    assertThat(read.responseBytes()).isEqualTo(5_000);
    assertThat(read.valueBytes()).isEqualTo(1_574);
    assertThat(read.together()).isEqualTo(64);
    assertThat(read.items()).containsExactlyElementsOf(MANY.items());
  }

  @Test
  void anEventIsPaddedToTheLengthOfTheFunctions() throws IOException {
    assertThat(MANY.encoded(900)).hasSize(900);
    assertThat(MANY.encoded(1)).hasSizeGreaterThan(1);
    assertThat(BaselineEvent.of(MANY.encoded(900)).items()).hasSize(2);
  }

  @Test
  void itsKeysAreAsLongAsOurs() {
    assertThat(MANY.key(0)).matches(ResultKey::isValid).isNotEqualTo(MANY.key(1));
    assertThat(MANY.key(63)).matches(ResultKey::isValid);
  }
}
