package dev.pilotlight.model.onnx;

import dev.pilotlight.domain.ModelInfo.OtherOutput;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import java.util.List;

/// An open ONNX graph: tensors in, tensors out. Thread-safe; runs may overlap.
public interface Graph extends AutoCloseable {
  /// The most bytes of an output.
  long OUTPUT_BYTES_MAX = OutputLimit.BYTES_MAX;

  /// The graph's inputs, in its order.
  List<TensorSpec> inputs();

  /// The graph's outputs, in its order.
  List<TensorSpec> outputs();

  /// The graph's further outputs, of types that are not tensors; never requested.
  List<OtherOutput> others();

  /// Runs the graph once and computes only the outputs named.
  ///
  /// @param inputs one tensor per graph input, with the graph's names, in its order
  /// @param outputs names of graph outputs, at least one
  /// @return the outputs named, in that order
  /// @throws dev.pilotlight.domain.Refusal `INVALID` if the inputs do not fit the graph
  List<Tensor> run(List<Tensor> inputs, List<String> outputs);

  /// Runs the graph once, within a time limit.
  ///
  /// @throws dev.pilotlight.domain.Refusal also `DEADLINE`, if it was stopped
  List<Tensor> run(List<Tensor> inputs, List<String> outputs, TimeLimit limit);

  /// Frees the graph; no run may be under way or follow.
  @Override
  void close();
}
