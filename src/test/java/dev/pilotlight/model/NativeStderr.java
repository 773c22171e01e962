package dev.pilotlight.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// Captures file descriptor 2, to which native code writes; `System.setErr` does not see it.
public final class NativeStderr {
  private static final int STDERR = 2;
  private static final int OWNER_ONLY = 0600;

  private NativeStderr() {}

  public static String during(Path file, Runnable action) throws IOException {
    int saved;
    try (Arena arena = Arena.ofConfined()) {
      int log = (int) call("creat", arena.allocateFrom(file.toString()), OWNER_ONLY);
      saved = (int) call("dup", STDERR);
      call("dup2", log, STDERR);
      call("close", log);
    }
    try {
      action.run();
    } finally {
      call("dup2", saved, STDERR);
      call("close", saved);
    }
    return Files.readString(file);
  }

  private static Object call(String function, Object... arguments) {
    MemoryLayout[] types = new MemoryLayout[arguments.length];
    for (int i = 0; i < types.length; i++) {
      types[i] = arguments[i] instanceof MemorySegment ? ValueLayout.ADDRESS : ValueLayout.JAVA_INT;
    }
    Linker linker = Linker.nativeLinker();
    MethodHandle handle =
        linker.downcallHandle(
            linker.defaultLookup().find(function).orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, types));
    try {
      return handle.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(function, e);
    }
  }
}
