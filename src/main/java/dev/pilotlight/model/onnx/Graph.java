package dev.pilotlight.model.onnx;

import dev.pilotlight.domain.OtherOutput;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import java.util.List;

/// An open ONNX graph: tensors in, tensors out. Thread-safe; runs may overlap.
public interface Graph extends AutoCloseable {

  /// What the graph takes, in its own order.
  List<TensorSpec> inputs();

  /// What the graph gives, in its own order.
  List<TensorSpec> outputs();

  /// What the graph gives besides, in forms that have no tensor; never asked for.
  List<OtherOutput> others();

  /// Runs the graph once and computes only the outputs named.
  ///
  /// @param inputs one tensor per graph input, with the graph's names, in its order
  /// @param outputs names of graph outputs, at least one
  /// @return the outputs named, in that order
  /// @throws dev.pilotlight.domain.Refusal `INVALID` where the inputs do not fit the graph
  List<Tensor> run(List<Tensor> inputs, List<String> outputs);

  /// The same, for as long as the limit allows.
  ///
  /// @throws dev.pilotlight.domain.Refusal also `DEADLINE`, if it was stopped
  List<Tensor> run(List<Tensor> inputs, List<String> outputs, TimeLimit limit);

  /// Frees the graph; no run may be under way or follow.
  @Override
  void close();
}
