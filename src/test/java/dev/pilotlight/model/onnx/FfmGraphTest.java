package dev.pilotlight.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FfmGraphTest {
  private static final long ABOVE_SIGNED = Long.MIN_VALUE + 5;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Datatype.class)
  void everyDatatypeComesBackByteForByte(Datatype type) {
    try (Graph scalar = open(OnnxModels.identity(type));
        Graph fixed = open(OnnxModels.identity(type, 2, 3));
        Graph free = open(OnnxModels.identity(type, "n", 3))) {
      assertThat(echo(scalar, sample(type))).isEqualTo(sample(type));
      assertThat(echo(fixed, sample(type, 2, 3))).isEqualTo(sample(type, 2, 3));
      assertThat(echo(free, sample(type, 1, 3))).isEqualTo(sample(type, 1, 3));
      assertThat(echo(free, sample(type, 700, 3))).isEqualTo(sample(type, 700, 3));
      assertThat(echo(free, sample(type, 0, 3))).isEqualTo(sample(type, 0, 3));
    }
  }

  @ParameterizedTest
  @EnumSource(Datatype.class)
  void graphListsItsInputsAndOutputs(Datatype type) {
    try (Graph graph = open(OnnxModels.identity(type, "n", 3))) {
      assertThat(graph.inputs()).containsExactly(new TensorSpec("x", type, List.of(-1L, 3L)));
      assertThat(graph.outputs()).containsExactly(new TensorSpec("y", type, List.of(-1L, 3L)));
    }
  }

  @Test
  void unsignedNumbersAreNotTakenForSignedOnes() {
    assertThat(binary(OnnxModels.max(Datatype.UINT64), 3, ABOVE_SIGNED)).isEqualTo(ABOVE_SIGNED);
    assertThat(binary(OnnxModels.max(Datatype.UINT32), 3, 0xFFFF_FFFBL)).isEqualTo(0xFFFF_FFFBL);
    assertThat(binary(OnnxModels.modulo(Datatype.UINT64), -1, 10)).isEqualTo(5);
    assertThat(binary(OnnxModels.modulo(Datatype.UINT32), 0xFFFF_FFFFL, 10)).isEqualTo(5);
    assertThat(binary(OnnxModels.modulo(Datatype.UINT16), 0xFFFF, 10)).isEqualTo(5);
    assertThat(binary(OnnxModels.modulo(Datatype.UINT8), 0xFF, 10)).isEqualTo(5);
    assertThat(binary(OnnxModels.modulo(Datatype.INT16), 0xFFFF, 10)).isEqualTo(9);
    assertThat(binary(OnnxModels.max(Datatype.INT64), 3, ABOVE_SIGNED)).isEqualTo(3);
  }

  @Test
  void everyWidthIsReadAsTheNumberItIs() {
    assertThat(cast(Datatype.UINT16, Datatype.INT64, 0xFFFE)).isEqualTo(0xFFFE);
    assertThat(cast(Datatype.UINT32, Datatype.INT64, 0xFFFF_FFFEL)).isEqualTo(0xFFFF_FFFEL);
    assertThat(Double.longBitsToDouble(cast(Datatype.UINT64, Datatype.FP64, Long.MIN_VALUE)))
        .isEqualTo(0x1p63);
    assertThat(Float.intBitsToFloat((int) cast(Datatype.BF16, Datatype.FP32, 0x3FC0)))
        .isEqualTo(1.5f);
    assertThat(Float.intBitsToFloat((int) cast(Datatype.FP16, Datatype.FP32, 0x3E00)))
        .isEqualTo(1.5f);
    assertThat(cast(Datatype.BOOL, Datatype.UINT64, 1)).isEqualTo(1);
    assertThat(cast(Datatype.INT8, Datatype.INT64, 0xFE)).isEqualTo(-2);
    assertThat(cast(Datatype.INT32, Datatype.UINT16, 7)).isEqualTo(7);
  }

  @Test
  void onlyTheOutputsNamedAreGivenInTheOrderWanted() {
    Tensor a = Tensor.ofFloats("a", new long[] {2}, new float[] {3, 5});
    Tensor b = Tensor.ofFloats("b", new long[] {2}, new float[] {1, 7});
    Tensor sum = Tensor.ofFloats("sum", new long[] {2}, new float[] {4, 12});
    Tensor difference = Tensor.ofFloats("difference", new long[] {2}, new float[] {2, -2});
    try (Graph graph = open(OnnxModels.sumAndDifference())) {
      assertThat(graph.run(List.of(a, b), List.of("difference", "sum")))
          .containsExactly(difference, sum);
      assertThat(graph.run(List.of(a, b), List.of("sum"))).containsExactly(sum);
    }
  }

  @Test
  void notANumberAndInfinityAreAnswersToo() {
    Tensor a = Tensor.ofFloats("a", new long[] {2}, new float[] {0, 1});
    Tensor b = Tensor.ofFloats("b", new long[] {2}, new float[] {0, 0});
    try (Graph graph = open(OnnxModels.quotient())) {
      assertThat(graph.run(List.of(a, b), List.of("quotient")).getFirst().floats())
          .containsExactly(Float.NaN, Float.POSITIVE_INFINITY);
    }
  }

  @Test
  void outputThatIsNotATensorIsLeftOut() {
    OnnxGraph sequence =
        new OnnxGraph("sequence")
            .input("x", Datatype.UINT16, "n")
            .output("y", Datatype.UINT16, "n")
            .sequenceOutput("all", Datatype.UINT16)
            .node("Identity", List.of("x"), List.of("y"))
            .node("SequenceConstruct", List.of("x", "y"), List.of("all"));
    try (Graph graph = open(sequence)) {
      assertThat(graph.outputs()).extracting(TensorSpec::name).containsExactly("y");
      assertThat(echo(graph, sample(Datatype.UINT16, 4))).isEqualTo(sample(Datatype.UINT16, 4));
    }
  }

  @Test
  void runsAtTheSameTimeGiveTheSameBits() throws ExecutionException, InterruptedException {
    List<List<Tensor>> requests = new ArrayList<>();
    for (int length = 1; length <= 50; length++) {
      requests.add(tokens(length));
    }
    try (Graph graph = open(OnnxModels.textClassification());
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<List<Tensor>> alone =
          requests.stream().map(request -> graph.run(request, List.of("logits"))).toList();
      for (int round = 0; round < 5; round++) {
        List<Future<List<Tensor>>> together =
            requests.stream()
                .map(request -> threads.submit(() -> graph.run(request, List.of("logits"))))
                .toList();
        for (int i = 0; i < alone.size(); i++) {
          assertThat(together.get(i).get()).isEqualTo(alone.get(i));
        }
      }
    }
  }

  private long binary(OnnxGraph model, long a, long b) {
    try (Graph graph = open(model)) {
      Datatype type = graph.inputs().getFirst().datatype();
      Tensor left = new Tensor("a", type, new long[] {1}, numbers(type, a));
      Tensor right = new Tensor("b", type, new long[] {1}, numbers(type, b));
      String output = graph.outputs().getFirst().name();
      return number(graph.run(List.of(left, right), List.of(output)).getFirst());
    }
  }

  private long cast(Datatype from, Datatype to, long value) {
    try (Graph graph = open(OnnxModels.cast(from, to))) {
      return number(echo(graph, new Tensor("x", from, new long[] {1}, numbers(from, value))));
    }
  }

  private Graph open(OnnxGraph model) {
    return FfmGraph.open(model.write(directory.resolve("model.onnx")), 1, Optimisation.EXTENDED);
  }

  private static Tensor echo(Graph graph, Tensor tensor) {
    return graph.run(List.of(tensor), List.of("y")).getFirst().named("x");
  }

  private static List<Tensor> tokens(int length) {
    byte[] ids = new byte[length * Long.BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(ids).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < length; i++) {
      buffer.putLong(i * 31L % OnnxModels.VOCABULARY);
    }
    byte[] mask = numbers(Datatype.INT64, Collections.nCopies(length, 1L));
    long[] shape = {1, length};
    return List.of(
        new Tensor("input_ids", Datatype.INT64, shape, ids),
        new Tensor("attention_mask", Datatype.INT64, shape, mask));
  }

  /// Bytes of which no two neighbours are alike, with every sign bit in use; NaNs among the floats.
  private static Tensor sample(Datatype type, long... shape) {
    int elements = (int) Tensor.elements(shape);
    if (type == Datatype.BYTES) {
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < elements; i++) {
        texts.add(i % 3 == 0 ? "" : OnnxModels.EMOJI.repeat(i % 5) + "\u0000" + i);
      }
      return Tensor.ofStrings("x", shape, texts);
    }
    byte[] data = new byte[elements * type.size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (type == Datatype.BOOL ? i % 2 : 255 - i * 7);
    }
    return new Tensor("x", type, shape, data);
  }

  private static byte[] numbers(Datatype type, long value) {
    return numbers(type, List.of(value));
  }

  private static byte[] numbers(Datatype type, List<Long> values) {
    ByteBuffer bytes =
        ByteBuffer.allocate((values.size() + 1) * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.size(); i++) {
      bytes.putLong(i * type.size(), values.get(i));
    }
    byte[] exact = new byte[values.size() * type.size()];
    bytes.get(exact);
    return exact;
  }

  /// The bits of a tensor's only element, without a sign.
  private static long number(Tensor tensor) {
    byte[] wide = new byte[Long.BYTES];
    System.arraycopy(tensor.data(), 0, wide, 0, tensor.data().length);
    return ByteBuffer.wrap(wide).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }
}
