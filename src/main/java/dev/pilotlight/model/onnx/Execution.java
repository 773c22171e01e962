package dev.pilotlight.model.onnx;

import dev.pilotlight.support.Settings;
import java.util.Locale;

/// Where graphs run.
///
/// @param provider of ONNX Runtime
/// @param device the card's number, from 0
/// @param deviceClass the kind of card, as its driver names it; empty for the CPU
public record Execution(Provider provider, int device, String deviceClass) {
  /// ONNX Runtime's execution providers that a setting can choose.
  public enum Provider {
    CPU,
    CUDA,
    /// CUDA runs the nodes that TensorRT does not.
    TENSORRT
  }

  /// On the CPU.
  public static final Execution CPU = new Execution(Provider.CPU, 0, "");

  private static final int DEVICE_MAX = 63;

  /// Reads the settings. For a card it also looks for the library and the card.
  ///
  /// @throws IllegalArgumentException naming the setting that is wrong, or what is missing
  public static Execution from(Settings settings) {
    Provider provider =
        settings
            .of(
                "EXECUTION_PROVIDER",
                "what runs the graphs: the CPU, or a card by ONNX Runtime's provider `cuda` or"
                    + " `tensorrt`, which only the container image for GPUs has")
            .oneOf(Provider.CPU);
    int device =
        settings
            .of("EXECUTION_DEVICE", "number of the card, as its driver counts")
            .number(0, 0, DEVICE_MAX);
    if (provider == Provider.CPU) {
      if (device != 0) {
        throw Settings.wrong(
            "EXECUTION_DEVICE",
            Integer.toString(device),
            "0 with PILOTLIGHT_EXECUTION_PROVIDER=cpu");
      }
      return CPU;
    }
    return Accelerator.require(provider, device);
  }

  boolean isOnCpu() {
    return provider == Provider.CPU;
  }

  /// The end of the runtime's name, which is part of the keys of results; empty for the CPU.
  String label() {
    return isOnCpu() ? "" : "/" + provider.name().toLowerCase(Locale.ROOT) + "/" + deviceClass;
  }
}
