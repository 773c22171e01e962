package dev.pilotlight.model.onnx;

import ai.onnxruntime.OrtEnvironment;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// ONNX Runtime's C API, in the one copy of the library that its Java API has loaded. Thread-safe.
///
/// Every argument and result travels as a 64-bit word: pointers, sizes and, in the lower half, the
/// few enums and ints. On the 64-bit little-endian targets (x86-64, AArch64) they all are in
/// registers, of which the callee reads the half that it declared. So there is one call shape per
/// number of arguments instead of twenty, and each shape costs start-up time.
final class OrtApi {
  /// The API version asked for: the first that has all of [OrtFunction].
  static final int VERSION = 24;

  private static final int ARGUMENTS_MAX = 8;

  private final MethodHandle[] callsByArguments;
  private final Map<OrtFunction, MemorySegment> functions;

  private OrtApi(MethodHandle[] callsByArguments, Map<OrtFunction, MemorySegment> functions) {
    this.callsByArguments = callsByArguments;
    this.functions = functions;
  }

  /// @throws OrtFailure if the loaded runtime is older than [#VERSION]
  static OrtApi load() {
    // the Java API unpacks and loads the library, for the class loader that it shares with us
    OrtEnvironment _ = JniGraph.environment();
    MemorySegment base =
        SymbolLookup.loaderLookup()
            .find("OrtGetApiBase")
            .orElseThrow(
                () -> new OrtFailure(OrtFailure.FAIL, "OrtGetApiBase is not in this loader"));
    MethodHandle[] calls = calls();
    long getApi = pointers(call(calls, base), 1).get(ValueLayout.JAVA_LONG, 0);
    long table = call(calls, MemorySegment.ofAddress(getApi), VERSION);
    if (table == 0) {
      throw new OrtFailure(OrtFailure.FAIL, "the runtime has no C API of version " + VERSION);
    }
    Map<OrtFunction, MemorySegment> functions = new EnumMap<>(OrtFunction.class);
    for (OrtFunction function : OrtFunction.values()) {
      long address =
          pointers(table, function.place() + 1).getAtIndex(ValueLayout.JAVA_LONG, function.place());
      functions.put(function, MemorySegment.ofAddress(address));
    }
    return new OrtApi(calls, Collections.unmodifiableMap(functions));
  }

  /// Calls a function that returns a status.
  ///
  /// @throws OrtFailure if it reports one
  void check(OrtFunction function, long... arguments) {
    long status = call(function, arguments);
    if (status == 0) {
      return;
    }
    try {
      long message = call(OrtFunction.GET_ERROR_MESSAGE, status);
      throw new OrtFailure((int) call(OrtFunction.GET_ERROR_CODE, status), text(message));
    } finally {
      call(OrtFunction.RELEASE_STATUS, status);
    }
  }

  /// Calls a function that returns something else, or nothing.
  long call(OrtFunction function, long... arguments) {
    MemorySegment address = functions.get(function);
    if (address == null) {
      throw new IllegalStateException(function.name());
    }
    return call(callsByArguments, address, arguments);
  }

  /// The NUL-terminated UTF-8 text at an address.
  static String text(long address) {
    return MemorySegment.ofAddress(address).reinterpret(Integer.MAX_VALUE).getString(0);
  }

  /// The memory at an address, for as long as its owner keeps it.
  static MemorySegment memory(long address, long size) {
    return MemorySegment.ofAddress(address).reinterpret(size);
  }

  private static MemorySegment pointers(long address, int count) {
    return memory(address, (long) count * Long.BYTES);
  }

  private static MethodHandle[] calls() {
    MethodHandle[] calls = new MethodHandle[ARGUMENTS_MAX + 1];
    for (int arguments = 0; arguments <= ARGUMENTS_MAX; arguments++) {
      MemoryLayout[] words =
          Collections.nCopies(arguments, ValueLayout.JAVA_LONG).toArray(MemoryLayout[]::new);
      calls[arguments] =
          Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(ValueLayout.JAVA_LONG, words));
    }
    return calls;
  }

  private static long call(MethodHandle[] calls, MemorySegment at, long... a) {
    MethodHandle call = calls[a.length];
    try {
      return switch (a.length) {
        case 0 -> (long) call.invokeExact(at);
        case 1 -> (long) call.invokeExact(at, a[0]);
        case 2 -> (long) call.invokeExact(at, a[0], a[1]);
        case 3 -> (long) call.invokeExact(at, a[0], a[1], a[2]);
        case 4 -> (long) call.invokeExact(at, a[0], a[1], a[2], a[3]);
        case 5 -> (long) call.invokeExact(at, a[0], a[1], a[2], a[3], a[4]);
        default -> (long) call.invokeExact(at, a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
      };
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a native call cannot throw " + e.getClass(), e);
    }
  }
}
