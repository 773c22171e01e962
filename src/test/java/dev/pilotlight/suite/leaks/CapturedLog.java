package dev.pilotlight.suite.leaks;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A function's log and metrics, which a test captures. In a run of all tests it is also appended
/// to the file that `pilotlight.log.file` names, as the local runner's functions do theirs, so that
/// [LeakScan] finds secrets in it.
public final class CapturedLog extends ByteArrayOutputStream {
  private static final OutputStream COPY = open(System.getProperty("pilotlight.log.file", ""));

  @Override
  public synchronized void write(int b) {
    super.write(b);
    copy(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int start, int length) {
    super.write(bytes, start, length);
    copy(bytes, start, length);
  }

  private static void copy(byte[] bytes, int start, int length) {
    try {
      COPY.write(bytes, start, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static OutputStream open(String file) {
    if (file.isBlank()) {
      return OutputStream.nullOutputStream();
    }
    try {
      Path path = Path.of(file).toAbsolutePath();
      Files.createDirectories(path.getParent());
      return new FileOutputStream(path.toFile(), true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
