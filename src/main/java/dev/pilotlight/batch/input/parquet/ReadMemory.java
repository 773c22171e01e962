package dev.pilotlight.batch.input.parquet;

import dev.pilotlight.batch.s3.BatchException;

/// The memory that the columns of a row group share: windows, pages, dictionaries. Not thread-safe.
public final class ReadMemory {
  /// The bytes of all columns, where the heap is large enough.
  public static final long BYTES_MAX = 256L << 20;

  private static final int SHARE_OF_HEAP = 4;
  private final long most;
  private long held;

  /// @param most in bytes
  ReadMemory(long most) {
    this.most = most;
  }

  /// A quarter of the heap, which is half of the function's memory, but no more than [#BYTES_MAX].
  public static ReadMemory ofHeap() {
    return new ReadMemory(Math.min(BYTES_MAX, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
  }

  /// Counts bytes before they are allocated.
  ///
  /// @param bytes negative for those that are no longer held
  /// @throws BatchException.Unreadable naming the column, if they are too many
  void hold(String column, long bytes) {
    if (bytes > most - held) {
      throw new BatchException.Unreadable(
          ("the Parquet file's column \"%s\" needs %d bytes of memory more, for a page or a"
                  + " dictionary, and its columns have %d bytes already; up to %d are accepted."
                  + " More memory for the function, smaller pages or fewer carried columns help")
              .formatted(column, bytes, held, most),
          null);
    }
    held += bytes;
  }
}
