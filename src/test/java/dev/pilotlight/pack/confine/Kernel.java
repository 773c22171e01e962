package dev.pilotlight.pack.confine;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.Serial;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// System calls that Java has no method for.
final class Kernel {
  private static final int ARGUMENTS_MAX = 6;
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
  private static final MethodHandle SYSCALL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                  JAVA_LONG),
              Linker.Option.firstVariadicArg(1),
              Linker.Option.captureCallState("errno"));

  /// The kernel did not do what it was asked to.
  static final class Refused extends IOException {
    @Serial private static final long serialVersionUID = 1;

    private final int errno;

    private Refused(SystemCall call, int errno) {
      super("%s, errno %d".formatted(call, errno));
      this.errno = errno;
    }

    int errno() {
      return errno;
    }
  }

  private Kernel() {}

  /// @param arguments numbers, and addresses of memory
  static long call(SystemCall call, long... arguments) throws Refused {
    long[] all = Arrays.copyOf(arguments, ARGUMENTS_MAX);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long result =
          (long)
              SYSCALL.invokeExact(
                  state, (long) call.number(), all[0], all[1], all[2], all[3], all[4], all[5]);
      if (result < 0) {
        throw new Refused(call, (int) ERRNO.get(state, 0L));
      }
      return result;
    } catch (Refused e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e); // a downcall throws no exception
    }
  }
}
