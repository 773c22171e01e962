package dev.pilotlight.cli.quantize;

import static dev.pilotlight.cli.quantize.TestProduct.SIZE;
import static dev.pilotlight.cli.quantize.TestProduct.assertAnswers;
import static dev.pilotlight.cli.quantize.TestProduct.graph;
import static dev.pilotlight.cli.quantize.TestProduct.product;
import static dev.pilotlight.cli.quantize.TestProduct.transposed;
import static dev.pilotlight.cli.quantize.TestProduct.weights;
import static dev.pilotlight.domain.tensor.Datatype.BOOL;
import static dev.pilotlight.domain.tensor.Datatype.FP32;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cli.onnx.Message;
import dev.pilotlight.cli.onnx.ModelFile;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.OnnxAttribute;
import dev.pilotlight.model.OnnxGraph;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which nodes of a graph are replaced, and what stays.
final class QuantizerTest {
  @TempDir private Path root;

  @Test
  void weightsAndActivationsOfSeveralProductsAreQuantisedOnce() throws Exception {
    TestModel quantised =
        TestModel.of(
                root,
                graph()
                    .initializer(weights("w"))
                    .node("MatMul", List.of("x", "w"), List.of("a"))
                    .node("MatMul", List.of("x", "w"), List.of("b"))
                    .node("Add", List.of("a", "b"), List.of("y")))
            .quantise(TestModel.dynamic());

    assertThat(quantised.operators())
        .containsExactly(
            "DynamicQuantizeLinear",
            "MatMulInteger",
            "Cast",
            "Mul",
            "Mul",
            "MatMulInteger",
            "Cast",
            "Mul",
            "Mul",
            "Add");
    assertThat(quantised.initializers()).containsExactly("w_int8", "w_scales");
    assertAnswers(quantised, 2);
  }

  @Test
  void aTransposedWeightIsFoundThroughOtherNodesWhichGo() throws Exception {
    TestModel quantised =
        TestModel.of(
                root,
                graph()
                    .initializer(transposed("w"))
                    .node("Identity", List.of("w"), List.of("alias"))
                    .node("Transpose", List.of("alias"), List.of("turned"), perm(1, 0))
                    .node("MatMul", List.of("x", "turned"), List.of("a"))
                    .initializer(weights("v"))
                    .node("Transpose", List.of("v"), List.of("once"))
                    .node("Transpose", List.of("once"), List.of("twice"))
                    .node("MatMul", List.of("x", "twice"), List.of("b"))
                    .node("Add", List.of("a", "b"), List.of("y")))
            .quantise(TestModel.dynamic());

    assertThat(quantised.operators()).doesNotContain("Identity", "Transpose", "MatMul");
    assertThat(quantised.initializers()).doesNotContain("w", "v");
    assertAnswers(quantised, 2);
  }

  @Test
  void aWeightIsQuantisedForEachFactorAndDirection() throws Exception {
    OnnxGraph graph =
        graph()
            .initializer(weights("w"))
            .initializer(transposed("turned"))
            .node("MatMul", List.of("x", "w"), List.of("a"))
            .node("Gemm", List.of("x", "w"), List.of("b"), OnnxAttribute.real("alpha", 2))
            .node("Gemm", List.of("x", "turned"), List.of("c"), OnnxAttribute.integer("transB", 1))
            .node("MatMul", List.of("x", "turned"), List.of("d"))
            .node(
                "Gemm",
                List.of("x", "w"),
                List.of("minus_d"),
                OnnxAttribute.real("alpha", -1),
                OnnxAttribute.integer("transB", 1))
            .node("Sum", List.of("a", "b", "c", "d", "minus_d"), List.of("y"));

    assertAnswers(TestModel.of(root, graph).quantise(TestModel.dynamic()), 4);
    assertAnswers(TestModel.of(root, graph).quantise(TestModel.weightsOnly()), 4);
  }

  @Test
  void aConstantNodeIsAWeight() throws Exception {
    TestModel quantised =
        TestModel.of(
                root,
                graph()
                    .node(
                        "Constant",
                        List.of(),
                        List.of("w"),
                        OnnxAttribute.tensor("value", weights("")))
                    .node("MatMul", List.of("x", "w"), List.of("y")))
            .quantise(TestModel.weightsOnly());

    assertThat(quantised.operators()).containsExactly("MatMulNBits");
    assertAnswers(quantised, 1);
  }

  @Test
  void productsOfActivationsAndSmallWeightsStay() throws Exception {
    Form form =
        new Form(
            Form.Kind.DYNAMIC,
            false,
            Quantised.REDUCED_MAX,
            SIZE * SIZE,
            ModelFile.INLINE_BYTES_MAX);
    ModelFile model =
        ModelFile.read(
            TestModel.of(
                    root,
                    graph()
                        .initializer(weights("w"))
                        .initializer(TestModel.matrix("small", SIZE, 1, new float[SIZE]))
                        .node("MatMul", List.of("x", "w"), List.of("a"))
                        .node("Transpose", List.of("a"), List.of("turned"), perm(1, 0))
                        .node("MatMul", List.of("a", "turned"), List.of("b"))
                        .node("MatMul", List.of("a", "small"), List.of("c"))
                        .node("Mul", List.of("b", "c"), List.of("y")))
                .file());

    assertThat(Quantizer.quantise(model, form)).isEqualTo(new Quantizer.Counts(1, 2, 0));
  }

