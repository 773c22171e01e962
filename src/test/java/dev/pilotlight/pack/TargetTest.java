package dev.pilotlight.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TargetTest {
  @Test
  void aMachineLikeTheTargetMakesTheWholePackage() {
    assertThat(Target.of("x86_64").obstacle("Linux", "amd64")).isEmpty();
    assertThat(Target.of("arm64").obstacle("Linux", "aarch64")).isEmpty();
  }

  @Test
  void anyOtherMachineIsReportedWithTheTarget() {
    assertThat(Target.of("x86_64").obstacle("Mac OS X", "aarch64"))
        .contains("this machine runs Mac OS X, the target is linux/x86_64");
    assertThat(Target.of("arm64").obstacle("Linux", "amd64"))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .startsWith("this machine is linux/amd64, the target is linux/arm64")
                    .contains("-Dpilotlight.architecture="));
  }

  @Test
  void anUnknownArchitectureIsRefusedWithTheAcceptedOnes() {
    assertThatThrownBy(() -> Target.of("sparc"))
        .hasMessage("-Dpilotlight.architecture is 'sparc'; accepted: x86_64, arm64");
  }
}
