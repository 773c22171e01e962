package dev.pilotlight.batch;

/// Keeps the heap small during a batch. For one thread at a time.
///
/// A window is in memory for seconds, and a result in the memory cache for a minute: both outlive
/// the young generation. As garbage among the old objects they would stay until the heap is full,
/// which is half of the function's memory. A smaller heap would also limit the answers of a model;
/// so the heap is collected when it has grown by [#GROWTH_BYTES] since the last time.
final class HeapGrowth {
  private static final long GROWTH_BYTES = 32L * 1024 * 1024;

  private long kept = used();

  void collectIfGrown() {
    if (used() - kept > GROWTH_BYTES) {
      System.gc();
      kept = used();
    }
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
