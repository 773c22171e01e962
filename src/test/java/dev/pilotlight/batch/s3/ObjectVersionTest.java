package dev.pilotlight.batch.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
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
    assertOrder(version(older), version(newer), Optional.empty());
    // sequencers take precedence over times
    assertOrder(modified("a", 9, older), modified("b", 1, newer), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({"0055, 0055", "0055, 00550000", "00ab, 00AB"})
  void equalSequencersAreTheSameVersion(String one, String other) {
    assertThat(version(one).isSameAs(version(other))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"'', ''", "0A, ''", "'', 0A"})
  void timesOrderVersionsWhereASequencerIsMissing(String older, String newer) {
    assertOrder(modified("b", 1, older), modified("a", 2, newer), Optional.empty());
    assertOrder(unversioned("b", 1, older), unversioned("a", 2, newer), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({"'', ''", "0A, ''", "'', 0A"})
  void theCurrentVersionIsTheNewestOfItsSecond(String older, String newer) {
    ObjectVersion current = modified("a", 1, newer);
    assertOrder(modified("b", 1, older), current, Optional.of(current));
    ObjectVersion unversioned = unversioned("a", 1, newer);
    assertOrder(unversioned("b", 1, older), unversioned, Optional.of(unversioned));
  }

  @Test
  void twoVersionsOfOneSecondThatAreNotCurrentHaveAFixedOrder() {
    ObjectVersion third = modified("c", 1, "");
    assertOrder(modified("a", 1, ""), modified("b", 1, ""), Optional.of(third));
    assertOrder(modified("a", 1, "0A"), modified("b", 1, ""), Optional.empty());
  }

  @Test
  void theNewestOfSeveralIsNewerThanEachInEveryMixOfSequencers() {
    // of one second, so that neither time nor id is of help
    ObjectVersion newest = modified("a", 1, "");
    for (String seq : List.of("", "01", "FF")) {
      for (String id : List.of("b", "c", "null")) {
        assertOrder(modified(id, 1, seq), newest, Optional.of(newest));
      }
    }
  }

  @Test
  void aVersionIsTheSameWithAndWithoutSequencer() {
    assertThat(modified("v", 1, "0A").isSameAs(modified("v", 1, ""))).isTrue();
    assertThat(unversioned("e", 1, "0A").isSameAs(unversioned("e", 1, ""))).isTrue();
    assertThat(modified("v", 1, "").isSameAs(modified("w", 1, ""))).isFalse();
    // the same content, put again
    assertThat(unversioned("e", 1, "").isSameAs(unversioned("e", 2, ""))).isFalse();
    // what is put while versioning is suspended has the id null each time
    ObjectVersion first = new ObjectVersion("in", "key", "null", "e1", 1, "", 1_000);
    ObjectVersion second = new ObjectVersion("in", "key", "null", "e2", 1, "", 1_000);
    assertThat(first.isSameAs(second)).isFalse();
    assertThat(first.identity()).isNotEqualTo(second.identity());
  }

  private static void assertOrder(
      ObjectVersion older, ObjectVersion newer, Optional<ObjectVersion> current) {
    assertThat(older.isOlderThan(newer, () -> current)).as("%s", current).isTrue();
    assertThat(newer.isOlderThan(older, () -> current)).as("%s", current).isFalse();
    assertThat(newer.isSameAs(older)).isFalse();
  }

  private static ObjectVersion modified(String versionId, long second, String sequencer) {
    return new ObjectVersion("in", "key", versionId, "e" + versionId, 1, sequencer, 1_000 * second);
  }

  private static ObjectVersion unversioned(String eTag, long second, String sequencer) {
    return new ObjectVersion("in", "key", "", eTag, 1, sequencer, 1_000 * second);
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
