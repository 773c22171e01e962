package dev.pilotlight.bench.report;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;

/// System calls of Linux that Java has no API for.
public final class Libc {
  public static final int PAGE_BYTES = 4096;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout POINTER = ValueLayout.ADDRESS;

  private static final MethodHandle SET_AFFINITY = of("sched_setaffinity", INT, LONG, POINTER);
  private static final MethodHandle GET_AFFINITY = of("sched_getaffinity", INT, LONG, POINTER);
  private static final MethodHandle CLOCK = of("clock_gettime", INT, POINTER);
  private static final MethodHandle KILL = of("kill", INT, INT);
  private static final MethodHandle OPEN = of("open", POINTER, INT);
  private static final MethodHandle CLOSE = of("close", INT);
  private static final MethodHandle SYNC = of("fdatasync", INT);
  private static final MethodHandle ADVISE = of("posix_fadvise", INT, LONG, LONG, INT);
  private static final MethodHandle IN_CORE = of("mincore", POINTER, LONG, POINTER);

  private static final int CPU_SET_BYTES = 128;
  private static final int READ_ONLY = 0;
  private static final int DONT_NEED = 4;
  private static final int SIGCONT = 18;
  private static final int SIGSTOP = 19;
  private static final long SECOND_NANOS = 1_000_000_000;

  private Libc() {}

  /// Keeps the calling thread, and every process it starts, on some of the CPUs.
  ///
  /// @param cpus a bit each
  /// @return where it was kept before
  static byte[] setCpus(byte[] cpus) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment before = arena.allocate(CPU_SET_BYTES);
      int _ = require("sched_getaffinity", GET_AFFINITY, 0, (long) CPU_SET_BYTES, before);
      MemorySegment wanted = arena.allocate(CPU_SET_BYTES);
      MemorySegment.copy(cpus, 0, wanted, ValueLayout.JAVA_BYTE, 0, cpus.length);
      int _ = require("sched_setaffinity", SET_AFFINITY, 0, (long) CPU_SET_BYTES, wanted);
      return before.toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /// CPU time of a running process, with its threads that have ended.
  public static long cpuNanos(long pid) {
    // as clock_getcpuclockid makes it
    int clock = (~(int) pid << 3) | 2;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocate(LONG, 2);
      int _ = require("clock_gettime", CLOCK, clock, time);
      return time.getAtIndex(LONG, 0) * SECOND_NANOS + time.getAtIndex(LONG, 1);
    }
  }

  /// Stops a process with all its threads, or has it go on.
  public static void stop(long pid, boolean stopped) {
    int _ = require("kill", KILL, (int) pid, stopped ? SIGSTOP : SIGCONT);
  }

  /// Drops a file's pages from the page cache, except those that a process has mapped.
  public static void dropPages(String file) {
    try (Arena arena = Arena.ofConfined()) {
      int descriptor = require("open", OPEN, arena.allocateFrom(file), READ_ONLY);
      try {
        // a page that is not yet on the disk would stay
        int _ = require("fdatasync", SYNC, descriptor);
        int _ = require("posix_fadvise", ADVISE, descriptor, 0L, 0L, DONT_NEED);
      } finally {
        int _ = require("close", CLOSE, descriptor);
      }
    }
  }

  /// How many pages of a mapping are in memory.
  public static int pagesInMemory(MemorySegment mapping) {
    int pages = Math.toIntExact(Math.ceilDiv(mapping.byteSize(), PAGE_BYTES));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = arena.allocate(pages);
      int _ = require("mincore", IN_CORE, mapping, mapping.byteSize(), in);
      int count = 0;
      for (int page = 0; page < pages; page++) {
        count += in.get(ValueLayout.JAVA_BYTE, page) & 1;
      }
      return count;
    }
  }

  private static MethodHandle of(String name, ValueLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    MemorySegment function =
        linker
            .defaultLookup()
            .find(name)
            .orElseThrow(() -> new IllegalStateException("the bench runs on Linux only"));
    return linker.downcallHandle(function, FunctionDescriptor.of(INT, arguments));
  }

  private static int require(String name, MethodHandle function, Object... arguments) {
    int result;
    try {
      result = (int) function.invokeWithArguments(List.of(arguments));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(name + " cannot be called", e);
    }
    if (result < 0) {
      throw new IllegalStateException(name + " failed");
    }
    return result;
  }
}
