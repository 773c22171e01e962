package dev.pilotlight.pack;

import dev.pilotlight.support.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Ties the AOT cache to what it was made of. The JVM does not: with a jar that was changed after
/// the training, it runs the old classes from the cache without a word.
///
/// The note lies in the package, in the form that `sha256sum --check` reads.
final class Binding {
  static final String FILE = "aot.sha256";

  private static final List<String> BOUND =
      List.of(
          "bootstrap",
          "lib/pilotlight.jar",
          "jre/lib/modules",
          "jre/lib/server/libjvm.so",
          "pilotlight.aot");
  private static final int CHUNK_BYTES = 1 << 20;

  private Binding() {}

  /// Notes what the cache was trained with.
  static void write(Path root) throws IOException {
    Files.write(root.resolve(FILE), lines(root));
  }

  /// @throws IllegalStateException if something is not as it was when the cache was made
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
    byte[] chunk = new byte[CHUNK_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        digest.update(chunk, 0, read);
      }
    }
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
