package dev.pilotlight.model.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/// ONNX Runtime's providers for GPUs. Loads only if a setting chooses one.
final class Accelerator {
  private Accelerator() {}

  /// Finds the library and the GPU.
  ///
  /// @throws IllegalArgumentException with what is missing
  static Execution require(Execution.Provider provider, int device, String libraries) {
    String setting = "PILOTLIGHT_EXECUTION_PROVIDER=" + name(provider);
    var _ = JniGraph.environment();
    if (!OrtEnvironment.getAvailableProviders().contains(ort(provider))) {
      throw new IllegalArgumentException(
          setting
              + " needs ONNX Runtime's library for GPUs (onnxruntime_gpu), and this package has"
              + " another; the image of Dockerfile.gpu has it; accepted here: cpu");
    }
    String deviceClass = CudaDriver.open(setting).deviceClass(device);
    Execution execution = new Execution(provider, device, deviceClass, libraries);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      add(options, execution);
    } catch (OrtException e) {
      throw new IllegalArgumentException(
          setting + " cannot use GPU " + device + ": " + e.getMessage(), e);
    }
    return execution;
  }

  /// Has a session run on the GPU. The CPU runs the nodes that the GPU's provider cannot run.
  static void add(OrtSession.SessionOptions options, Execution execution) throws OrtException {
    if (execution.provider() == Execution.Provider.TENSORRT) {
      options.addTensorrt(execution.device());
    }
    options.addCUDA(execution.device());
  }

  private static OrtProvider ort(Execution.Provider provider) {
    return provider == Execution.Provider.TENSORRT ? OrtProvider.TENSOR_RT : OrtProvider.CUDA;
  }

  private static String name(Execution.Provider provider) {
    return provider.name().toLowerCase(Locale.ROOT);
  }

  /// Asks NVIDIA's driver for the kind of a GPU. GPUs of one kind compute the same bits with the
  /// same libraries; another kind may not.
  ///
  /// Source: <https://docs.nvidia.com/cuda/cuda-driver-api/>, page "Device Management"
  static final class CudaDriver {
    private static final String LIBRARY = "libcuda.so.1";
    private static final int NAME_BYTES = 256;
    private static final int NO_DEVICE = 100;

    // of CUdevice_attribute
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final MemoryLayout POINTER = ValueLayout.ADDRESS;

    private final SymbolLookup symbols;
    private final String setting;

    /// @param setting the setting that asks for a GPU, for failures
    CudaDriver(SymbolLookup symbols, String setting) {
      this.symbols = symbols;
      this.setting = setting;
    }

    /// Opens the driver's library.
    ///
    /// @throws IllegalArgumentException if there is none
    static CudaDriver open(String setting) {
      try {
        return new CudaDriver(SymbolLookup.libraryLookup(LIBRARY, Arena.global()), setting);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            setting
                + " needs NVIDIA's driver, and there is no "
                + LIBRARY
                + ": start the container with its GPUs (docker run --gpus, or the resource"
                + " nvidia.com/gpu of Kubernetes); accepted here: cpu",
            e);
      }
    }

    /// Returns the name and compute capability of a GPU, as `NVIDIA A10G (8.6)`.
    ///
    /// @throws IllegalArgumentException if there is no such GPU
    String deviceClass(int device) {
      try (Arena arena = Arena.ofConfined()) {
        int status = call("cuInit", FunctionDescriptor.of(INT, INT), 0);
        if (status != 0 && status != NO_DEVICE) {
          throw new IllegalArgumentException(
              setting + " cannot start NVIDIA's driver: cuInit gave " + status);
        }
        MemorySegment value = arena.allocate(INT);
        int count = status == NO_DEVICE ? 0 : count(value);
        if (device >= count) {
          throw new IllegalArgumentException(
              "%s needs GPU %d (PILOTLIGHT_EXECUTION_DEVICE), and the driver sees %d"
                  .formatted(setting, device, count));
        }
        require(
            "cuDeviceGet",
            call("cuDeviceGet", FunctionDescriptor.of(INT, POINTER, INT), value, device));
        int handle = value.get(INT, 0);
        MemorySegment name = arena.allocate(NAME_BYTES);
        require(
            "cuDeviceGetName",
            call(
                "cuDeviceGetName",
                FunctionDescriptor.of(INT, POINTER, INT, INT),
                name,
                NAME_BYTES,
                handle));
        return "%s (%d.%d)"
            .formatted(
                name.getString(0),
                attribute(value, CAPABILITY_MAJOR, handle),
                attribute(value, CAPABILITY_MINOR, handle));
      }
    }

    private int count(MemorySegment value) {
      require(
          "cuDeviceGetCount", call("cuDeviceGetCount", FunctionDescriptor.of(INT, POINTER), value));
      return value.get(INT, 0);
    }

    private int attribute(MemorySegment value, int attribute, int handle) {
      require(
          "cuDeviceGetAttribute",
          call(
              "cuDeviceGetAttribute",
              FunctionDescriptor.of(INT, POINTER, INT, INT),
              value,
              attribute,
              handle));
      return value.get(INT, 0);
    }

    private void require(String function, int status) {
      if (status != 0) {
        throw new IllegalArgumentException(
            "%s cannot ask NVIDIA's driver: %s gave %d".formatted(setting, function, status));
      }
    }

    private int call(String function, FunctionDescriptor type, Object... arguments) {
      MemorySegment address =
          symbols
              .find(function)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          setting + " needs NVIDIA's driver, and it has no " + function));
      MethodHandle handle = Linker.nativeLinker().downcallHandle(address, type);
      try {
        return (int) handle.invokeWithArguments(arguments);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
