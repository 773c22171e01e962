package dev.pilotlight.store.direct;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DetourTest {
  private final Detour detour = new Detour();

  @Test
  void failuresAtTheSameTimeCountAsOne() {
    assertThat(detour.directFailed()).isTrue();
    assertThat(detour.directFailed()).isFalse();
    assertThat(detour.directFailed()).isFalse();
    assertThat(calls()).isEqualTo(2);
    assertThat(detour.directFailed()).isTrue();
    assertThat(detour.directFailed()).isFalse();
    assertThat(calls()).isEqualTo(4);
  }

  @Test
  void aSuccessBeginsAgain() {
    assertThat(detour.directFailed()).isTrue();
    assertThat(calls()).isEqualTo(2);
    detour.directSucceeded();
    assertThat(detour.directFailed()).isTrue();
    assertThat(calls()).isEqualTo(2);
  }

  /// How many successes of the SDK end the detour.
  private int calls() {
    int calls = 0;
    while (detour.isOpen()) {
      detour.sdkSucceeded();
      calls++;
    }
    return calls;
  }
}
