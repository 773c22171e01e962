package dev.pilotlight.model.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import dev.pilotlight.model.onnx.Execution.Provider;
import java.util.Locale;

/// ONNX Runtime's providers for cards. Loads only if a setting chooses one.
final class Accelerator {
  private Accelerator() {}

  /// Finds the library and the card.
  ///
  /// @throws IllegalArgumentException with what is missing
  static Execution require(Provider provider, int device) {
    String setting = "PILOTLIGHT_EXECUTION_PROVIDER=" + name(provider);
    var _ = JniGraph.environment();
    if (!OrtEnvironment.getAvailableProviders().contains(ort(provider))) {
      throw new IllegalArgumentException(
          setting
              + " needs ONNX Runtime's library for GPUs (onnxruntime_gpu), and this package has"
              + " another; the image of deploy/container/Dockerfile.gpu has it; accepted here: cpu");
    }
    String deviceClass = CudaDriver.open(setting).deviceClass(device);
    Execution execution = new Execution(provider, device, deviceClass);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      add(options, execution);
    } catch (OrtException e) {
      throw new IllegalArgumentException(
          setting + " cannot use card " + device + ": " + e.getMessage(), e);
    }
    return execution;
  }

  /// Has a session run on the card. What the card's provider cannot run runs on the CPU.
  static void add(OrtSession.SessionOptions options, Execution execution) throws OrtException {
    if (execution.provider() == Provider.TENSORRT) {
      options.addTensorrt(execution.device());
    }
    options.addCUDA(execution.device());
  }

  private static OrtProvider ort(Provider provider) {
    return provider == Provider.TENSORRT ? OrtProvider.TENSOR_RT : OrtProvider.CUDA;
  }

  private static String name(Provider provider) {
    return provider.name().toLowerCase(Locale.ROOT);
  }
}
