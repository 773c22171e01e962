package dev.pilotlight.model.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultCodec;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.task.Labels.Scoring;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.SmallTokenizer;
import dev.pilotlight.model.TextGraphs;
import dev.pilotlight.model.TextModels;
import dev.pilotlight.model.repository.Repositories;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The recognition of models that classify tokens, and their results.
final class TokenTasksTest {
  private static final String NER = "\"architectures\": [\"BertForTokenClassification\"]";

  @TempDir private Path root;
  private TextModels models;

  @BeforeEach
  void open() {
    models = new TextModels(root);
  }

  @AfterEach
  void close() {
    models.close();
  }

  @Test
  void architectureIsTheTask() {
    ModelInfo info = load(TextGraphs.tokenClassifier(2), NER).info();

    assertThat(info.task()).isEqualTo(Task.TOKEN_CLASSIFICATION);
    assertThat(info.labels().orElseThrow().names()).containsExactly("LABEL_0", "LABEL_1");
    assertThat(info.labels().orElseThrow().scoring()).isEqualTo(Scoring.SOFTMAX);
    assertThat(info.facts())
        .contains(new Fact("task", "token-classification", "config.json"))
        .contains(new Fact("output", "logits", Fact.GRAPH));
    assertThat(info.takesText()).isTrue();
    assertThat(info.takesPairs()).isFalse();
    assertThat(info.dimensions()).isZero();
  }

  @Test
  void oneLabelDoesNotMakeARanker() {
    assertThat(load(TextGraphs.tokenClassifier(1), NER).info().ranks()).isFalse();
  }

  @Test
  void pilotlightJsonMayNameTheTask() {
    Path folder = models.folder("model", TextGraphs.tokenClassifier(2));
    Repositories.write(folder.resolve("pilotlight.json"), "{\"task\": \"token-classification\"}");

    assertThat(models.load().info().task()).isEqualTo(Task.TOKEN_CLASSIFICATION);
  }

  @Test
  void onlyOutputMayHaveAnyName() {
    OnnxGraph graph =
        new OnnxGraph("named")
            .input("input_ids", Datatype.INT64, "batch", "seq")
            .output("scores", Datatype.FP32, "batch", "seq", 2)
            .initializer(Tensor.ofFloats("table", new long[] {2, 2}, new float[] {0, 0, 0, 0}))
            .node("Sub", List.of("input_ids", "input_ids"), List.of("row"))
            .node("Gather", List.of("table", "row"), List.of("scores"));
    assertThat(load(graph, NER).info().facts()).contains(new Fact("output", "scores", Fact.GRAPH));
  }

  @Test
  void outputNamedLogitsIsChosenAmongSeveral() {
    OnnxGraph graph =
        TextGraphs.tokenClassifier(2)
            .output("scores", Datatype.FP32, "batch", "seq", 2)
            .node("Identity", List.of("logits"), List.of("scores"));
    assertThat(load(graph, NER).info().facts()).contains(new Fact("output", "logits", Fact.GRAPH));
  }

  @Test
  void resultHasAllThatEntitiesNeed() {
    Result result =
        load(TextGraphs.tokenClassifier(2), NER).run(new Item.Text("Zorak\u00e9 \u2603", false));

    assertThat(result.outputs())
        .extracting(Tensor::name)
        .containsExactly(
            "tokens",
            "label",
            "score",
            "offset_mapping",
            "special_tokens_mask",
            "subword",
            "token_ids",
            "logits");
    assertThat(texts(result, "tokens"))
        .containsExactly("[CLS]", "z", "##ora", "##ke", "\u2603", "[SEP]");
    assertThat(result.output("subword").data()).containsExactly(0, 0, 1, 1, 0, 0);
    assertThat(result.output("special_tokens_mask").data()).containsExactly(1, 0, 0, 0, 0, 1);
    assertThat(integers(result, "offset_mapping"))
        .containsExactly(0, 0, 0, 1, 1, 4, 4, 6, 7, 8, 0, 0);
    assertThat(integers(result, "token_ids")).startsWith(101).contains(100).endsWith(102);
    List<Integer> ids = integers(result, "token_ids");
    float[] logits = result.output("logits").floats();
    for (int i = 0; i < ids.size(); i++) {
      assertThat(logits[2 * i]).isEqualTo(TextGraphs.tokenLogit(ids.get(i), 0));
      boolean second = logits[2 * i + 1] > logits[2 * i];
      assertThat(texts(result, "label").get(i)).isEqualTo(second ? "LABEL_1" : "LABEL_0");
    }
    assertThat(result.tokens()).isEqualTo(6);
    assertThat(ResultCodec.decode(ResultCodec.encode(result))).isEqualTo(result);
  }

