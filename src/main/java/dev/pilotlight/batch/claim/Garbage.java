package dev.pilotlight.batch.claim;

/// Keeps the heap small for as long as a batch takes. For one thread at a time.
///
/// A window is in memory for seconds, and a result in the memory cache for a minute: too long to
/// die young. As garbage among the old objects they would stay until the heap is full, which is
/// half of the function's memory. A smaller heap would bound them, too, but also what a model's
/// answers may take; so the heap is collected when it has grown by [#GROWTH_BYTES] since the last
/// time.
public final class Garbage {
  private static final long GROWTH_BYTES = 32L * 1024 * 1024;

  private long kept = used();

  /// Collects it if there may be much.
  public void collect() {
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
