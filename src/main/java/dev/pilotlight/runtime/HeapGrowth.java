package dev.pilotlight.runtime;

/// Collects the heap between two events, once it holds [#STEP_BYTES] more than after the last
/// collection.
///
/// Results that the memory cache evicts are garbage among the old objects. The serial collector
/// lets the heap grow to its limit, half of the function's memory, before it collects those, and
/// then a caller waits. Until then they fill memory that models could use. Here nobody waits, since
/// the response has been sent.
///
/// Collections take at most one hundredth of the time, so that large requests, which fill the step
/// each, do not cause one each. Confined to the loop's thread.
class HeapGrowth {
  /// New objects that are still in use fill up to 16 MB of it.
  static final long STEP_BYTES = 40L * 1024 * 1024;

  private static final int SHARE = 100;

  private long limit = STEP_BYTES;
  private long ended;
  private long took;

  /// Call this after each event.
  final void afterEvent() {
    if (usedBytes() >= limit) {
      collectIfAllowed();
    }
  }

  private void collectIfAllowed() {
    long begun = nanoTime();
    if (took > 0 && begun - ended < took * SHARE) {
      return;
    }
    collect();
    ended = nanoTime();
    took = ended - begun;
    limit = usedBytes() + STEP_BYTES;
  }

  /// The heap's objects, whether in use or garbage.
  long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  void collect() {
    System.gc();
  }

  long nanoTime() {
    return System.nanoTime();
  }
}
