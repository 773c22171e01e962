package dev.pilotlight.local.redis;

import dev.pilotlight.local.support.DataDirectory;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.error.OsArchitectureNotFound;
import redis.embedded.error.UnknownOSName;

/// The Redis server that embedded-redis ships for this machine, unpacked once into the build's
/// directory. Where there is none, it is unpacked into a temporary directory by each JVM.
final class RedisBinary {
  private static final Path BUILD = Path.of("target");

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
      return probe(Files.isDirectory(BUILD) ? unpackOnce() : unpackForThisJvm());
    } catch (IOException | OsArchitectureNotFound | UnknownOSName e) {
      return new Probe(Optional.empty(), "the bundled Redis has no build for this machine: " + e);
    }
  }

  private static File unpackOnce() throws IOException {
    Path kept = BUILD.resolve(library()).toAbsolutePath();
    try (Stream<Path> files = Files.isDirectory(kept) ? Files.list(kept) : Stream.empty()) {
      Optional<Path> found = files.filter(Files::isExecutable).findFirst();
      if (found.isPresent()) {
        return found.get().toFile();
      }
    }
    // moved into place when it is whole, so that no other process starts half a file
    Path unpacked = Files.createTempDirectory(BUILD, "redis");
    File executable = unpack(unpacked);
    Files.createDirectories(kept);
    Path place = kept.resolve(executable.getName());
    Files.move(executable.toPath(), place, StandardCopyOption.ATOMIC_MOVE);
    DataDirectory.delete(unpacked);
    return place.toFile();
  }

  private static File unpackForThisJvm() throws IOException {
    Path directory = Files.createTempDirectory("pilotlight-redis");
    directory.toFile().deleteOnExit();
    File executable = unpack(directory);
    executable.deleteOnExit();
    return executable;
  }

  private static File unpack(Path directory) throws IOException {
    return ExecutableProvider.newJarResourceProvider(directory.toFile()).get();
  }

  /// The name of the library's jar; it contains the version.
  private static String library() {
    CodeSource source = ExecutableProvider.class.getProtectionDomain().getCodeSource();
    String jar = source == null ? "embedded-redis" : source.getLocation().getPath();
    return Objects.requireNonNull(Path.of(jar).getFileName()).toString().replace(".jar", "");
  }

  private static Probe probe(File executable) throws IOException {
    Process process =
        new ProcessBuilder(executable.getPath(), "--version").redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() == 0) {
        return new Probe(Optional.of(executable), "");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String reason =
        output.contains("libssl") || output.contains("libcrypto")
            ? "the bundled Redis needs OpenSSL 3 (libssl.so.3), which is not installed"
            : "the bundled Redis does not run here: "
                + output.lines().findFirst().orElse("no output");
    return new Probe(Optional.empty(), reason);
  }
}
