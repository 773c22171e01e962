package dev.pilotlight.cli.quantize;

import dev.pilotlight.cli.onnx.Graph;
import dev.pilotlight.cli.onnx.Graph.Constant;
import dev.pilotlight.cli.onnx.Node;
import dev.pilotlight.cli.onnx.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Replaces products of activations and constant weights: `MatMul`, and `Gemm` where it is the same
/// and adds a bias. A weight that several nodes use is quantised once.
final class Products {
  /// Values of a column that have a scale together, in `MatMulNBits`.
  static final int BLOCK = 32;

  /// Sums of this many products of 8 bits fit the 32 bits of `MatMulInteger`.
  static final int ROWS_MAX = Integer.MAX_VALUE / (255 * Quantised.MAX);

  private static final String MICROSOFT = "com.microsoft";

  /// Activations as int8 too, which is the quick kernel.
  private static final int ACCURACY_LEVEL = 4;

  private static final int BITS = 8;

  private final Graph graph;
  private final Form form;
  private final Map<String, Activation> activations = new HashMap<>();
  private final Map<String, Weight> weights = new HashMap<>();

  /// Names of an activation's quantised values, scale and zero point.
  private record Activation(String values, String scale, String zeroPoint) {}

  /// Names of a weight's numbers and scales.
  private record Weight(String numbers, String scales) {}

  /// A product that can be replaced.
  ///
  /// @param transposed whether the node itself swaps the dimensions of the constant
  /// @param factor of the product
  /// @param bias the name of an addend, or empty
  record Product(Node node, Constant constant, boolean transposed, float factor, String bias) {
    /// Whether the constant holds the columns of the weight.
    boolean swaps() {
      return constant.transposed() != transposed;
    }

    /// The length of the activations' rows.
    int rows() {
      return size(swaps() ? 1 : 0);
    }

    /// The length of the results' rows.
    int columns() {
      return size(swaps() ? 0 : 1);
    }

    private int size(int dimension) {
      return Math.toIntExact(Tensors.shape(constant.tensor())[dimension]);
    }
  }

  Products(Graph graph, Form form) {
    this.graph = graph;
    this.form = form;
  }

  /// The product that a node computes, if its weight is a constant matrix of any type.
  Optional<Product> product(Node node) {
    if (node.is("MatMul")) {
      return matrix(node).map(constant -> new Product(node, constant, false, 1, ""));
    }
    boolean plain =
        node.is("Gemm")
            && node.integer("transA", 0) == 0
            && (node.input(2).isEmpty() || node.real("beta", 1) == 1);
    if (!plain) {
      return Optional.empty();
    }
    boolean transposed = node.integer("transB", 0) != 0;
    float factor = node.real("alpha", 1);
    return matrix(node)
        .map(constant -> new Product(node, constant, transposed, factor, node.input(2)));
  }

  private Optional<Constant> matrix(Node node) {
    return graph
        .constant(node.input(1))
        .filter(constant -> Tensors.shape(constant.tensor()).length == 2);
  }

  /// The nodes that compute the same as a product, in the order of the data flow.
  List<Node> replace(Product product) {
    graph.release(product.constant);
    Weight weight = weight(product);
    String output = product.node.outputs().getFirst();
    String result = product.bias.isEmpty() ? output : graph.fresh(output + "_product");
    List<Node> nodes = new ArrayList<>();
    switch (form.kind()) {
      case DYNAMIC -> dynamic(product, weight, result, nodes);
      case WEIGHTS_ONLY -> nodes.add(inBlocks(product, weight, result));
    }
    if (!product.bias.isEmpty()) {
      nodes.add(node("Add", List.of(result, product.bias), output));
    }
    return nodes;
  }

  /// ONNX Runtime fuses these nodes, in this form, into `DynamicQuantizeMatMul` or
  /// `MatMulIntegerToFloat`.
  private void dynamic(Product product, Weight weight, String result, List<Node> nodes) {
    Activation activation = activation(product.node.input(0), nodes);
    String sums = graph.fresh(result + "_int32");
    String reals = graph.fresh(result + "_float");
    String scales = graph.fresh(result + "_scales");
    nodes.add(
        node(
            "MatMulInteger",
            List.of(activation.values, weight.numbers, activation.zeroPoint),
            sums));
    nodes.add(
        Node.make(
            "",
            "Cast",
            List.of(sums),
            List.of(reals),
            List.of(Node.ofInteger("to", Tensors.FLOAT))));
    nodes.add(node("Mul", List.of(activation.scale, weight.scales), scales));
    nodes.add(node("Mul", List.of(reals, scales), result));
  }

  private Activation activation(String input, List<Node> nodes) {
    Activation known = activations.get(input);
    if (known != null) {
      return known;
    }
    Activation quantised =
        new Activation(
            graph.fresh(input + "_uint8"),
            graph.fresh(input + "_scale"),
            graph.fresh(input + "_zero_point"));
    nodes.add(
        Node.make(
            "",
            "DynamicQuantizeLinear",
            List.of(input),
            List.of(quantised.values, quantised.scale, quantised.zeroPoint),
            List.of()));
    activations.put(input, quantised);
    return quantised;
  }

  private static Node inBlocks(Product product, Weight weight, String result) {
    return Node.make(
        MICROSOFT,
        "MatMulNBits",
        List.of(product.node.input(0), weight.numbers, weight.scales),
        List.of(result),
        List.of(
            Node.ofInteger("K", product.rows()),
            Node.ofInteger("N", product.columns()),
            Node.ofInteger("bits", BITS),
            Node.ofInteger("block_size", BLOCK),
            Node.ofInteger("accuracy_level", ACCURACY_LEVEL)));
  }

  private static Node node(String operator, List<String> inputs, String output) {
    return Node.make("", operator, inputs, List.of(output), List.of());
  }

  private Weight weight(Product product) {
    String name = product.constant.name();
    String key = "%s %s %s".formatted(product.swaps(), product.factor, name);
    Weight known = weights.get(key);
    if (known != null) {
      return known;
    }
    int rows = product.rows();
    int columns = product.columns();
    Matrix matrix =
        Matrix.of(
            name, graph.floats(product.constant), rows, columns, product.swaps(), product.factor);
    Weight weight = new Weight(graph.fresh(name + "_int8"), graph.fresh(name + "_scales"));
    if (form.kind() == Form.Kind.WEIGHTS_ONLY) {
      long blocks = Math.ceilDiv(rows, BLOCK);
      Quantised quantised = Quantised.byBlock(matrix, BLOCK);
      graph.add(Tensors.ofUint8(weight.numbers, quantised.numbers(), columns, blocks, BLOCK));
      graph.add(Tensors.ofFloats(weight.scales, quantised.scales(), columns, blocks));
    } else if (form.perTensor()) {
      Quantised quantised = Quantised.byTensor(matrix, form.max());
      graph.add(Tensors.ofInt8(weight.numbers, quantised.numbers(), rows, columns));
      graph.add(Tensors.ofFloats(weight.scales, quantised.scales()));
    } else {
      Quantised quantised = Quantised.byColumn(matrix, form.max());
      graph.add(Tensors.ofInt8(weight.numbers, quantised.numbers(), rows, columns));
      graph.add(Tensors.ofFloats(weight.scales, quantised.scales(), columns));
    }
    weights.put(key, weight);
    return weight;
  }

  /// The operator set that the new nodes need besides ONNX's own; empty without one.
  static Optional<String> domain(Form form) {
    return form.kind() == Form.Kind.WEIGHTS_ONLY ? Optional.of(MICROSOFT) : Optional.empty();
  }
}
