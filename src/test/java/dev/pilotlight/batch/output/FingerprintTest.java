package dev.pilotlight.batch.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FingerprintTest {
  @Test
  void digestAloneMatchesEachPlan() {
    assertThat(Fingerprint.areSame(List.of("d", "d/p"))).isTrue();
    assertThat(Fingerprint.areSame(List.of("d/p", "d/q"))).isFalse();
    assertThat(Fingerprint.areSame(List.of("d", "d/p", "d/q"))).isFalse();
    assertThat(Fingerprint.areSame(List.of("d", "e"))).isFalse();
    assertThat(Fingerprint.mostSpecific(List.of("d", "d/p"))).isEqualTo("d/p");
    assertThat(Fingerprint.mostSpecific(List.of("d"))).isEqualTo("d");
    assertThat(Fingerprint.of("d")).isEqualTo(new Fingerprint("d", null));
    assertThat(Fingerprint.of("d/p")).isEqualTo(new Fingerprint("d", "p"));
  }
}
