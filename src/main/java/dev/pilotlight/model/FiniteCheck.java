package dev.pilotlight.model;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.nio.FloatBuffer;

/// An embedding or a score that is NaN or infinite is no answer, in whatever encoding: the model
/// failed. It is checked where the answer is made, so that none is cached or stored.
final class FiniteCheck {
  private FiniteCheck() {}

  /// @param model its name
  /// @param result of a text
  /// @throws Refusal `MODEL_FAILED`, naming the model
  static Result require(String model, Result result) {
    for (Tensor output : result.outputs()) {
      if (output.datatype() == Datatype.FP32) {
        require(model, output);
      }
    }
    return result;
  }

  private static void require(String model, Tensor output) {
    FloatBuffer values = output.buffer().asFloatBuffer();
    for (int i = 0; i < values.limit(); i++) {
      float value = values.get(i);
      if (!Float.isFinite(value)) {
        throw Refusal.of(
            Reason.MODEL_FAILED,
            null,
            ("model %s computed %s%s, which is no answer; the fault is the model's, not the"
                    + " request's, and nothing was stored")
                .formatted(model, value, place(output, i)));
      }
    }
  }

  private static String place(Tensor output, int index) {
    return output.elements() == 1
        ? " as " + output.name()
        : " at place %d of its %s".formatted(index, output.name());
  }
}
