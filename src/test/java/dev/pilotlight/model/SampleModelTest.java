package dev.pilotlight.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.model.onnx.JniGraph;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.model.repository.Repositories;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class SampleModelTest {
  // [CLS] hello world [SEP]
  private static final int[] HELLO_WORLD = {101, 7592, 2088, 102};
  private static ModelRepository repository;
  private static Model model;

  @BeforeAll
  static void load() {
    repository = Repositories.sample();
    model = repository.get(Repositories.SAMPLE_NAME, null);
  }

  @AfterAll
  static void close() {
    repository.close();
  }

  @Test
  void itsFilesDefineItsTask() {
    assertThat(model.info().task()).isEqualTo(Task.EMBEDDING);
    assertThat(model.info().version()).isEqualTo("1");
    assertThat(model.info().dimensions()).isEqualTo(384);
    assertThat(model.info().maxTokens()).isEqualTo(256);
    assertThat(model.info().runtime()).isEqualTo("onnxruntime-1.29.0/extended");
    assertThat(model.info().digest()).matches("[0-9a-f]{64}");
    assertThat(model.info().timeToLive()).isEmpty();
    assertThat(model.info().graphInputs())
        .contains(new TensorSpec("input_ids", Datatype.INT64, List.of(-1L, -1L)));
  }

  @Test
  void anEmbeddingIsTheNormalisedMeanOfTheTokenVectors() throws Exception {
    Result result = model.run(new Item.Text("hello world", false));

    Tensor embedding = result.outputs().getFirst();
    assertThat(result.outputs()).hasSize(1);
    assertThat(result.tokens()).isEqualTo(4);
    assertThat(embedding.name()).isEqualTo("embedding");
    assertThat(embedding.shape()).containsExactly(384);
    float[] reference = plainReference(HELLO_WORLD);
    assertThat(cosine(embedding.floats(), reference)).isCloseTo(1, within(1e-6));
    assertThat(embedding.floats()).containsExactly(reference, within(1e-6f));
  }

  @Test
  void aTextAmongOthersGivesTheSameBitsAsAlone() throws Exception {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      items.add(new Item.Text("text " + i + " is longer than others".repeat(i % 7), false));
    }
    List<Result> alone = items.stream().map(model::run).toList();

    List<Future<Result>> together;
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      together =
          threads.invokeAll(
              items.stream().<Callable<Result>>map(item -> () -> model.run(item)).toList());
    }

    assertThat(together.stream().map(Future::resultNow).toList()).isEqualTo(alone);
  }

  @Test
  void tokenIdsGiveTheSameBitsAsTheirText() {
    assertThat(model.run(new Item.Tokens(HELLO_WORLD, false)))
        .isEqualTo(model.run(new Item.Text("hello world", false)));
  }

  @Test
  void aTextOverTheLimitIsRefusedWithCountAndLimit() {
    assertThatThrownBy(() -> model.run(new Item.Text("hello ".repeat(300), false)))
        .isInstanceOfSatisfying(
            Refusal.class, e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.INVALID))
        .hasMessageContainingAll("302 tokens", "takes 256", "truncate");
  }

  @Test
  void aTextOverTheLimitIsCutIfAsked() {
    Result cut = model.run(new Item.Text("hello ".repeat(300), true));

    assertThat(cut.tokens()).isEqualTo(256);
    assertThat(cut).isEqualTo(model.run(new Item.Text("hello ".repeat(254), false)));
  }

  @Test
  void tokenIdsOverTheLimitKeepTheLastSpecialToken() {
    int[] ids = new int[302];
    Arrays.fill(ids, 7592);
    ids[0] = 101;
    ids[301] = 102;

    assertThatThrownBy(() -> model.run(new Item.Tokens(ids, false)))
        .hasMessageContainingAll("302 tokens", "takes 256", "truncate");
    assertThat(model.run(new Item.Tokens(ids, true)))
        .isEqualTo(model.run(new Item.Text("hello ".repeat(300), true)));
  }

  @Test
  void tokenIdsOutsideTheVocabularyAreRefused() {
    for (int id : new int[] {-1, 30522, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> model.run(new Item.Tokens(new int[] {101, id, 102}, false)))
          .isInstanceOf(Refusal.class)
          .hasMessageContainingAll("token id " + id, "0 to 30521");
    }
    assertThatThrownBy(() -> model.run(new Item.Tokens(new int[0], false)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("at least one");
  }

  @Test
  void itAlsoTakesTheGraphsOwnTensors() {
    Result result = model.run(new Item.Tensors(inputs(HELLO_WORLD), List.of("last_hidden_state")));

    assertThat(result.tokens()).isZero();
    assertThat(result.outputs().getFirst().shape()).containsExactly(1, 4, 384);
  }

  @Test
  void tensorsThatDoNotFitTheGraphAreRefusedByName() {
    List<Tensor> inputs = inputs(HELLO_WORLD);
    List<String> output = List.of("last_hidden_state");
    Tensor ids = inputs.getFirst();

    assertRefused(inputs.subList(1, inputs.size()), output, "the graph takes");
    assertRefused(inputs.reversed(), output, "the graph takes");
    assertRefused(plus(inputs, ids.named("extra")), output, "extra");
    assertRefused(plus(inputs, ids), output, "the graph takes");
    assertRefused(inputs, List.of("other"), "[other]; the graph has");
    assertRefused(inputs, List.of(), "[]; the graph has");
    assertRefused(inputs, List.of(output.getFirst(), output.getFirst()), "the graph has");
    Tensor flat = new Tensor("input_ids", Datatype.INT64, new long[] {4}, ids.data());
    assertRefused(with(inputs, flat), output, "input_ids INT64[4]");
    Tensor ints = new Tensor("input_ids", Datatype.INT32, new long[] {1, 8}, ids.data());
    assertRefused(with(inputs, ints), output, "input_ids INT32[1, 8]");
  }

  @Test
  void inputsThatOnlyTheGraphRefusesHaveCleanMessages() {
    List<Tensor> inputs = with(inputs(HELLO_WORLD), ids("input_ids", 101, 999_999));

    assertThatThrownBy(() -> model.run(new Item.Tensors(inputs, List.of("last_hidden_state"))))
        .isInstanceOfSatisfying(
            Refusal.class, e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.INVALID))
        .hasMessageStartingWith(
            "the graph refuses these inputs at its Gather node: indices element out of data bounds")
        .message()
        .doesNotContain("/", ".cc", ".h:", "onnxruntime::");
  }

  @Test
  void primingIsARealInference() {
    model.prime();
  }

  private static void assertRefused(List<Tensor> inputs, List<String> outputs, String message) {
    assertThatThrownBy(() -> model.run(new Item.Tensors(inputs, outputs)))
        .isInstanceOfSatisfying(
            Refusal.class, e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.INVALID))
        .hasMessageContaining(message);
  }

  private static List<Tensor> plus(List<Tensor> tensors, Tensor another) {
    List<Tensor> more = new ArrayList<>(tensors);
    more.add(another);
    return more;
  }

  private static List<Tensor> with(List<Tensor> tensors, Tensor instead) {
    return tensors.stream().map(t -> t.name().equals(instead.name()) ? instead : t).toList();
  }

  private static List<Tensor> inputs(int... ids) {
    int[] ones = new int[ids.length];
    Arrays.fill(ones, 1);
    return model.info().graphInputs().stream()
        .map(
            spec ->
                switch (spec.name()) {
                  case "input_ids" -> ids(spec.name(), ids);
                  case "attention_mask" -> ids(spec.name(), ones);
                  default -> ids(spec.name(), new int[ids.length]);
                })
        .toList();
  }

  private static Tensor ids(String name, int... ids) {
    ByteBuffer bytes = ByteBuffer.allocate(ids.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int id : ids) {
      bytes.putLong(id);
    }
    return new Tensor(name, Datatype.INT64, new long[] {1, ids.length}, bytes.array());
  }

  /// The least code that gives an embedding: the API's own arrays, no buffers, no classes of ours.
  private static float[] plainReference(int... ids) throws Exception {
    OrtEnvironment environment = JniGraph.environment();
    long[][] idRow = {Arrays.stream(ids).asLongStream().toArray()};
    long[][] ones = {Arrays.stream(ids).mapToLong(id -> 1).toArray()};
    long[][] zeros = {new long[ids.length]};
    try (OrtSession session =
            environment.createSession(Repositories.SAMPLE.resolve("model.onnx").toString());
        OnnxTensor input = OnnxTensor.createTensor(environment, idRow);
        OnnxTensor mask = OnnxTensor.createTensor(environment, ones);
        OnnxTensor types = OnnxTensor.createTensor(environment, zeros);
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", input, "attention_mask", mask, "token_type_ids", types))) {
      float[][] hidden = ((float[][][]) result.get(0).getValue())[0];
      double[] sum = new double[hidden[0].length];
      for (float[] token : hidden) {
        for (int i = 0; i < sum.length; i++) {
          sum[i] += token[i];
        }
      }
      double length = Math.sqrt(Arrays.stream(sum).map(v -> v * v).sum());
      float[] unit = new float[sum.length];
      for (int i = 0; i < unit.length; i++) {
        unit[i] = (float) (sum[i] / length);
      }
      return unit;
    }
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      squaresA += (double) a[i] * a[i];
      squaresB += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(squaresA * squaresB);
  }
}
