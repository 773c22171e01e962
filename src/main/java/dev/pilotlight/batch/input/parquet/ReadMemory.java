package dev.pilotlight.batch.input.parquet;

import dev.pilotlight.batch.s3.BatchException;

/// The memory budget that the columns of a row group share for windows, pages and dictionaries. Not
/// thread-safe.
public final class ReadMemory {
  /// Maximum bytes of all columns, if the heap is large enough.
  public static final long BYTES_MAX = 256L << 20;

  private static final int SHARE_OF_HEAP = 4;
  private final long limit;
  private long held;

  /// @param limit limit in bytes
  ReadMemory(long limit) {
    this.limit = limit;
  }

  /// A quarter of the heap, but no more than [#BYTES_MAX]. The heap is half of the function's
  /// memory.
  public static ReadMemory ofHeap() {
    return new ReadMemory(Math.min(BYTES_MAX, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
  }

  /// Counts bytes before they are allocated.
  ///
  /// @param bytes negative to release them
  /// @throws BatchException.Unreadable if they exceed the budget; the message names the column
  void hold(String column, long bytes) {
    if (bytes > limit - held) {
      throw new BatchException.Unreadable(
          ("the Parquet file's column \"%s\" needs %d more bytes for a page or dictionary; the"
                  + " columns already hold %d of at most %d. Give the function more memory, write"
                  + " smaller pages or carry fewer columns")
              .formatted(column, bytes, held, limit),
          null);
    }
    held += bytes;
  }
}