  @Test
  void tokenIdsHaveNoPlaces() {
    Model model = load(TextGraphs.tokenClassifier(2), NER);

    assertThatThrownBy(() -> model.run(new Item.Tokens(new int[] {101, 102}, false)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("token ids have none; accepted: a text");
    assertThatThrownBy(() -> model.run(new Item.Pair("a", "b", false)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("one text an item, not a pair");
  }

  @Test
  void graphThatEndsWithSoftmaxGivesItsProbabilities() {
    OnnxGraph graph =
        new OnnxGraph("sure")
            .input("input_ids", Datatype.INT64, "batch", "seq")
            .output("logits", Datatype.FP32, "batch", "seq", 2)
            .initializer(Tensor.ofFloats("table", new long[] {2, 2}, new float[] {0, 0, 0, 0}))
            .node("Sub", List.of("input_ids", "input_ids"), List.of("row"))
            .node("Gather", List.of("table", "row"), List.of("embedded"))
            .node("Softmax", List.of("embedded"), List.of("logits"));
    Model model = load(graph, NER);

    assertThat(model.info().labels().orElseThrow().scoring()).isEqualTo(Scoring.PROBABILITIES);
    assertThat(model.run(new Item.Text("a", false)).output("score").floats()).containsOnly(0.5f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        ", \"id2label\": {\"0\": \"O\"} | id2label has 1 labels, the graph's logits 2",
        ", \"id2label\": [1] | id2label",
      })
  void labelsMustFitTheGraph(String more, String message) {
    Path folder = models.folder("model", TextGraphs.tokenClassifier(2));
    Repositories.write(folder.resolve("config.json"), "{" + NER + more + "}");
    assertThatThrownBy(models::load).hasMessageContaining(message);
  }

  @Test
  void outputOfTextsIsRefused() {
    Path folder = models.folder("model", TextGraphs.crossEncoder(2));
    Repositories.write(folder.resolve("config.json"), "{" + NER + "}");
    assertThatThrownBy(models::load)
        .hasMessageContaining("no output of the graph is known as the logits of tokens");
  }

  @Test
  void promptsAreRefused() {
    Path folder = models.folder("model", TextGraphs.tokenClassifier(2));
    Repositories.write(folder.resolve("config.json"), "{" + NER + "}");
    Repositories.write(
        folder.resolve("config_sentence_transformers.json"), "{\"prompts\": {\"query\": \"q: \"}}");
    assertThatThrownBy(models::load).hasMessageContaining("has prompts");
  }

  @Test
  void decoderThatIsNotSupportedIsRefused() {
    Path folder = models.folder("model", TextGraphs.tokenClassifier(2));
    Repositories.write(folder.resolve("config.json"), "{" + NER + "}");
    Repositories.write(
        folder.resolve("tokenizer.json"),
        SmallTokenizer.JSON.replace(
            "{\"type\": \"WordPiece\", \"prefix\": \"##\", \"cleanup\": true}",
            "{\"type\": \"Fuse\"}"));
    assertThatThrownBy(models::load)
        .hasMessageContaining("the decoder Fuse is not supported for token classification");
  }

  private Model load(OnnxGraph graph, String config) {
    Path folder = models.folder("model", graph);
    Repositories.write(folder.resolve("config.json"), "{" + config + "}");
    return models.load();
  }

  private static List<String> texts(Result result, String name) {
    return result.output(name).bytes().stream()
        .map(utf8 -> new String(utf8, StandardCharsets.UTF_8))
        .toList();
  }

  private static List<Integer> integers(Result result, String name) {
    List<Integer> integers = new ArrayList<>();
    var data = result.output(name).buffer().asIntBuffer();
    while (data.hasRemaining()) {
      integers.add(data.get());
    }
    return integers;
  }
}
