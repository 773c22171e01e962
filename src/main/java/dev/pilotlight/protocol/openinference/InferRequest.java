package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.protocol.door.PromptName;
import java.util.List;
import java.util.Optional;

/// An inference request of the Open Inference Protocol v2, decoded and consistent in itself.
/// [InferBinder] binds it to a model.
///
/// @param id echoed in the response
/// @param modelName the body's own `model_name`, which must not contradict the path
/// @param modelVersion likewise `model_version`
/// @param truncate the parameter `truncate`: whether a text over the model's limit is truncated
///   instead of refused; empty where the model decides; our extension of the protocol
/// @param promptName the parameter `prompt_name`: the prompt of the model that goes before each
///   text; likewise
/// @param binaryOutputs whether outputs are binary unless they choose themselves
/// @param outputs the requested outputs, names unique; empty for all
public record InferRequest(
    Optional<String> id,
    Optional<String> modelName,
    Optional<String> modelVersion,
    Optional<Boolean> truncate,
    Optional<PromptName> promptName,
    boolean binaryOutputs,
    Inputs inputs,
    List<WantedOutput> outputs) {

  public InferRequest {
    outputs = List.copyOf(outputs);
  }

  /// The model's input.
  public sealed interface Inputs {

    /// Tensors with unique names, at least one. Each has exactly the elements of its shape, lengths
    /// of BYTES elements included.
    record Named(List<Tensor> tensors) implements Inputs {
      public Named {
        tensors = List.copyOf(tensors);
      }
    }

    /// The raw form of the binary extension: the data of the model's only input and nothing else.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Raw(byte[] data) implements Inputs {}
  }

  /// A requested output.
  ///
  /// @param binary whether its data follows the JSON
  /// @param classes how many of its highest values to return as texts, as [Classification] writes
  ///   them; 0 for the values themselves
  public record WantedOutput(String name, boolean binary, int classes) {
    /// An output whose values are returned.
    public WantedOutput(String name, boolean binary) {
      this(name, binary, 0);
    }

    /// Whether its highest values are returned as texts.
    public boolean classified() {
      return classes > 0;
    }
  }

  /// With another default for texts over the model's limit.
  ///
  /// @param otherwise empty where the model decides
  public InferRequest withDefaultTruncate(Optional<Boolean> otherwise) {
    return truncate.isPresent() || otherwise.isEmpty()
        ? this
        : new InferRequest(
            id, modelName, modelVersion, otherwise, promptName, binaryOutputs, inputs, outputs);
  }

  static InferRequest raw(byte[] body) {
    return new InferRequest(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        true, // as Triton does: a request without JSON cannot choose
        new Inputs.Raw(body),
        List.of());
  }
}
