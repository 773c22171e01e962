package dev.pilotlight.model.inputs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.model.Expected;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.TextGraphs;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.model.repository.Repositories;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Inputs as exporters make them, filled from a text; every expected vector is computed without a
/// runtime.
final class TextInputsTest {
  private static final int SIZE = OnnxModels.EMBEDDING_SIZE;
  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";

  @TempDir private Path root;
  private final List<ModelRepository> repositories = new ArrayList<>();

  @AfterEach
  void close() {
    repositories.forEach(ModelRepository::close);
  }

  @ParameterizedTest
  @EnumSource(names = {"INT64", "INT32", "BOOL", "FP32", "FP16", "FP64", "UINT8"})
  void maskMayHaveAnyDatatype(Datatype type) {
    folder(TextGraphs.masked(type, IDS, MASK, "batch", "seq"), "");

    assertThat(embedding(load())).containsExactly(Expected.mean(), within(1e-6f));
  }

  @ParameterizedTest
  @CsvSource({
    "input_word_ids, input_mask",
    "input_ids:0, attention_mask:0",
    "input_ids:0, input_mask:0",
    "serving_default_input_ids:0, serving_default_attention_mask:0"
  })
  void inputsMayHaveTheNamesThatTensorFlowGivesThem(String ids, String mask) {
    folder(TextGraphs.masked(Datatype.INT32, ids, mask, "batch", "seq"), "");

    assertThat(embedding(load())).containsExactly(Expected.mean(), within(1e-6f));
  }

  @ParameterizedTest
  @CsvSource({"token_type_ids", "segment_ids:0", "input_type_ids", "input_type"})
  void typesMayHaveTheNamesThatExportersGiveThem(String name) {
    folder(OnnxModels.lastHiddenState().input(name, Datatype.INT64, "batch", "seq"), "");

    assertThat(embedding(load())).containsExactly(Expected.mean(), within(1e-6f));
  }

  @Test
  void twoInputsOfTheSameMeaningAreRefused() {
    folder(OnnxModels.lastHiddenState().input("input_mask", Datatype.INT64, "batch", "seq"), "");

    assertThatThrownBy(this::load)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("takes both attention_mask and input_mask");
  }

  @Test
  void inputsMayHaveNoDeclaredRank() {
    folder(TextGraphs.ofAnyRank(), "");

    Model model = load();

    assertThat(model.info().graphInputs()).allMatch(spec -> spec.anyRank());
    assertThat(embedding(model)).containsExactly(Expected.mean(), within(1e-6f));
  }

  @ParameterizedTest
  @CsvSource({"mean", "cls", "last"})
  void fixedLengthIsPaddedAndPooledOverTheTextOnly(String pooling) {
    for (String side : List.of("right", "left")) {
      Path files =
          folder(
              TextGraphs.masked(Datatype.INT64, IDS, MASK, "batch", 9),
              ", \"pooling\": \"%s\"".formatted(pooling));
      Repositories.write(
          files.resolve("tokenizer_config.json"),
          "{\"pad_token\": \"[MASK]\", \"padding_side\": \"%s\"}".formatted(side));

      Model model = load();

      float[] expected =
          switch (pooling) {
            case "cls" -> Expected.vector(101);
            case "last" -> Expected.vector(102);
            default -> Expected.mean();
          };
      assertThat(embedding(model)).containsExactly(expected, within(1e-6f));
      assertThat(model.info().facts())
          .contains(
              new Fact("length", "9", Fact.GRAPH),
              new Fact("padding", "id 103 on the " + side, "tokenizer_config.json"));
    }
  }

