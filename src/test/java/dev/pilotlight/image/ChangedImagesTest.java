package dev.pilotlight.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Headers of files that were cut or changed anywhere: each is read or refused.
public final class ChangedImagesTest {
  private static final long PIXELS_MAX = 25_000_000;
  private static final int[] BITS = {0x01, 0x02, 0x80, 0xFF};

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(GoldenImages.FOLDER)) {
      return files.filter(file -> file.toString().matches(".*\\.(jpg|png)")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void readsOrRefuses(Path path) throws IOException {
    byte[] file = Files.readAllBytes(path);
    int refused = 0;
    for (int at = 0; at < file.length; at++) {
      refused += refused(Arrays.copyOf(file, at));
      for (int bits : BITS) {
        byte[] changed = file.clone();
        changed[at] ^= (byte) bits;
        refused += refused(changed);
      }
    }
    assertThat(refused).isPositive();
  }

  private static int refused(byte[] file) {
    try {
      var _ = ImageHeader.read(file, PIXELS_MAX);
      return 0;
    } catch (Refusal e) {
      return 1;
    }
  }
}
