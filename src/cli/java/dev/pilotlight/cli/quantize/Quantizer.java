package dev.pilotlight.cli.quantize;

import dev.pilotlight.cli.onnx.Graph;
import dev.pilotlight.cli.onnx.Graph.Constant;
import dev.pilotlight.cli.onnx.ModelFile;
import dev.pilotlight.cli.onnx.Node;
import dev.pilotlight.cli.onnx.Tensors;
import dev.pilotlight.cli.quantize.Products.Product;
import dev.pilotlight.domain.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Rewrites a model's graph with weights of 8 bits.
///
/// Graphs inside of nodes, products of two activations and convolutions stay as they are.
public final class Quantizer {
  /// The first operator set with `DynamicQuantizeLinear`.
  private static final long OPSET_MIN = 11;

  /// The newest operator set of ONNX Runtime 1.29.0.
  static final long OPSET_MAX = 26;

  private static final Pattern QUANTISED =
      Pattern.compile(
          "(?:com\\.microsoft\\.)?(?:DynamicQuantize.*|(?:Q|Deq)uantizeLinear|MatMulInteger.*"
              + "|ConvInteger|QLinear.*|Q[A-Z].*|MatMulNBits.*|GatherBlockQuantized)");

  private Quantizer() {}

  /// The number of replaced nodes.
  ///
  /// @param products `MatMul` and `Gemm`
  /// @param productsLeft those whose weights are not constant, not FP32 or small
  /// @param lookups `Gather` of embeddings
  public record Counts(int products, int productsLeft, int lookups) {}

  /// Changes the model in memory.
  ///
  /// @throws Refusal if it is quantised already, has an operator set that is not accepted, weights
  ///   that are not finite, or nothing to quantise
  public static Counts quantise(ModelFile model, Form form) {
    requireOpset(model);
    Graph graph = model.graph();
    graph.nodes().forEach(Quantizer::refuseQuantised);
    Products products = new Products(graph, form);
    Lookups lookups = new Lookups(graph, form);
    List<Node> nodes = new ArrayList<>();
    int replaced = 0;
    int left = 0;
    int tables = 0;
    for (Node node : graph.nodes()) {
      Optional<Product> product =
          products
              .product(node)
              .filter(found -> isLarge(found.constant(), form))
              .filter(found -> found.rows() <= Products.ROWS_MAX);
      Optional<Constant> table = lookups.table(node).filter(found -> isLarge(found, form));
      if (product.isPresent()) {
        nodes.addAll(products.replace(product.get()));
        replaced++;
      } else if (table.isPresent()) {
        nodes.addAll(lookups.replace(node, table.get()));
        tables++;
      } else {
        nodes.add(node);
        left += node.is("MatMul") || node.is("Gemm") ? 1 : 0;
      }
    }
    if (replaced == 0) {
      throw nothing(graph, products, form);
    }
    Products.domain(form).ifPresent(domain -> model.requireOpset(domain, 1));
    graph.finish(nodes);
    return new Counts(replaced, left, tables);
  }

  private static boolean isLarge(Constant constant, Form form) {
    return Tensors.type(constant.tensor()) == Tensors.FLOAT
        && Tensors.elements(constant.tensor()) >= form.elementsMin();
  }

  private static void requireOpset(ModelFile model) {
    long opset = model.opset("").orElse(1L);
    if (opset < OPSET_MIN || opset > OPSET_MAX) {
      throw refusal(
          "the graph uses operator set %d of ONNX; accepted: %d to %d; export the model again"
              .formatted(opset, OPSET_MIN, OPSET_MAX));
    }
  }

  private static void refuseQuantised(Node node) {
    if (QUANTISED.matcher(node.label()).matches()) {
      throw refusal(
          "the model is quantised already: its graph has the operator %s; name the original"
              .formatted(node.label()));
    }
  }

  private static Refusal nothing(Graph graph, Products products, Form form) {
    boolean half =
        graph.nodes().stream()
            .flatMap(node -> products.product(node).stream())
            .anyMatch(found -> Tensors.type(found.constant().tensor()) == Tensors.FLOAT16);
    return refusal(
        "the graph has no MatMul or Gemm with a constant FP32 matrix of %d values or more%s"
            .formatted(
                form.elementsMin(),
                half ? "; its weights are FP16: name an export with FP32 weights" : ""));
  }

  private static Refusal refusal(String message) {
    return Refusal.broken(message, null);
  }
}
