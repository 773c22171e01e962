package dev.pilotlight.pack.confine;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Lets a thread, and the processes that it starts, write to few places only: the kernel's
/// Landlock, which binds root as well.
///
/// https://docs.kernel.org/userspace-api/landlock.html
final class Landlock {
  private static final long WRITE_FILE = 1 << 1;
  private static final long REMOVE_AND_MAKE = 0b1_1111_1111 << 4;
  private static final long REFER = 1 << 13; // since version 2
  private static final long TRUNCATE = 1 << 14; // since version 3

  private static final int ASK_VERSION = 1;
  private static final int BENEATH_PATH = 1;
  private static final int RULE_BYTES = 12;
  private static final int WORKING_DIRECTORY = -100;
  private static final int PATH_ONLY_AND_CLOSE_ON_EXEC = 0x280000;

  private Landlock() {}

  /// Restricts this thread; `PR_SET_NO_NEW_PRIVS` must be set.
  static void writeOnlyBeneathTmp() throws IOException {
    long version = Kernel.call(SystemCall.LANDLOCK_CREATE_RULESET, 0, 0, ASK_VERSION);
    long onFiles = WRITE_FILE | (version >= 3 ? TRUNCATE : 0);
    long all = onFiles | REMOVE_AND_MAKE | (version >= 2 ? REFER : 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handled = arena.allocateFrom(ValueLayout.JAVA_LONG, all);
      long rules =
          Kernel.call(SystemCall.LANDLOCK_CREATE_RULESET, handled.address(), handled.byteSize(), 0);
      allow(rules, all, "/tmp", arena);
      allow(rules, onFiles, "/dev/null", arena);
      Kernel.call(SystemCall.LANDLOCK_RESTRICT_SELF, rules, 0);
    }
  }

  private static void allow(long rules, long access, String path, Arena arena) throws IOException {
    long file =
        Kernel.call(
            SystemCall.OPENAT,
            WORKING_DIRECTORY,
            arena.allocateFrom(path).address(),
            PATH_ONLY_AND_CLOSE_ON_EXEC);
    MemorySegment rule = arena.allocate(RULE_BYTES, Long.BYTES);
    rule.set(ValueLayout.JAVA_LONG, 0, access);
    rule.set(ValueLayout.JAVA_INT, Long.BYTES, (int) file);
    Kernel.call(SystemCall.LANDLOCK_ADD_RULE, rules, BENEATH_PATH, rule.address(), 0);
  }
}
