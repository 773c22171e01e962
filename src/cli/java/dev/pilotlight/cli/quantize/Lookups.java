package dev.pilotlight.cli.quantize;

import dev.pilotlight.cli.onnx.Graph;
import dev.pilotlight.cli.onnx.Graph.Constant;
import dev.pilotlight.cli.onnx.Message;
import dev.pilotlight.cli.onnx.Node;
import dev.pilotlight.cli.onnx.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Replaces look-ups in tables of embeddings: `Gather` of a constant matrix by row. A row has its
/// own scale, unless the form has one scale a tensor.
final class Lookups {
  private final Graph graph;
  private final Form form;
  private final Map<String, Table> tables = new HashMap<>();

  /// Names of a table's numbers and scales.
  private record Table(String numbers, String scales) {}

  Lookups(Graph graph, Form form) {
    this.graph = graph;
    this.form = form;
  }

  /// The table of a node, if it is a constant matrix of any type.
  Optional<Constant> table(Node node) {
    if (!node.is("Gather") || node.integer("axis", 0) != 0) {
      return Optional.empty();
    }
    return graph
        .constant(node.input(0))
        .filter(constant -> !constant.transposed())
        .filter(constant -> Tensors.shape(constant.tensor()).length == 2);
  }

  /// The nodes that look up the same rows, in the order of the data flow.
  List<Node> replace(Node node, Constant constant) {
    graph.release(constant);
    Table table = quantise(constant);
    String ids = node.input(1);
    String output = node.outputs().getFirst();
    String numbers = graph.fresh(output + "_int8");
    String reals = graph.fresh(output + "_float");
    List<Node> nodes = new ArrayList<>();
    nodes.add(gather(node, table.numbers, ids, numbers));
    nodes.add(
        Node.make(
            "",
            "Cast",
            List.of(numbers),
            List.of(reals),
            List.of(Node.ofInteger("to", Tensors.FLOAT))));
    String scales = table.scales;
    if (!form.perTensor()) {
      scales = graph.fresh(output + "_scales");
      nodes.add(gather(node, table.scales, ids, scales));
    }
    nodes.add(Node.make("", "Mul", List.of(reals, scales), List.of(output), List.of()));
    return nodes;
  }

  private static Node gather(Node node, String table, String ids, String output) {
    List<Message> attributes = node.attributes();
    return Node.make("", "Gather", List.of(table, ids), List.of(output), attributes);
  }

  private Table quantise(Constant constant) {
    String name = constant.name();
    Table known = tables.get(name);
    if (known != null) {
      return known;
    }
    long[] shape = Tensors.shape(constant.tensor());
    int rows = Math.toIntExact(shape[0]);
    int columns = Math.toIntExact(shape[1]);
    Matrix matrix = Matrix.of(name, graph.floats(constant), rows, columns, false, 1);
    Table table = new Table(graph.fresh(name + "_rows_int8"), graph.fresh(name + "_rows_scales"));
    if (form.perTensor()) {
      Quantised quantised = Quantised.byTensor(matrix, Quantised.MAX);
      graph.add(Tensors.ofInt8(table.numbers, quantised.numbers(), shape));
      graph.add(Tensors.ofFloats(table.scales, quantised.scales()));
    } else {
      Quantised quantised = Quantised.byRow(matrix);
      graph.add(Tensors.ofInt8(table.numbers, quantised.numbers(), shape));
      graph.add(Tensors.ofFloats(table.scales, quantised.scales(), rows, 1));
    }
    tables.put(name, table);
    return table;
  }
}
