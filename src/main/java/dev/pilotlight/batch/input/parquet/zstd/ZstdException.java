package dev.pilotlight.batch.input.parquet.zstd;

import java.io.Serial;

/// Compressed data that are damaged, or have what the decoder does not support.
public final class ZstdException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /// @param message begins in lower case and follows "broken ZSTD: "
  ZstdException(String message) {
    super(message);
  }
}
