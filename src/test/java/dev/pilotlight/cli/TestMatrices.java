package dev.pilotlight.cli;

import static dev.pilotlight.domain.tensor.Datatype.FP32;
import static dev.pilotlight.domain.tensor.Datatype.INT64;

import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.OnnxAttribute;
import dev.pilotlight.model.OnnxGraph;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Writes exports whose graph has weights that are large enough to be quantised.
record TestMatrices(Path root) {
  private static final int VOCABULARY = 1024;
  private static final int SIZE = 64;

  /// Mean pooling of `table[id] * w`.
  ///
  /// @param outlier one value of the weight: the larger, the worse is one scale for all
  String embedding(String folder, float outlier) throws IOException {
    TestFolders folders = new TestFolders(root);
    String path = folders.embedding(folder);
    float[] weights = random(2, SIZE * SIZE);
    weights[0] = outlier;
    graph()
        .output("last_hidden_state", FP32, "batch", "seq", SIZE)
        .initializer(matrix("w", SIZE, SIZE, weights))
        .node("MatMul", List.of("row", "w"), List.of("last_hidden_state"))
        .write(root.resolve(folder).resolve("model.onnx"));
    return path;
  }

  /// Three labels of the mean of `table[id] * w`.
  String classifier(String folder) throws IOException {
    return classifier(folder, 3, 0);
  }

  /// @param labels from 1
  /// @param outlier one value of a weight, which no label depends on: the larger, the worse is one
  ///   scale for all
  String classifier(String folder, int labels, float outlier) throws IOException {
    TestFolders folders = new TestFolders(root);
    String path = folders.classifier(folder);
    float[] weights = random(3, SIZE * SIZE);
    weights[0] = outlier;
    float[] head = random(4, SIZE * labels);
    Arrays.fill(head, 0, labels, 0);
    graph()
        .output("logits", FP32, "batch", labels)
        .initializer(matrix("w", SIZE, SIZE, weights))
        .initializer(matrix("head", SIZE, labels, head))
        .initializer(int64("axis", 1))
        .node("MatMul", List.of("row", "w"), List.of("hidden"))
        .node(
            "ReduceMean",
            List.of("hidden", "axis"),
            List.of("mean"),
            OnnxAttribute.integer("keepdims", 0))
        .node("MatMul", List.of("mean", "head"), List.of("logits"))
        .write(root.resolve(folder).resolve("model.onnx"));
    return path;
  }

  private static OnnxGraph graph() {
    return new OnnxGraph("matrices")
        .input("input_ids", INT64, "batch", "seq")
        .initializer(matrix("table", VOCABULARY, SIZE, random(1, VOCABULARY * SIZE)))
        .initializer(int64("vocabulary", VOCABULARY))
        .node("Mod", List.of("input_ids", "vocabulary"), List.of("id"))
        .node("Gather", List.of("table", "id"), List.of("row"));
  }

  private static Tensor matrix(String name, int rows, int columns, float[] values) {
    return Tensor.ofFloats(name, new long[] {rows, columns}, values);
  }

  private static Tensor int64(String name, long value) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return new Tensor(name, INT64, new long[] {1}, bytes.putLong(0, value).array());
  }

  private static float[] random(int seed, int size) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
