package dev.pilotlight.model.onnx;

import dev.pilotlight.support.Settings;
import java.util.Locale;

/// Where graphs run.
///
/// @param provider of ONNX Runtime
/// @param device the GPU's number, from 0
/// @param deviceClass the kind of GPU, as its driver names it; empty for the CPU
/// @param libraries the versions of its libraries, as the image names them; may be empty
public record Execution(Provider provider, int device, String deviceClass, String libraries) {
  /// ONNX Runtime's execution providers that a setting can choose.
  public enum Provider {
    CPU,
    CUDA,
    /// CUDA runs the nodes that TensorRT does not.
    TENSORRT
  }

  /// On the CPU.
  public static final Execution CPU = new Execution(Provider.CPU, 0, "", "");

  private static final int DEVICE_MAX = 63;
  private static final String LIBRARIES = "EXECUTION_LIBRARIES";
  private static final String LIBRARIES_ACCEPTED =
      "up to 200 letters, digits and the characters . _ : / @ -";

  /// Reads the settings. For a GPU it also looks for the library and the GPU.
  ///
  /// @throws IllegalArgumentException naming the setting that is wrong, or what is missing
  public static Execution from(Settings settings) {
    Provider provider =
        settings
            .of(
                "EXECUTION_PROVIDER",
                "what runs the graphs: the CPU, or a GPU by ONNX Runtime's provider `cuda` or"
                    + " `tensorrt`, which only the container image for GPUs has")
            .oneOf(Provider.CPU);
    int device =
        settings
            .of("EXECUTION_DEVICE", "number of the GPU, as its driver counts")
            .number(0, 0, DEVICE_MAX);
    String libraries =
        settings
            .of(
                LIBRARIES,
                "versions of the GPU's libraries, which are part of the keys of its results; the"
                    + " image for GPUs sets it")
            .text("", LIBRARIES_ACCEPTED);
    // a start without a GPU compiles no regular expression
    if (!libraries.isEmpty() && !libraries.matches("[A-Za-z0-9._:/@-]{0,200}")) {
      throw Settings.wrong(LIBRARIES, libraries, LIBRARIES_ACCEPTED);
    }
    if (provider == Provider.CPU) {
      if (device != 0) {
        throw Settings.wrong(
            "EXECUTION_DEVICE",
            Integer.toString(device),
            "0 with PILOTLIGHT_EXECUTION_PROVIDER=cpu");
      }
      return CPU;
    }
    return Accelerator.require(provider, device, libraries);
  }

  boolean isOnCpu() {
    return provider == Provider.CPU;
  }

  /// The end of the runtime's name, which is part of the keys of results; empty for the CPU.
  String label() {
    if (isOnCpu()) {
      return "";
    }
    String gpu = "/" + provider.name().toLowerCase(Locale.ROOT) + "/" + deviceClass;
    return libraries.isEmpty() ? gpu : gpu + "/" + libraries;
  }
}
