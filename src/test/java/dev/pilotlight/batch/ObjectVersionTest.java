package dev.pilotlight.batch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectVersionTest {

  @ParameterizedTest
  @CsvSource({
    "0055AED6DCD90281E5, 0055AED6DCD90281E6",
    "0055AED6DCD90281E5, 0055aed6dcd90281e6",
    "0055aed6dcd90281e5, 0055AED6DCD90281E6",
    "0055AED6DCD90281E5, 0055AED6DCD90281E501",
    "0055AED6DCD902, 0055AED6DCD90281",
    "0055AED6DCD90281E5, 0056",
    "9, A",
  })
  void theSequencersOrderVersions(String older, String newer) {
    assertThat(version(older).isOlderThan(version(newer))).isTrue();
    assertThat(version(newer).isOlderThan(version(older))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0055, 0055", "0055, 00550000", "00ab, 00AB", "'', 0055", "0055, ''", "'', ''"})
  void noVersionIsOlderIfTheSequencersDoNotSaySo(String one, String other) {
    assertThat(version(one).isOlderThan(version(other))).isFalse();
    assertThat(version(other).isOlderThan(version(one))).isFalse();
  }

  @Test
  void theVersionsOfAnObjectShareABatchAndOtherObjectsDoNot() {
    ObjectVersion version = version("1");
    assertThat(version.batchId()).hasSize(43).isEqualTo(version("2").batchId());
    assertThat(new ObjectVersion("in", "key2", "", "", 1, "1").batchId())
        .isNotEqualTo(version.batchId());
    assertThat(new ObjectVersion("in2", "key", "", "", 1, "1").batchId())
        .isNotEqualTo(version.batchId());
  }

  private static ObjectVersion version(String sequencer) {
    return new ObjectVersion("in", "key", "", "", 1, sequencer);
  }
}
