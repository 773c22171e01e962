package dev.pilotlight.cli.quantize;

import static dev.pilotlight.domain.tensor.Datatype.BOOL;
import static dev.pilotlight.domain.tensor.Datatype.FP16;
import static dev.pilotlight.domain.tensor.Datatype.FP32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.cli.onnx.Message;
import dev.pilotlight.cli.onnx.ModelFile;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.OnnxAttribute;
import dev.pilotlight.model.OnnxGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which nodes of a graph are replaced, and what stays.
final class QuantizerTest {
  private static final int SIZE = 8;
  private static final int OPSET = 8;
  private static final float[] WEIGHTS = TestModel.random(new Random(5), SIZE * SIZE);
  private static final float[] X = TestModel.random(new Random(6), 3 * SIZE);

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
                    .node("Transpose", List.of("turned"), List.of("back"))
                    .node("Transpose", List.of("back"), List.of("again"))
                    .node("MatMul", List.of("x", "again"), List.of("y")))
            .quantise(TestModel.dynamic());

    assertThat(quantised.operators()).doesNotContain("Identity", "Transpose", "MatMul");
    assertThat(quantised.initializers()).doesNotContain("w");
    assertAnswers(quantised, 1);
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

  @ParameterizedTest
  @ValueSource(longs = {10, 27})
  void operatorSetsThatAreNotKnownAreRefused(long opset) throws IOException {
    TestModel model = withOpset(opset);

    assertThatThrownBy(() -> model.quantise(TestModel.dynamic()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("operator set %d of ONNX; accepted: 11 to 26", opset);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 13, 17, 21, Quantizer.OPSET_MAX})
  void everyKnownOperatorSetIsQuantised(long opset) throws Exception {
    assertAnswers(withOpset(opset).quantise(TestModel.dynamic()), 1);
    assertAnswers(withOpset(opset).quantise(TestModel.weightsOnly()), 1);
  }

  @Test
  void aQuantisedModelIsRefused() throws Exception {
    for (Form form : List.of(TestModel.dynamic(), TestModel.weightsOnly())) {
      TestModel once = TestModel.of(root, product()).quantise(form);

      assertThatThrownBy(() -> once.quantise(TestModel.dynamic()))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("quantised already");
    }
    TestModel published = new TestModel(Path.of("models/all-minilm-l6-v2/1/model.onnx"));
    assertThatThrownBy(
            () -> Quantizer.quantise(ModelFile.read(published.file()), TestModel.dynamic()))
        .hasMessageContaining("quantised already");
  }

  @Test
  void aModelWithoutFp32WeightsIsRefused() {
    OnnxGraph sum = graph().node("Add", List.of("x", "x"), List.of("y"));
    assertThatThrownBy(() -> TestModel.of(root, sum).quantise(TestModel.dynamic()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("no MatMul or Gemm with a constant FP32 matrix of 1 values or more");

    OnnxGraph half =
        new OnnxGraph("half")
            .input("x", FP16, 1, 2)
            .output("y", FP16, 1, 2)
            .initializer(new Tensor("w", FP16, new long[] {2, 2}, new byte[8]))
            .node("MatMul", List.of("x", "w"), List.of("y"));
    assertThatThrownBy(() -> TestModel.of(root, half).quantise(TestModel.dynamic()))
        .hasMessageContaining("its weights are FP16: name an export with FP32 weights");
  }

  @Test
  void aWeightThatIsNotFiniteOrHasAnotherSizeIsRefused() throws IOException {
    float[] values = WEIGHTS.clone();
    values[9] = Float.NaN;
    OnnxGraph nan = product(TestModel.matrix("w", SIZE, SIZE, values), "y");
    assertThatThrownBy(() -> TestModel.of(root, nan).quantise(TestModel.weightsOnly()))
        .hasMessageContaining("the weights w hold NaN");

    Message model = TestModel.parse(product());
    Message graph = graph(model);
    Message tensor = graph.messages(TestModel.INITIALIZER).getFirst().remove(1);
    graph.replace(TestModel.INITIALIZER, List.of(tensor.add(1, 8L).add(1, 9L)));
    TestModel wrong = TestModel.of(root, model.replace(TestModel.GRAPH, List.of(graph)));
    assertThatThrownBy(() -> wrong.quantise(TestModel.dynamic()))
        .hasMessageContaining("the tensor w declares the shape [8, 9], but has 256 bytes");
  }

  private TestModel withOpset(long opset) throws IOException {
    Message model = TestModel.parse(product());
    model.remove(OPSET).add(OPSET, new Message().add(2, opset));
    return TestModel.of(root, model);
  }

  private static OnnxGraph graph() {
    return new OnnxGraph("graph").input("x", FP32, "n", SIZE).output("y", FP32, "n", SIZE);
  }

  private static OnnxGraph product() {
    return product("y");
  }

  private static OnnxGraph product(String output) {
    return product(weights("w"), output);
  }

  private static OnnxGraph product(Tensor weights, String output) {
    return graph().initializer(weights).node("MatMul", List.of("x", "w"), List.of(output));
  }

  private static Message graph(Message model) {
    return model.messages(TestModel.GRAPH).getFirst();
  }

  private static Message node(Message model) {
    return graph(model).messages(TestModel.NODE).getFirst();
  }

  private static Message identity() {
    return new Message().add(1, "x").add(2, "copy").add(4, "Identity").add(6, "kept");
  }

  private static Tensor weights(String name) {
    return TestModel.matrix(name, SIZE, SIZE, WEIGHTS);
  }

  private static Tensor transposed(String name) {
    return TestModel.matrix(name, SIZE, SIZE, TestModel.transpose(WEIGHTS, SIZE, SIZE));
  }

  private static OnnxAttribute perm(long... order) {
    return OnnxAttribute.integers("perm", order);
  }

  /// `y` is near `factor` times the product of `x` and the weights, which has values up to 9.
  private static void assertAnswers(TestModel quantised, double factor) throws Exception {
    float[] y = quantised.run(X, 3, SIZE);
    assertThat(y).hasSize(3 * SIZE);
    for (int i = 0; i < y.length; i++) {
      double sum = 0;
      for (int k = 0; k < SIZE; k++) {
        sum += (double) X[i / SIZE * SIZE + k] * WEIGHTS[k * SIZE + i % SIZE];
      }
      assertThat((double) y[i]).isCloseTo(sum * factor, within(0.15 * factor));
    }
  }
}