  @Test
  void fixedLengthLimitsTheTokensOfAText() {
    folder(TextGraphs.masked(Datatype.INT64, IDS, MASK, 1, 4), "");

    Model model = load();

    assertThat(model.info().maxTokens()).isEqualTo(4);
    assertThat(embedding(model)).containsExactly(Expected.mean(), within(1e-6f));
    assertThatThrownBy(() -> model.run(new Item.Text("hello big world", false)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("the text has 5 tokens; the model takes 4");
    assertThat(model.run(new Item.Text("hello world again", true)).outputs().getFirst().floats())
        .containsExactly(Expected.mean(), within(1e-6f));
  }

  @Test
  void fixedLengthWithoutAMaskIsRefused() {
    OnnxGraph graph =
        new OnnxGraph("no-mask")
            .input(IDS, Datatype.INT64, 1, 8)
            .output("last_hidden_state", Datatype.INT64, 1, 8)
            .node("Identity", List.of(IDS), List.of("last_hidden_state"));
    folder(graph, "");

    assertThatThrownBy(this::load)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("exactly 8 tokens, but has no attention_mask");
  }

  @ParameterizedTest
  @CsvSource({"batch", "1", "4"})
  void fixedBatchHoldsTheSameTextInEveryRow(String batch) {
    Object size = batch.equals("batch") ? batch : Integer.valueOf(batch);
    folder(TextGraphs.scaledByBatch(size), "");

    float[] embedding = embedding(load());

    float largest = 0;
    for (int token : Expected.helloWorld()) {
      for (int place = 0; place < SIZE; place++) {
        largest = Math.max(largest, Math.abs(OnnxModels.embedding(token, place)));
      }
    }
    for (int place = 0; place < SIZE; place++) {
      assertThat(embedding[place]).isCloseTo(Expected.mean()[place] / largest, within(1e-6f));
    }
  }

  @Test
  void fixedBatchAndLengthTogetherStillGiveTheTextAlone() {
    folder(TextGraphs.masked(Datatype.BOOL, IDS, MASK, 3, 7), "");

    Model model = load();

    assertThat(embedding(model)).containsExactly(Expected.mean(), within(1e-6f));
    assertThat(model.info().facts()).contains(new Fact("batch", "3", Fact.GRAPH));
    assertThat(model.info().warnings()).anyMatch(w -> w.contains("computes each text 3 times"));
  }

  @ParameterizedTest
  @CsvSource({
    "heads, size, '{\"num_attention_heads\": 2, \"hidden_size\": 6}'",
    "heads, size, '{\"num_key_value_heads\": 2, \"num_attention_heads\": 8, \"head_dim\": 3}'",
    "heads, 3, '{\"n_head\": 2}'",
    "2, 3, '{}'"
  })
  void decoderRunsWithoutAPast(String heads, String size, String config) {
    Path files = folder(TextGraphs.decoder(number(heads), number(size)), "");
    Repositories.write(files.resolve("config.json"), config);

    float[] embedding = embedding(load());

    // positions 0 to 3 of 4 tokens, and 100 for each token in the cache
    for (int place = 0; place < SIZE; place++) {
      assertThat(embedding[place]).isCloseTo(Expected.mean()[place] + 1.5f + 400, within(1e-4f));
    }
  }

  @Test
  void decoderWhoseHeadsAreUnknownIsRefused() {
    folder(TextGraphs.decoder("heads", 3), "");

    assertThatThrownBy(this::load)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("past_key_values.0.key")
        .hasMessageContaining("num_key_value_heads");
  }

  @Test
  void pastThatCannotBeEmptyIsRefused() {
    OnnxGraph graph =
        OnnxModels.lastHiddenState()
            .input("past_key_values.0.key", Datatype.FP32, "batch", 2, 16, 3);
    folder(graph, "");

    assertThatThrownBy(this::load)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("past_key_values.0.key is FP32[-1, 2, 16, 3]");
  }

  @Test
  void cacheSwitchOfAMergedDecoderIsOff() {
    folder(OnnxModels.lastHiddenState().input("use_cache_branch", Datatype.BOOL, 1), "");

    assertThat(embedding(load())).containsExactly(Expected.mean(), within(1e-6f));
  }

  @Test
  void constantsFillInputsThatATextDoesNotGive() {
    for (Object[] dims : new Object[][] {{}, {1}, {"n"}}) {
      folder(TextGraphs.withTask(dims), ", \"inputs\": {\"task_id\": 3, \"scale\": 0.5}");

      Model model = load();

      for (int place = 0; place < SIZE; place++) {
        assertThat(embedding(model)[place]).isCloseTo(Expected.mean()[place] + 3.5f, within(1e-6f));
      }
      assertThat(model.info().facts())
          .contains(
              new Fact("inputs.task_id", "3", "pilotlight.json"),
              new Fact("inputs.scale", "0.5", "pilotlight.json"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"scale\": 1} | the graph takes task_id, which a text does not fill",
        "{\"scale\": 1, \"task\": 1, \"task_id\": 1} | inputs has task, which the graph does not",
        "{\"scale\": 1, \"task_id\": 1.5} | 1.5 is not a whole number",
        "{\"scale\": 1, \"task_id\": [1, 2, 3]} | 3 numbers are given, but its shape is [4]",
        "{\"scale\": [1, 2], \"task_id\": 1} | inputs.scale does not fit the graph",
      })
  void constantsThatDoNotFitAreNamed(String inputs, String message) {
    folder(TextGraphs.withTask(SIZE), ", \"inputs\": " + inputs);

    assertThatThrownBy(this::load).isInstanceOf(Refusal.class).hasMessageContaining(message);
  }

  @Test
  void constantsOfAModelOfTensorsAreRefused() {
    Path version = Repositories.version(root, "model", 1);
    OnnxModels.sumAndDifference().write(version.resolve("model.onnx"));
    Repositories.write(version.resolve("pilotlight.json"), "{\"inputs\": {\"a\": 1}}");

    assertThatThrownBy(this::load)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("inputs is for models that take texts");
  }

  private Path folder(OnnxGraph graph, String overrides) {
    Path version = Repositories.version(root, "model", 1);
    graph.write(version.resolve("model.onnx"));
    Repositories.write(
        version.resolve("tokenizer.json"),
        Repositories.read(Repositories.SAMPLE.resolve("tokenizer.json")));
    Repositories.write(
        version.resolve("pilotlight.json"),
        "{\"task\": \"embedding\", \"normalise\": false%s}".formatted(overrides));
    return version;
  }

  private Model load() {
    ModelRepository repository = Repositories.open(root);
    repositories.add(repository);
    return repository.get("model", null);
  }

  private static Object number(String text) {
    return text.matches("\\d+") ? Integer.valueOf(text) : text;
  }

  private static float[] embedding(Model model) {
    return model.run(new Item.Text("hello world", false)).outputs().getFirst().floats();
  }
}
