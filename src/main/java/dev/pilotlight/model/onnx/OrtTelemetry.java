package dev.pilotlight.model.onnx;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// Disables ONNX Runtime's telemetry.
///
/// Since 1.29 it reports to its vendor on Linux and macOS, too, as soon as its environment is made.
/// For that it reads the process's command line with a regular expression that overflows the stack:
/// a class path of 4 KB ends the JVM without a message. Without a shell it crashes as well
/// (<https://github.com/microsoft/onnxruntime/issues/32173>). The variable is read when the
/// library's environment is made.
final class OrtTelemetry {
  private static final String VARIABLE = "ORT_DISABLE_TELEMETRY";

  private OrtTelemetry() {}

  /// Sets the variable in this process, unless the starter of the JVM has set it.
  @SuppressWarnings("restricted") // setenv is called as documented
  static void switchOff() {
    if (System.getenv(VARIABLE) != null) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    SymbolLookup libc = linker.defaultLookup();
    Optional<MemorySegment> setenv = libc.find("setenv");
    if (setenv.isEmpty()) {
      // Windows, which is not affected
      return;
    }
    FunctionDescriptor signature =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(VARIABLE);
      MemorySegment value = arena.allocateFrom("1");
      int failed = (int) linker.downcallHandle(setenv.get(), signature).invokeExact(name, value, 1);
      if (failed != 0) {
        throw new IllegalStateException(VARIABLE + " cannot be set");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(VARIABLE + " cannot be set", e);
    }
  }
}
