package dev.pilotlight.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
final class PageCacheTest {
  private static final int BYTES = 1 << 20;

  @Test
  void aFileThatWasReadIsInMemoryUntilItIsDropped(@TempDir Path directory) throws IOException {
    List<Path> file = List.of(Files.write(directory.resolve("file"), new byte[BYTES]));
    assumeThat(Files.getFileStore(directory).type()).isNotEqualTo("tmpfs");
    assertThat(PageCache.bytes(file)).isEqualTo(BYTES);

    assertThat(PageCache.drop(file)).isZero();

    byte[] _ = Files.readAllBytes(file.getFirst());
    assertThat(PageCache.bytes(file)).isEqualTo(BYTES);
  }
}
