package dev.pilotlight.cli.audit.bill.pack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// How a file is packed, by its first bytes.
public enum Magic {
  GZIP,
  ZIP,
  PARQUET,
  TEXT;

  /// The bytes that are looked at.
  public static final int LENGTH = 4;

  public static Magic of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return of(in.readNBytes(LENGTH));
    }
  }

  public static Magic of(byte[] start) {
    if (start.length >= 2 && start[0] == 0x1F && start[1] == (byte) 0x8B) {
      return GZIP;
    }
    if (begins(start, 'P', 'K', 3, 4) || begins(start, 'P', 'K', 5, 6)) {
      return ZIP;
    }
    return begins(start, 'P', 'A', 'R', '1') ? PARQUET : TEXT;
  }

  private static boolean begins(byte[] start, int... bytes) {
    if (start.length < bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if (start[i] != bytes[i]) {
        return false;
      }
    }
    return true;
  }
}
