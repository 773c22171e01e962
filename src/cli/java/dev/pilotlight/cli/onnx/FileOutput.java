package dev.pilotlight.cli.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A new file that is written from its beginning, in large steps. [#close()] returns when the disk
/// has its bytes.
final class FileOutput implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final FileChannel file;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private long position;

  /// @throws IOException also if the file exists
  FileOutput(Path path) throws IOException {
    this.file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /// How many bytes were written.
  long position() {
    return position;
  }

  /// Writes zeros until the position is a multiple of a number.
  void align(int multiple) throws IOException {
    int rest = (int) (position % multiple);
    if (rest > 0) {
      write(ByteBuffer.allocate(multiple - rest));
    }
  }

  void write(ByteBuffer bytes) throws IOException {
    position += bytes.remaining();
    if (bytes.remaining() > buffer.remaining()) {
      flush();
    }
    if (bytes.remaining() > buffer.remaining()) {
      writeFully(bytes);
    } else {
      buffer.put(bytes);
    }
  }

  private void flush() throws IOException {
    writeFully(buffer.flip());
    buffer.clear();
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      var _ = file.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    try (file) {
      flush();
      file.force(true);
    }
  }
}
