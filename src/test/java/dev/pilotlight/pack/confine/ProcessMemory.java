package dev.pilotlight.pack.confine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Reads the memory that the arguments of another thread's system call point to.
///
/// @param directory the thread's, in `/proc`
record ProcessMemory(Path directory) {
  private static final int PATH_BYTES_MAX = 4096;
  private static final int WORKING_DIRECTORY = -100;

  static ProcessMemory of(int thread) {
    return new ProcessMemory(Path.of("/proc", Integer.toString(thread)));
  }

  /// At most so many bytes; fewer where the memory ends.
  byte[] read(long address, int bytes) throws IOException {
    byte[] into = new byte[bytes];
    try (FileChannel memory = FileChannel.open(directory.resolve("mem"))) {
      int read = memory.read(ByteBuffer.wrap(into), address);
      return Arrays.copyOf(into, Math.max(read, 0));
    }
  }

  /// @param at the descriptor of the directory that a relative path begins at
  Path path(long at, long address) throws IOException {
    byte[] bytes = read(address, PATH_BYTES_MAX);
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    Path path = Path.of(new String(bytes, 0, length, StandardCharsets.UTF_8));
    return path.isAbsolute() ? path : base((int) at).resolve(path).normalize();
  }

  Path path(long address) throws IOException {
    return path(WORKING_DIRECTORY, address);
  }

  private Path base(int at) throws IOException {
    String link = at == WORKING_DIRECTORY ? "cwd" : "fd/" + at;
    return Files.readSymbolicLink(directory.resolve(link));
  }
}
