package dev.pilotlight.support;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads files from start to end, for digests and checksums.
public final class FileChunks {
  private static final int CHUNK_BYTES = 1 << 18;

  private FileChunks() {}

  /// Takes a file's bytes in order, such as a method `update` of a digest or a checksum.
  public interface Sink {
    /// Takes the next bytes.
    ///
    /// @param bytes reused after the call
    void update(byte[] bytes, int from, int count);
  }

  /// Reads a file.
  ///
  /// @return how many bytes it had
  public static long read(Path file, Sink sink) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    long size = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        sink.update(chunk, 0, count);
        size += count;
      }
    }
    return size;
  }
}
