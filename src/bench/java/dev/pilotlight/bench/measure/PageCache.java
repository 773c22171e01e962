package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.report.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Drops files from the page cache, so that they are read from the disk again.
final class PageCache {
  private PageCache() {}

  /// Drops the files as far as an ordinary user can: pages mapped by another process stay.
  ///
  /// @return the bytes that stayed
  static long drop(List<Path> files) throws IOException {
    for (Path file : files) {
      Libc.dropPages(file.toString());
    }
    return bytes(files);
  }

  /// The number of their bytes in memory.
  static long bytes(List<Path> files) throws IOException {
    long bytes = 0;
    for (Path file : files) {
      if (Files.size(file) > 0) {
        bytes += bytes(file);
      }
    }
    return bytes;
  }

  private static long bytes(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file);
        Arena arena = Arena.ofConfined()) {
      long pages =
          Libc.pagesInMemory(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
      return pages * Libc.PAGE_BYTES;
    }
  }
}
