package dev.pilotlight.model.onnx;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// Keeps ONNX Runtime from reporting to its vendor.
///
/// Since 1.29 it does so on Linux and macOS too, from the moment its environment is made, and looks
/// at the process's command line for that with a regular expression that overflows the stack: a
/// class path of 4 KB ends the JVM without a word. Where there is no shell it crashes as well
/// (<https://github.com/microsoft/onnxruntime/issues/32173>). The variable is read when the
/// library's environment is made.
final class OrtTelemetry {
  private static final String VARIABLE = "ORT_DISABLE_TELEMETRY";

  private OrtTelemetry() {}

  /// Best set by whoever starts the JVM; where nobody did, it is set here, in the process itself.
  @SuppressWarnings("restricted") // setenv is called as its manual says
  static void switchOff() {
    if (System.getenv(VARIABLE) != null) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    SymbolLookup libc = linker.defaultLookup();
    Optional<MemorySegment> setenv = libc.find("setenv");
    if (setenv.isEmpty()) {
      // Windows, where none of this happens
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
