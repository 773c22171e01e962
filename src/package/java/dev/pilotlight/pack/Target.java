package dev.pilotlight.pack;

import java.util.Locale;
import java.util.Optional;

/// The machine that the package is for: Linux on one of Lambda's two architectures, by the name
/// that each library gives it.
///
/// @param architecture as in the template
/// @param java as in Java's `os.arch`
record Target(String architecture, String java, String onnxruntime, String tokenizers) {
  private static final Target X86 = new Target("x86_64", "amd64", "linux-x64", "linux-x86_64");
  private static final Target ARM =
      new Target("arm64", "aarch64", "linux-aarch64", "linux-aarch64");

  static Target of(String architecture) {
    return switch (architecture) {
      case "x86_64" -> X86;
      case "arm64" -> ARM;
      default ->
          throw new IllegalArgumentException(
              "-Dpilotlight.architecture is '%s'; accepted: x86_64, arm64".formatted(architecture));
    };
  }

  /// The reason why a machine cannot make a runtime and an AOT cache for this target; empty if it
  /// can.
  Optional<String> obstacle(String os, String arch) {
    String target = "linux/" + architecture;
    if (!os.toLowerCase(Locale.ROOT).equals("linux")) {
      return Optional.of("this machine runs %s, the target is %s".formatted(os, target));
    }
    if (arch.equals(java)) {
      return Optional.empty();
    }
    return Optional.of(
        "this machine is linux/%s, the target is %s (-Dpilotlight.architecture= chooses)"
            .formatted(arch, target));
  }
}
