package dev.pilotlight.model.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.OnnxAttribute;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.ProtobufWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OnnxFileTest {
  private static final Tensor WEIGHT = Tensor.ofFloats("w", new long[] {1}, new float[] {1});
  @TempDir private Path folder;

  @Test
  void readsNamesOfInputsAndOutputs() {
    OnnxFile file = read(OnnxModels.sumAndDifference());

    assertThat(file.inputs()).containsExactly("a", "b");
    assertThat(file.outputs()).containsExactly("sum", "difference");
    assertThat(file.externalLocations()).isEmpty();
  }

  @Test
  void anInitializerListedAmongTheInputsIsNotAnInput() {
    OnnxGraph graph =
        OnnxModels.identity(Datatype.FP32, "n").input("w", Datatype.FP32, 1).initializer(WEIGHT);

    assertThat(read(graph).inputs()).containsExactly("x");
  }

  @Test
  void findsExternalDataOfInitializersAttributesAndSubgraphs() {
    OnnxGraph inner =
        new OnnxGraph("inner")
            .initializerIn("inner.bin", WEIGHT)
            .node(
                "Constant",
                List.of(),
                List.of("c"),
                OnnxAttribute.tensorIn("deep/constant.bin", "value", WEIGHT));
    OnnxGraph graph =
        OnnxModels.identity(Datatype.FP32, "n")
            .initializerIn("model.onnx_data", WEIGHT)
            .initializerIn("model.onnx_data", WEIGHT)
            .initializerIn("other.safetensors", WEIGHT)
            .node(
                "Constant",
                List.of(),
                List.of("k"),
                OnnxAttribute.tensorIn(".hidden", "value", WEIGHT))
            .node("If", List.of("k"), List.of("z"), OnnxAttribute.graph("then_branch", inner));

    assertThat(read(graph).externalLocations())
        .containsExactlyInAnyOrder(
            "model.onnx_data", "other.safetensors", ".hidden", "inner.bin", "deep/constant.bin");
  }

  @Test
  void entriesOfExternalDataDoNotCountWhereTheTensorHoldsItsBytes() {
    ProtobufWriter tensor = OnnxGraph.encoded(WEIGHT);
    tensor.message(13, new ProtobufWriter().text(1, "location").text(2, "unused.bin"));
    ProtobufWriter graph = new ProtobufWriter().message(5, tensor);

    assertThat(read(new ProtobufWriter().message(7, graph).toBytes()).externalLocations())
        .isEmpty();
  }

  @Test
  void findsExternalDataOfFunctionsAndSparseTensors() {
    ProtobufWriter sparse =
        new ProtobufWriter()
            .message(1, OnnxGraph.encodedIn("values.bin", WEIGHT))
            .message(2, OnnxGraph.encodedIn("indices.bin", WEIGHT));
    ProtobufWriter node =
        new ProtobufWriter()
            .text(4, "Constant")
            .message(5, OnnxAttribute.tensorIn("function.bin", "value", WEIGHT).encoded());
    byte[] model =
        new ProtobufWriter()
            .message(25, new ProtobufWriter().text(1, "f").message(7, node))
            .message(7, new ProtobufWriter().message(15, sparse))
            .toBytes();

    assertThat(read(model).externalLocations())
        .containsExactly("function.bin", "values.bin", "indices.bin");
  }

  @Test
  void namesTheOperatorThatComputesAnOutputAndSkipsThoseThatKeepValues() {
    OnnxGraph graph =
        new OnnxGraph("chain")
            .input("x", Datatype.FP32, "n")
            .output("y", Datatype.FP32, "n")
            .output("raw", Datatype.FP32, "n")
            .node("Softmax", List.of("x"), List.of("p"))
            .node("Cast", List.of("p"), List.of("c"), OnnxAttribute.integer("to", 1))
            .node("Reshape", List.of("c", "shape"), List.of("r"))
            .node("Identity", List.of("r"), List.of("y"))
            .node(OnnxGraph.ML, "Scaler", List.of("x"), List.of("raw"));
    OnnxFile file = read(graph);

    assertThat(file.producerOp("y")).contains("Softmax");
    assertThat(file.producerOp("raw")).contains("ai.onnx.ml.Scaler");
    assertThat(file.producerOp("x")).isEmpty();
    assertThat(read(OnnxModels.identity(Datatype.FP32, "n")).producerOp("y")).isEmpty();
  }

  @Test
  void seeksOverWeightsThatAreLargerThanItsWindow() {
    Tensor large = new Tensor("w", Datatype.INT8, new long[] {300_000}, new byte[300_000]);
    OnnxGraph graph =
        new OnnxGraph("large")
            .initializer(large)
            .initializerIn("after.bin", WEIGHT)
            .input("x", Datatype.FP32, 1)
            .output("y", Datatype.FP32, 1);

    OnnxFile file = read(graph);
    assertThat(file.externalLocations()).containsExactly("after.bin");
    assertThat(file.inputs()).containsExactly("x");
    assertThat(file.int8Bytes()).isEqualTo(300_000);
  }

  @Test
  void everyCutOfAGraphIsRefusedOrHasNoMoreThanTheWhole() {
    byte[] whole = OnnxModels.textClassification().toBytes();
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      try {
        assertThat(read(cut).inputs()).isSubsetOf("input_ids", "attention_mask");
      } catch (LoadFailure e) {
        assertThat(e.reason()).startsWith("model.onnx is ");
      }
    }
  }

  @Test
  void namesTheActualKindOfTheFile() {
    assertRefused("", "model.onnx is empty");
    assertRefused(
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
        "model.onnx is a Git LFS pointer");
    assertRefused("\n<!DOCTYPE html><html>", "model.onnx is an HTML page");
    assertRefused("<html>", "model.onnx is an HTML page");
    assertRefused("<?xml version=\"1.0\"?><Error>", "model.onnx is an XML document");
    assertRefused("PK\u0003\u0004rest", "model.onnx is a zip archive");
    assertRefused("this is not protobuf", "model.onnx is not an ONNX graph");
    assertRefused("\u0008\u0001", "model.onnx is not an ONNX graph");
  }

  @Test
  void graphsNestedWithoutEndAreRefused() {
    OnnxGraph graph = new OnnxGraph("innermost");
    for (int i = 0; i < 60; i++) {
      graph =
          new OnnxGraph("outer")
              .node("If", List.of("c"), List.of("o"), OnnxAttribute.graph("then_branch", graph));
    }
    OnnxGraph deep = graph;

    assertThatThrownBy(() -> read(deep)).isInstanceOf(LoadFailure.class);
  }

  private void assertRefused(String content, String reason) {
    assertThatThrownBy(() -> read(content.getBytes(StandardCharsets.ISO_8859_1)))
        .isInstanceOf(LoadFailure.class)
        .hasMessageStartingWith(reason);
  }

  private OnnxFile read(OnnxGraph graph) {
    return read(graph.toBytes());
  }

  private OnnxFile read(byte[] content) {
    try {
      return OnnxFile.read(Files.write(folder.resolve("model.onnx"), content));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
