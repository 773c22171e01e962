package dev.pilotlight.pack;

import dev.pilotlight.support.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Ties the AOT cache to the files it was trained with. The JVM does not: if the jar changes after
/// the training, it silently runs the old classes from the cache.
///
/// The digests are in the package, in the format of `sha256sum --check`.
final class Binding {
  static final String FILE = "aot.sha256";

  private static final List<String> BOUND =
      List.of(
          "bootstrap",
          "lib/pilotlight.jar",
          "jre/lib/modules",
          "jre/lib/server/libjvm.so",
          "pilotlight.aot");

  private Binding() {}

  /// Records the files that the cache was trained with.
  static void write(Path root) throws IOException {
    Files.write(root.resolve(FILE), lines(root));
  }

  /// @throws IllegalStateException if a file has changed since the training
  static void check(Path root) throws IOException {
    List<String> noted = Files.readAllLines(root.resolve(FILE));
    List<String> changed = new ArrayList<>(lines(root));
    changed.removeAll(noted);
    if (!changed.isEmpty()) {
      throw new IllegalStateException(
          "changed after the AOT cache was made, which would go on running the old code: %s"
              .formatted(changed.stream().map(line -> line.split(" +", 2)[1]).toList()));
    }
  }

  static String sha256(Path file) throws IOException {
    MessageDigest digest = Sha256.start();
    OutputStream nowhere = OutputStream.nullOutputStream();
    long _ = Files.copy(file, new DigestOutputStream(nowhere, digest));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static List<String> lines(Path root) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String name : BOUND) {
      lines.add(sha256(root.resolve(name)) + "  " + name);
    }
    return lines;
  }
}
