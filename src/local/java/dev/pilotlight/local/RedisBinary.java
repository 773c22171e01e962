package dev.pilotlight.local;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.error.OsArchitectureNotFound;
import redis.embedded.error.UnknownOSName;

/// The Redis server that embedded-redis ships for this machine, unpacked once per JVM.
final class RedisBinary {
  private record Probe(Optional<File> executable, String reason) {}

  private static final class Holder {
    static final Probe PROBE = probe();
  }

  private RedisBinary() {}

  /// Why it cannot run here, in one line; empty if it can.
  static Optional<String> problem() {
    return Holder.PROBE.executable.isPresent()
        ? Optional.empty()
        : Optional.of(Holder.PROBE.reason);
  }

  static String path() {
    return Holder.PROBE
        .executable
        .orElseThrow(() -> new IllegalStateException(Holder.PROBE.reason))
        .getPath();
  }

  private static Probe probe() {
    try {
      Path directory = Files.createTempDirectory("pilotlight-redis");
      File executable = ExecutableProvider.newJarResourceProvider(directory.toFile()).get();
      directory.toFile().deleteOnExit();
      executable.deleteOnExit();
      return tried(executable);
    } catch (IOException | OsArchitectureNotFound | UnknownOSName e) {
      return new Probe(Optional.empty(), "the bundled Redis has no build for this machine: " + e);
    }
  }

  private static Probe tried(File executable) throws IOException {
    Process process =
        new ProcessBuilder(executable.getPath(), "--version").redirectErrorStream(true).start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() == 0) {
        return new Probe(Optional.of(executable), "");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String reason =
        said.contains("libssl") || said.contains("libcrypto")
            ? "the bundled Redis needs OpenSSL 3 (libssl.so.3), which is not installed"
            : "the bundled Redis does not run here: "
                + said.lines().findFirst().orElse("no output");
    return new Probe(Optional.empty(), reason);
  }
}
