package dev.pilotlight.cli.quantize;

import static dev.pilotlight.domain.tensor.Datatype.FP32;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cli.onnx.ModelFile;
import dev.pilotlight.cli.onnx.Node;
import dev.pilotlight.model.OnnxGraph;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Products of weights that alone are quantised, in blocks.
final class ProductsInBlocksTest {
  @TempDir private Path root;

  @Test
  void blocksHave32ValuesOf8BitsAndTheKernelIsTheQuickOne() throws Exception {
    TestModel model = quantised(new Random(21), 70, 5);

    Node node = ModelFile.read(model.file()).graph().nodes().getFirst();
    assertThat(model.operators()).containsExactly("MatMulNBits");
    assertThat(node.domain()).isEqualTo("com.microsoft");
    assertThat(node.integer("block_size", 0)).isEqualTo(32);
    assertThat(node.integer("accuracy_level", 0)).isEqualTo(4);
    assertThat(node.integer("bits", 0)).isEqualTo(8);
    assertThat(node.integer("K", 0)).isEqualTo(70);
    assertThat(node.integer("N", 0)).isEqualTo(5);
  }

  /// A text's answer must not depend on the texts that run with it: in a batch, shorter ones are
  /// padded, and rows of padding may be of any size.
  @Test
  void productOfARowIsTheSameBitForBitAloneAndWithOthers() throws Exception {
    Random random = new Random(22);
    for (int k : new int[] {1, 31, 32, 33, 70, 384}) {
      int columns = 1 + random.nextInt(40);
      TestModel model = quantised(random, k, columns);
      float[] row = TestModel.random(random, k);
      float[] alone = model.run(row, 1, k);
      for (int others : new int[] {1, 2, 15, 63}) {
        float[] rows = Arrays.copyOf(TestModel.random(random, k), k * (others + 1));
        rows[0] *= 1_000;
        System.arraycopy(row, 0, rows, others * k, k);

        float[] products = model.run(rows, others + 1, k);

        assertThat(Arrays.copyOfRange(products, others * columns, products.length))
            .as("%d rows of %d", others + 1, k)
            .isEqualTo(alone);
      }
    }
  }

  private TestModel quantised(Random random, int rows, int columns) throws Exception {
    OnnxGraph graph =
        new OnnxGraph("product")
            .input("x", FP32, "m", rows)
            .output("y", FP32, "m", columns)
            .initializer(
                TestModel.matrix("w", rows, columns, TestModel.random(random, rows * columns)))
            .node("MatMul", List.of("x", "w"), List.of("y"));
    return TestModel.of(Files.createTempDirectory(root, "graph"), graph)
        .quantise(TestModel.weightsOnly());
  }
}
