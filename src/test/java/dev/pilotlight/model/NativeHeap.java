package dev.pilotlight.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// The bytes that native code has allocated and not freed; resident memory would also count the
/// Java heap.
public final class NativeHeap {
  /// Places in glibc's `struct mallinfo2`.
  private static final int MAPPED = 4;

  private static final int IN_USE = 7;
  private static final int FIELDS = 10;

  private static final int PASSES = 4;
  private static final long NOISE_BYTES = 1_000_000;

  private NativeHeap() {}

  /// Bytes that an action leaves allocated, after it ran once to fill what is kept for good.
  ///
  /// Java's compilers allocate in the same heap, and for some seconds after a busy test: so a
  /// growth is measured again, and the least counts. A leak is there each time.
  public static long growth(int rounds, Runnable action) {
    for (int i = 0; i < rounds / 10 + 1; i++) {
      action.run();
    }
    long least = Long.MAX_VALUE;
    for (int pass = 0; pass < PASSES && least > NOISE_BYTES; pass++) {
      long before = inUseBytes();
      for (int i = 0; i < rounds; i++) {
        action.run();
      }
      least = Math.min(least, inUseBytes() - before);
    }
    return least;
  }

  private static long inUseBytes() {
    Optional<MemorySegment> mallinfo = Linker.nativeLinker().defaultLookup().find("mallinfo2");
    assumeTrue(mallinfo.isPresent(), "only glibc counts its allocations");
    MemoryLayout layout = MemoryLayout.sequenceLayout(FIELDS, ValueLayout.JAVA_LONG);
    MethodHandle call =
        Linker.nativeLinker()
            .downcallHandle(
                mallinfo.orElseThrow(), FunctionDescriptor.of(MemoryLayout.structLayout(layout)));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = (MemorySegment) call.invokeExact((SegmentAllocator) arena);
      return info.getAtIndex(ValueLayout.JAVA_LONG, MAPPED)
          + info.getAtIndex(ValueLayout.JAVA_LONG, IN_USE);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
