package dev.pilotlight.pack.confine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// The seccomp program: of all system calls, those that start processes, run programs, name
/// addresses or write files are held until the [Supervisor] has looked at them.
///
/// https://docs.kernel.org/userspace-api/seccomp_filter.html
final class SyscallFilter {
  private static final int LOAD = 0x20;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int JUMP_IF_AT_LEAST = 0x35;
  private static final int JUMP_IF_ANY_BIT = 0x45;
  private static final int RETURN = 0x06;

  private static final int ALLOW = 0x7fff0000;
  private static final int ASK = 0x7fc00000;
  private static final int KILL = 0x80000000;
  private static final int NO_SUCH_CALL = 0x00050000 + 38;

  private static final int NUMBER = 0;
  private static final int ARCHITECTURE = 4;
  private static final int ARGUMENTS = 16;
  private static final int X86_64 = 0xc000003e;
  private static final int AARCH64 = 0xc00000b7;
  private static final int X32_CALLS = 0x40000000;

  private static final int CLONE_THREAD = 0x00010000;
  private static final int WRITE_ONLY_OR_READ_WRITE = 1 | 2;

  private static final int INSTRUCTION_BYTES = 8;
  private static final int PROGRAM_BYTES = 16;

  private record Instruction(int code, int ifTrue, int ifFalse, int value) {}

  private final List<Instruction> instructions = new ArrayList<>();

  private SyscallFilter() {
    add(LOAD, 0, 0, ARCHITECTURE);
    add(JUMP_IF_EQUAL, 1, 0, SystemCall.ARM ? AARCH64 : X86_64);
    add(RETURN, 0, 0, KILL);
    add(LOAD, 0, 0, NUMBER);
    add(JUMP_IF_AT_LEAST, 0, 1, X32_CALLS);
    add(RETURN, 0, 0, NO_SUCH_CALL);
  }

  /// A `struct sock_fprog`.
  static MemorySegment program(Arena arena) {
    SyscallFilter filter = new SyscallFilter();
    filter.always(NO_SUCH_CALL, SystemCall.CLONE3, SystemCall.OPENAT2, SystemCall.IO_URING_SETUP);
    filter.always(ASK, SystemCall.FORK, SystemCall.VFORK, SystemCall.EXECVE, SystemCall.EXECVEAT);
    filter.always(ASK, SystemCall.CONNECT, SystemCall.BIND);
    filter.always(ASK, SystemCall.SENDTO, SystemCall.SENDMSG, SystemCall.SENDMMSG);
    filter.always(ASK, SystemCall.CREAT, SystemCall.MKDIR, SystemCall.MKDIRAT);
    filter.byBits(SystemCall.CLONE, 0, CLONE_THREAD, ALLOW, ASK);
    filter.byBits(SystemCall.OPEN, 1, WRITE_ONLY_OR_READ_WRITE, ASK, ALLOW);
    filter.byBits(SystemCall.OPENAT, 2, WRITE_ONLY_OR_READ_WRITE, ASK, ALLOW);
    filter.add(RETURN, 0, 0, ALLOW);
    return filter.encoded(arena);
  }

  private void always(int verdict, SystemCall... calls) {
    for (SystemCall call : calls) {
      if (call.number() != SystemCall.NONE) {
        add(JUMP_IF_EQUAL, 0, 1, call.number());
        add(RETURN, 0, 0, verdict);
      }
    }
  }

  private void byBits(SystemCall call, int argument, int mask, int ifAny, int ifNone) {
    if (call.number() != SystemCall.NONE) {
      add(JUMP_IF_EQUAL, 0, 4, call.number());
      add(LOAD, 0, 0, ARGUMENTS + argument * Long.BYTES); // its low half: little-endian
      add(JUMP_IF_ANY_BIT, 0, 1, mask);
      add(RETURN, 0, 0, ifAny);
      add(RETURN, 0, 0, ifNone);
    }
  }

  private void add(int code, int ifTrue, int ifFalse, int value) {
    instructions.add(new Instruction(code, ifTrue, ifFalse, value));
  }

  private MemorySegment encoded(Arena arena) {
    MemorySegment code = arena.allocate((long) INSTRUCTION_BYTES * instructions.size(), Long.BYTES);
    long at = 0;
    for (Instruction instruction : instructions) {
      code.set(ValueLayout.JAVA_SHORT, at, (short) instruction.code());
      code.set(ValueLayout.JAVA_BYTE, at + 2, (byte) instruction.ifTrue());
      code.set(ValueLayout.JAVA_BYTE, at + 3, (byte) instruction.ifFalse());
      code.set(ValueLayout.JAVA_INT, at + 4, instruction.value());
      at += INSTRUCTION_BYTES;
    }
    MemorySegment program = arena.allocate(PROGRAM_BYTES, Long.BYTES);
    program.set(ValueLayout.JAVA_SHORT, 0, (short) instructions.size());
    program.set(ValueLayout.ADDRESS, Long.BYTES, code);
    return program;
  }
}
