package dev.pilotlight.model.repository;

import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.format.LoadFailure;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// Keeps the process within its memory: before a model is loaded, the least recently used idle
/// models are closed until it fits. Thread-safe.
///
/// Measured on fp32 exports of 90 to 500 MB: loading takes 1.6 times the file, of which its weights
/// remain; int8 exports take 2.2 times the file and keep it. A closed session's memory stays with
/// the allocator until it is trimmed: of 580 MB of three models, closing left 360 and trimming 125.
public final class ModelMemory {
  private static final double FP32_FACTOR = 1.6;
  private static final double INT8_FACTOR = 2.2;
  // the library holds vocabulary and merges as objects
  private static final double TOKENIZER_FACTOR = 4;
  private static final long RESERVE_BYTES = 64L << 20;
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";

  private final long bytesMax;
  private final LongSupplier resident;
  private final Uses uses;
  private long loading;

  /// @param bytesMax the most that the process may have; [Long#MAX_VALUE] if nothing limits it
  /// @param resident the process's resident memory now
  public ModelMemory(long bytesMax, LongSupplier resident, Uses uses) {
    this.bytesMax = bytesMax;
    this.resident = resident;
    this.uses = uses;
  }

  /// The memory that loading a model takes at its peak.
  public static long estimate(ModelFiles files) {
    double weights = files.weightBytes() * (files.int8() ? INT8_FACTOR : FP32_FACTOR);
    double tokenizer =
        files.has(ModelFiles.TOKENIZER) ? files.size(ModelFiles.TOKENIZER) * TOKENIZER_FACTOR : 0;
    return (long) (weights + tokenizer);
  }

  /// Memory reserved for a model while it is loaded; closed afterwards.
  public interface Room extends AutoCloseable {
    @Override
    void close();
  }

  /// Makes room, if necessary by closing others.
  ///
  /// @param others the models that may be closed
  /// @param kept those that may not
  /// @throws LoadFailure with the numbers, if there is no room; a passing one if other models are
  ///   in use
  public synchronized Room makeRoom(
      ModelFiles files, Collection<LoadOnce> others, Predicate<LoadOnce> kept) {
    long estimate = estimate(files);
    List<LoadOnce> loaded = others.stream().filter(other -> other.loaded() != null).toList();
    // the usual case needs no call to the system
    boolean surely =
        bytesMax == Long.MAX_VALUE || (loaded.isEmpty() && loading == 0 && estimate < bytesMax / 4);
    if (!surely && estimate > free()) {
      closeIdle(estimate, loaded, kept);
    }
    loading += estimate;
    return () -> giveBack(estimate);
  }

  private synchronized void giveBack(long estimate) {
    loading -= estimate;
  }

  private void closeIdle(long estimate, List<LoadOnce> loaded, Predicate<LoadOnce> kept) {
    int closed = 0;
    // closing the others would not help a model that never fits
    boolean mayFit = estimate <= bytesMax - RESERVE_BYTES;
    List<LoadOnce> oldest =
        loaded.stream().sorted(Comparator.comparingLong(LoadOnce::lastUse)).toList();
    for (LoadOnce other : mayFit ? oldest : List.<LoadOnce>of()) {
      if (!kept.test(other) && other.unload(uses)) {
        closed++;
        trim();
        if (estimate <= free()) {
          return;
        }
      }
    }
    String message = refusal(estimate, closed, loaded.size() - closed);
    boolean waits = mayFit && (closed < loaded.size() || loading > 0);
    throw waits ? LoadFailure.passing(message, null) : new LoadFailure(message);
  }

  private String refusal(long estimate, int closed, int others) {
    return ("loading takes about %d MB; of the %d MB that the process may have, %d MB are free,"
            + " with %d idle models closed and %d in use; give the function more memory, or use a"
            + " smaller export such as int8")
        .formatted(
            megabytes(estimate),
            megabytes(bytesMax),
            Math.max(0, megabytes(free())),
            closed,
            others);
  }

  private long free() {
    return bytesMax - RESERVE_BYTES - resident.getAsLong() - loading;
  }

  private static long megabytes(long bytes) {
    return bytes >> 20;
  }

  /// The resident memory of this process; 0 if the system does not report it.
  public static long residentBytes() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(RESIDENT)) {
          return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
      }
    } catch (IOException | NumberFormatException e) {
      // not Linux
    }
    return 0;
  }

  /// Makes the C library return free memory to the system, if it can.
  static void trim() {
    Linker linker = Linker.nativeLinker();
    linker
        .defaultLookup()
        .find("malloc_trim")
        .ifPresent(
            address -> {
              try {
                var _ =
                    (int)
                        linker
                            .downcallHandle(
                                address,
                                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG))
                            .invokeExact(0L);
              } catch (Error | RuntimeException e) {
                throw e;
              } catch (Throwable e) {
                throw new IllegalStateException("a native call cannot throw " + e.getClass(), e);
              }
            });
  }
}
