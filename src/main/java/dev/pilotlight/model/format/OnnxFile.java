package dev.pilotlight.model.format;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The content of an ONNX file without its weights: a scan of the protobuf that seeks over tensors'
/// bytes.
///
/// @param inputs names of the graph's inputs, without the initialisers that old exports list among
///   them
/// @param outputs names of the graph's outputs
/// @param externalLocations files that hold tensors' bytes, as written in the graph (relative to
///   its folder), without duplicates, in the order in which the graph first names them
/// @param nodes of the graph itself, by the name of each of their outputs
/// @param int8Bytes the number of elements of its 8-bit initialisers
public record OnnxFile(
    List<String> inputs,
    List<String> outputs,
    List<String> externalLocations,
    Map<String, Node> nodes,
    long int8Bytes) {
  private static final Set<String> KEEP_VALUES = Set.of("Identity", "Cast", "Reshape");

  /// One node.
  ///
  /// @param operator its type; of another domain than ONNX's own with the domain before it, such as
  ///   `ai.onnx.ml.ZipMap`
  record Node(String operator, List<String> inputs) {}

  public OnnxFile {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    externalLocations = List.copyOf(externalLocations);
    nodes = Map.copyOf(nodes);
  }

  /// Scans a file.
  ///
  /// @throws LoadFailure if it is not an ONNX file, naming its likely kind, or if it is truncated
  public static OnnxFile read(Path path) {
    String name = String.valueOf(path.getFileName());
    try {
      FileKind.refuse(path);
      return new OnnxScan().read(path);
    } catch (EOFException e) {
      throw new LoadFailure(name + " is truncated: its last part is missing", e);
    } catch (IOException e) {
      throw new LoadFailure(name + " is not an ONNX graph", e);
    }
  }

  /// By graph output, the operator that computes it ([#producerOp]).
  public Map<String, String> operators() {
    Map<String, String> operators = new HashMap<>();
    outputs.forEach(name -> producerOp(name).ifPresent(found -> operators.put(name, found)));
    return operators;
  }

  /// The operator that computes a graph output; `Identity`, `Cast` and `Reshape` between it and the
  /// output are skipped, because they keep the values.
  ///
  /// @return empty if no node computes it: it is an input or an initialiser
  Optional<String> producerOp(String output) {
    Node node = nodes.get(output);
    List<Node> seen = new ArrayList<>();
    while (node != null
        && KEEP_VALUES.contains(node.operator)
        && !node.inputs.isEmpty()
        && !seen.contains(node)) {
      seen.add(node);
      node = nodes.get(node.inputs.getFirst());
    }
    return Optional.ofNullable(node).map(Node::operator);
  }
}
