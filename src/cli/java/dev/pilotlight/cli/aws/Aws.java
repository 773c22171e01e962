package dev.pilotlight.cli.aws;

import java.util.Optional;

/// AWS, as a command calls it.
///
/// @param region of the environment or the profile
public record Aws(AwsCalls calls, Optional<String> region) {
  public static Aws ofProcess() {
    return new Aws(AwsCalls.ofProcess(), AwsCalls.regionOfProcess());
  }
}