  @Test
  void aProductWhoseSumsMayOverflowStays() throws Exception {
    int rows = Products.ROWS_MAX + 1;
    ModelFile model =
        ModelFile.read(
            TestModel.of(
                    root,
                    new OnnxGraph("graph")
                        .input("x", FP32, "n", SIZE)
                        .output("y", FP32, "n", 1)
                        .initializer(TestModel.matrix("w", SIZE, rows, new float[SIZE * rows]))
                        .initializer(TestModel.matrix("v", rows, 1, new float[rows]))
                        .node("MatMul", List.of("x", "w"), List.of("a"))
                        .node("MatMul", List.of("a", "v"), List.of("y")))
                .file());

    assertThat(255L * Quantised.MAX * Products.ROWS_MAX)
        .isBetween(Integer.MAX_VALUE - 255L * Quantised.MAX, (long) Integer.MAX_VALUE);
    assertThat(Quantizer.quantise(model, TestModel.dynamic()))
        .isEqualTo(new Quantizer.Counts(1, 1, 0));
  }

  @Test
  void aWeightThatAnotherNodeOrAnInnerGraphUsesStaysToo() throws Exception {
    OnnxGraph inner =
        new OnnxGraph("inner")
            .output("chosen", FP32, SIZE, SIZE)
            .node("Identity", List.of("inside"), List.of("chosen"));
    OnnxGraph other =
        new OnnxGraph("other")
            .output("chosen_too", FP32, SIZE, SIZE)
            .node("Neg", List.of("inside"), List.of("chosen_too"));
    TestModel quantised =
        TestModel.of(
                root,
                graph()
                    .initializer(weights("inside"))
                    .initializer(new Tensor("yes", BOOL, new long[0], new byte[] {1}))
                    .node(
                        "If",
                        List.of("yes"),
                        List.of("same"),
                        OnnxAttribute.graph("then_branch", inner),
                        OnnxAttribute.graph("else_branch", other))
                    .node("Sub", List.of("same", "same"), List.of("nothing"))
                    .node("MatMul", List.of("x", "inside"), List.of("a"))
                    .node("MatMul", List.of("a", "nothing"), List.of("b"))
                    .node("Add", List.of("a", "b"), List.of("y")))
            .quantise(TestModel.dynamic());

    assertThat(quantised.initializers()).contains("inside", "inside_int8");
    assertAnswers(quantised, 1);
  }

  @Test
  void newNamesDifferFromAllOthers() throws Exception {
    TestModel quantised =
        TestModel.of(
                root,
                graph()
                    .initializer(weights("w"))
                    .initializer(weights("x_scale"))
                    .node("Identity", List.of("x"), List.of("w_int8"))
                    .node("Identity", List.of("w_int8"), List.of("w_scales"))
                    .node("Identity", List.of("w_scales"), List.of("x_uint8"))
                    .node("MatMul", List.of("x", "w"), List.of("a"))
                    .node("Sub", List.of("x_uint8", "x"), List.of("b"))
                    .node("Add", List.of("a", "b"), List.of("y")))
            .quantise(TestModel.dynamic());

    assertThat(quantised.initializers()).containsExactly("x_scale", "w_int8_1", "w_scales_1");
    assertAnswers(quantised, 1);
  }

  @Test
  void nothingElseOfTheModelChanges() throws Exception {
    Message model = TestModel.parse(product());
    Message node = node(model).add(6, "a node's text").add(99, 7L);
    Message graph = graph(model).replace(TestModel.NODE, List.of(identity(), node));
    graph.add(10, "a graph's text").add(98, "unknown");
    model.replace(TestModel.GRAPH, List.of(graph));
    model.add(14, new Message().add(1, "author").add(2, "somebody")).add(97, 3L);

    Message quantised = TestModel.of(root, model).quantise(TestModel.dynamic()).parse();

    assertThat(quantised.text(2)).isEqualTo("pilotlight-tests");
    assertThat(quantised.messages(14)).singleElement().matches(m -> m.text(1).equals("author"));
    assertThat(quantised.number(97, 0)).isEqualTo(3);
    Message changed = graph(quantised);
    assertThat(changed.text(10)).isEqualTo("a graph's text");
    assertThat(changed.text(98)).isEqualTo("unknown");
    assertThat(changed.messages(TestModel.NODE).getFirst().text(6)).isEqualTo("kept");
  }

  @Test
  void anOldFileHidesItsInitialisersAmongTheInputs() throws Exception {
    Message model =
        TestModel.parse(
            product("product")
                .initializer(Tensor.ofFloats("zero", new long[] {SIZE}, new float[SIZE]))
                .node("Add", List.of("product", "zero"), List.of("y")));
    Message graph = graph(model);
    for (String initializer : List.of("w", "zero")) {
      graph.add(11, graph.messages(11).getFirst().copy().remove(1).add(1, initializer));
    }
    model.replace(TestModel.GRAPH, List.of(graph)).remove(1).add(1, 3L);

    TestModel quantised = TestModel.of(root, model).quantise(TestModel.dynamic());

    assertThat(quantised.parse().number(1, 0)).isEqualTo(4);
    assertThat(quantised.graph().messages(11)).extracting(m -> m.text(1)).containsExactly("x");
    assertAnswers(quantised, 1);
  }

  private static Message node(Message model) {
    return graph(model).messages(TestModel.NODE).getFirst();
  }

  private static Message identity() {
    return new Message().add(1, "x").add(2, "copy").add(4, "Identity").add(6, "kept");
  }

  private static OnnxAttribute perm(long... order) {
    return OnnxAttribute.integers("perm", order);
  }
}
