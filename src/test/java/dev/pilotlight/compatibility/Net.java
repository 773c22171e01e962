package dev.pilotlight.compatibility;

import static dev.pilotlight.domain.tensor.Datatype.BOOL;
import static dev.pilotlight.domain.tensor.Datatype.FP32;
import static dev.pilotlight.domain.tensor.Datatype.INT64;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.OnnxAttribute;
import dev.pilotlight.model.OnnxGraph;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Text graphs of a few nodes: each token's vector is its row of [Words]; where the mask is 0 it is
/// [#PADDING], so that pooling over padding shows.
///
/// Inputs first, then one or more outputs, then [#graph].
final class Net {
  static final float PADDING = 99;

  /// In place of dimensions: the graph declares no shape.
  static final Object ANY_RANK = new Object();

  private final OnnxGraph graph = new OnnxGraph("net");
  private String vectors = "";
  private String mask = "";
  private int parts;

  private Net() {
    graph.initializer(longs("last_axis", -1)).initializer(longs("token_axis", 1));
  }

  /// `input_ids` and `attention_mask`, `INT64[batch, seq]`.
  static Net standard() {
    return ids("input_ids", INT64, "batch", "seq").mask("attention_mask", INT64, "batch", "seq");
  }

  /// The most usual graph: [#standard] to `last_hidden_state`.
  static OnnxGraph encoder() {
    return standard().hidden("last_hidden_state").graph();
  }

  static Net ids(String name, Datatype type, Object... dims) {
    Net net = new Net();
    net.graph.initializer(table("table"));
    return net.gather(name, type, dims);
  }

  /// As [#ids], but the table's bytes lie in a file next to the graph, see [#tableBytes].
  static Net idsWithTableIn(String location) {
    Net net = new Net();
    net.graph.initializerIn(location, table("table"));
    return net.gather("input_ids", INT64, "batch", "seq")
        .mask("attention_mask", INT64, "batch", "seq");
  }

  static byte[] tableBytes() {
    return table("table").data();
  }

  private Net gather(String name, Datatype type, Object... dims) {
    input(name, type, dims);
    graph.node("Gather", List.of("table", name), List.of("embedded"));
    vectors = "embedded";
    return this;
  }

  Net mask(String name, Datatype type, Object... dims) {
    input(name, type, dims);
    graph.node("Unsqueeze", List.of(name, "last_axis"), List.of("mask_3d"));
    graph.node("Cast", List.of("mask_3d"), List.of("mask_bool"), to(BOOL));
    graph.node("Cast", List.of("mask_3d"), List.of("mask_real"), to(FP32));
    graph.initializer(Tensor.ofFloats("padding", new long[0], new float[] {PADDING}));
    graph.node("Where", List.of("mask_bool", vectors, "padding"), List.of("masked"));
    vectors = "masked";
    mask = "mask_real";
    return this;
  }

  /// An input with a number per token, which is added to each place of the token's vector.
  Net addsEach(String name, Datatype type, Object... dims) {
    input(name, type, dims);
    graph.node("Unsqueeze", List.of(name, "last_axis"), List.of(name + "_3d"));
    return add(name + "_3d");
  }

  /// An input of any shape, the sum of which is added to each place of each token's vector.
  Net addsSum(String name, Datatype type, Object... dims) {
    input(name, type, dims);
    graph.node("Cast", List.of(name), List.of(name + "_real"), to(FP32));
    graph.node("ReduceSum", List.of(name + "_real"), List.of(name + "_sum"), noDims());
    return add(name + "_sum");
  }

  /// Adds to each vector by how much the items of the batch differ: zero if all are the same.
  Net spread() {
    graph.initializer(longs("item_axis", 0));
    graph.node("ReduceMax", List.of(vectors, "item_axis"), List.of("highest"));
    graph.node("ReduceMin", List.of(vectors, "item_axis"), List.of("lowest"));
    graph.node("Sub", List.of("highest", "lowest"), List.of("spread"));
    return add("spread");
  }

  private void input(String name, Datatype type, Object... dims) {
    if (dims.length == 1 && dims[0] == ANY_RANK) {
      graph.inputOfAnyRank(name, type);
    } else {
      graph.input(name, type, dims);
    }
  }

  private void output(String name, Datatype type, Object... dims) {
    if (dims.length == 1 && dims[0] == ANY_RANK) {
      graph.outputOfAnyRank(name, type);
    } else {
      graph.output(name, type, dims);
    }
  }

  private Net add(String value) {
    String real = "real_" + parts;
    String sum = "sum_" + parts++;
    graph.node("Cast", List.of(value), List.of(real), to(FP32));
    graph.node("Add", List.of(vectors, real), List.of(sum));
    vectors = sum;
    return this;
  }

  /// The tokens' vectors.
  Net hidden(String name) {
    return hidden(name, FP32, "batch", "seq", Words.SIZE);
  }

  /// @param dims as the graph declares them
  Net hidden(String name, Datatype type, Object... dims) {
    output(name, type, dims);
    graph.node("Cast", List.of(vectors), List.of(name), to(type));
    return this;
  }

  /// The *sum* of the tokens' vectors, which no pooling of ours gives.
  Net pooled(String name) {
    return pooled(name, FP32, "batch", Words.SIZE);
  }

  Net pooled(String name, Datatype type, Object... dims) {
    output(name, type, dims);
    graph.node("Cast", List.of(sum()), List.of(name), to(type));
    return this;
  }

  /// The sum through further operators one after the other, such as `Softmax`, `Identity`.
  Net pooledThen(String name, String... operators) {
    graph.output(name, FP32, "batch", Words.SIZE);
    String value = sum();
    for (int i = 0; i < operators.length; i++) {
      String next = i == operators.length - 1 ? name : "then_" + i;
      OnnxAttribute[] attributes =
          operators[i].equals("Cast") ? new OnnxAttribute[] {to(FP32)} : none();
      graph.node(operators[i], List.of(value), List.of(next), attributes);
      value = next;
    }
    return this;
  }

  /// One number a text: half of the sum's first place less half of its second, plus half of its
  /// third.
  Net single(String name, String... operators) {
    graph.output(name, FP32, "batch", 1);
    graph.initializer(
        Tensor.ofFloats("weights", new long[] {Words.SIZE, 1}, new float[] {0.5f, -0.5f, 0.5f}));
    String product = operators.length == 0 ? name : "product";
    graph.node("MatMul", List.of(sum(), "weights"), List.of(product));
    if (operators.length > 0) {
      graph.node(operators[0], List.of(product), List.of(name));
    }
    return this;
  }

  private String sum() {
    String weighted = vectors;
    int part = parts++;
    if (!mask.isEmpty()) {
      weighted = "weighted_" + part;
      graph.node("Mul", List.of(vectors, mask), List.of(weighted));
    }
    String total = "total_" + part;
    graph.node("ReduceSum", List.of(weighted, "token_axis"), List.of(total), noDims());
    return total;
  }

  OnnxGraph graph() {
    return graph;
  }

  static OnnxAttribute to(Datatype type) {
    return OnnxAttribute.integer("to", OnnxGraph.elementType(type));
  }

  private static OnnxAttribute noDims() {
    return OnnxAttribute.integer("keepdims", 0);
  }

  private static OnnxAttribute[] none() {
    return new OnnxAttribute[0];
  }

  static Tensor longs(String name, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    return new Tensor(name, INT64, new long[] {values.length}, bytes.array());
  }

  private static Tensor table(String name) {
    return Tensor.ofFloats(name, new long[] {Words.COUNT, Words.SIZE}, Words.vectors());
  }
}
