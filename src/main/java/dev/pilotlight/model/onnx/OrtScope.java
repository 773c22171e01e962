package dev.pilotlight.model.onnx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;

/// Owns native memory and objects of ONNX Runtime; frees them all, the latest first, on every way
/// out. Used by one thread at a time.
final class OrtScope implements AutoCloseable {
  private final OrtApi api;
  private final Arena arena;
  private final MemorySegment result;
  private final Deque<Runnable> releases = new ArrayDeque<>();

  private OrtScope(OrtApi api, Arena arena) {
    this.api = api;
    this.arena = arena;
    this.result = arena.allocate(ValueLayout.JAVA_LONG);
  }

  /// For one call; closed by the thread that opened it.
  @SuppressWarnings("MustBeClosedChecker") // the scope closes its arena
  static OrtScope ofThread(OrtApi api) {
    return new OrtScope(api, Arena.ofConfined());
  }

  /// For what outlives a call; any thread may close it.
  @SuppressWarnings("MustBeClosedChecker") // the scope closes its arena
  static OrtScope ofGraph(OrtApi api) {
    return new OrtScope(api, Arena.ofShared());
  }

  OrtApi api() {
    return api;
  }

  /// Calls a function whose last parameter points to its result.
  ///
  /// @return the result: a pointer, or a number that is not negative
  long get(OrtFunction function, long... arguments) {
    long[] withResult = new long[arguments.length + 1];
    System.arraycopy(arguments, 0, withResult, 0, arguments.length);
    withResult[arguments.length] = result.address();
    // an enum fills half of the word only
    result.set(ValueLayout.JAVA_LONG, 0, 0);
    api.check(function, withResult);
    return result.get(ValueLayout.JAVA_LONG, 0);
  }

  /// As [#get], for a result that is to be released in the end.
  long own(OrtFunction release, OrtFunction create, long... arguments) {
    long pointer = get(create, arguments);
    releases.push(() -> api.call(release, pointer));
    return pointer;
  }

  /// Room for pointers to objects that are to be released in the end; null until something fills
  /// it.
  MemorySegment ownAll(OrtFunction release, int count) {
    MemorySegment pointers = words(new long[count]);
    releases.push(
        () -> {
          for (int i = 0; i < count; i++) {
            api.call(release, pointers.getAtIndex(ValueLayout.JAVA_LONG, i));
          }
        });
    return pointers;
  }

  MemorySegment words(long... values) {
    // at least one, so that the address is valid even for a scalar's shape
    MemorySegment words = arena.allocate(ValueLayout.JAVA_LONG, Math.max(values.length, 1));
    MemorySegment.copy(values, 0, words, ValueLayout.JAVA_LONG, 0, values.length);
    return words;
  }

  MemorySegment bytes(long size) {
    return arena.allocate(Math.max(size, 1));
  }

  /// The address of a NUL-terminated copy in UTF-8.
  long text(String value) {
    return arena.allocateFrom(value).address();
  }

  @Override
  public void close() {
    releases.forEach(Runnable::run);
    releases.clear();
    arena.close();
  }
}
