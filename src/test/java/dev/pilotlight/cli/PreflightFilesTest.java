package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

/// The package and the presets that `pilotlight preflight` checks, also without AWS.
final class PreflightFilesTest extends TestProject {
  @Test
  void withoutCredentialsPackageAndPresetAreStillChecked() throws IOException {
    config("Architecture=arm64");

    TestRun run =
        run(
            () -> {
              throw SdkClientException.create("none");
            },
            aws.endpoint(),
            "us-east-1");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out())
        .containsPattern("unknown +concurrency +no credentials: set AWS_PROFILE")
        .containsPattern("ok +package .*x86.zip is for x86_64")
        .containsPattern(
            "FAILS +package .*x86.zip is for x86_64; Architecture is arm64: build with")
        .containsPattern("ok +memory +3008 MB, which every account has");
    assertThat(aws.calls()).isEmpty();
  }

  @Test
  void thePackageIsComparedWithProcessorRuntimeAndStorage() throws IOException {
    zip = zip("arm.zip", ARM64, "bootstrap");
    assertThat(run("us-east-1").out()).contains("is for arm64; Architecture is x86_64");
    config("Architecture=arm64");
    assertThat(run("us-east-1", "--preset", "other").exitCode()).isZero();

    zip = zip("plain.zip", X86_64, "lib/x.jar");
    assertThat(run("us-east-1").out()).contains("has no bootstrap");
    config("Runtime=java25");
    assertThat(run("us-east-1", "--preset", "other").exitCode()).isZero();

    zip = root.resolve("none.zip");
    assertThat(run("us-east-1").out()).contains("there is none; mvn package makes it");
    assertThat(run("us-east-1").exitCode()).isOne();

    zip = zip("x86.zip", X86_64, "bootstrap");
    aws.put(TestAws.LIMITS, 200, TestAws.limits(1000, 1000, 100, 99));
    assertThat(run("us-east-1").out()).containsPattern("FAILS +code storage +0 MB left; a deploy");

    Files.writeString(zip, "no zip");
    assertThat(run("us-east-1").exitCode()).isEqualTo(2);
  }

  @Test
  void wrongFilesAndPresetsAreUsageErrors() throws IOException {
    assertThat(run("us-east-1", "--preset", "busy").err())
        .contains("--preset is busy; ", "samconfig.toml has default, other");

    config("Memory=5");
    assertThat(run("us-east-1").err()).contains("other sets Memory, which ");
    Files.writeString(root.resolve("samconfig.toml"), "version = 0.1\n???\n");
    assertThat(run("us-east-1").err()).contains("line 2 is not understood: ???");
    Files.delete(root.resolve("samconfig.toml"));
    TestRun missing = run("us-east-1");
    assertThat(missing.err()).contains("samconfig.toml does not exist");
    assertThat(missing.exitCode()).isEqualTo(2);
  }
}
