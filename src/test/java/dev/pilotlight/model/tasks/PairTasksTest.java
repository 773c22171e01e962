package dev.pilotlight.model.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.task.Labels.Scoring;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.Prepared;
import dev.pilotlight.model.TextGraphs;
import dev.pilotlight.model.TextModels;
import dev.pilotlight.model.repository.Repositories;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Pairs of texts for cross-encoders and classifiers, and the logits of both.
final class PairTasksTest {
  private static final int[] HELLO = {101, 7592, 102};
  private static final int[] THIS = {2023, 102};

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
  void crossEncoderScoresAPairByItsTypes() {
    Model model = classifier(1, "");
    float logit = TextGraphs.crossLogit(HELLO, THIS);

    Result result = model.run(new Item.Pair("hello", "this", false));

    assertThat(result.output(ModelInfo.LOGITS_OUTPUT))
        .isEqualTo(Tensor.ofFloats("logits", new long[] {1}, new float[] {logit}));
    assertThat((double) result.output(ModelInfo.SCORE_OUTPUT).floats()[0])
        .isCloseTo(Labels.sigmoid(logit), within(1e-7));
    assertThat(result.tokens()).isEqualTo(5);
    assertThat(model.info().labels()).contains(new Labels(List.of("LABEL_0"), Scoring.SIGMOID));
    assertThat(model.info().ranks()).isTrue();
    assertThat(model.info().takesPairs()).isTrue();
  }

  @Test
  void orderOfTheTextsCounts() {
    Model model = classifier(1, "");

    assertThat(logits(model, new Item.Pair("this", "hello", false)))
        .containsExactly(TextGraphs.crossLogit(new int[] {101, 2023, 102}, new int[] {7592, 102}));
    assertThat(logits(model, new Item.Pair("this", "hello", false)))
        .isNotEqualTo(logits(model, new Item.Pair("hello", "this", false)));
  }

  @Test
  void oneTextHasTheLogitsOfOneText() {
    assertThat(logits(classifier(1, ""), new Item.Text("hello", false)))
        .containsExactly(TextGraphs.crossLogit(HELLO, new int[0]));
  }

  @Test
  void classifierOfPairsGivesItsBestLabelAndAllLogits() {
    String labelled = ", \"id2label\": {\"0\": \"no\", \"1\": \"maybe\", \"2\": \"yes\"}";
    Model model = classifier(3, labelled);
    float first = TextGraphs.crossLogit(HELLO, THIS);

    Result result = model.run(new Item.Pair("hello", "this", false));

    assertThat(result.outputs())
        .extracting(Tensor::name)
        .containsExactly("label", "score", "logits");
    float[] logits = result.output(ModelInfo.LOGITS_OUTPUT).floats();
    assertThat(logits).containsExactly(first, 2 * first, 3 * first);
    Labels labels = model.info().labels().orElseThrow();
    double[] scores = labels.scores(logits);
    int best = Labels.order(scores)[0];
    byte[] label = result.output(ModelInfo.LABEL_OUTPUT).bytes().getFirst();
    assertThat(new String(label, StandardCharsets.UTF_8)).isEqualTo(labels.names().get(best));
    assertThat(result.output(ModelInfo.SCORE_OUTPUT).floats())
        .containsExactly((float) scores[best]);
    assertThat(model.info().ranks()).isFalse();
  }

  @Test
  void pairOverTheLimitIsTruncatedOrRefused() {
    Repositories.write(
        models.folder("model", TextGraphs.crossEncoder(1)).resolve("tokenizer_config.json"),
        "{\"model_max_length\": 6}");
    Model model = loaded("");
    Item pair = new Item.Pair("hello", "this this this", false);

    Prepared prepared = model.prepare(pair.withTruncate(true));
    assertThat(prepared.truncated()).isTrue();
    assertThat(prepared.tokens()).isEqualTo(6);
    assertThat(model.run(prepared, Deadline.in(Duration.ofMinutes(1))).output("logits").floats())
        .containsExactly(TextGraphs.crossLogit(HELLO, new int[] {2023, 2023, 102}));
    assertThatThrownBy(() -> model.prepare(pair))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("the two texts have 7 tokens together; the model takes 6");
  }

  @Test
  void embeddingModelRefusesAPair() {
    models.hidden();
    Model model = models.load();

    assertThat(model.info().takesPairs()).isFalse();
    assertThat(model.info().labels()).isEmpty();
    assertThat(model.info().ranks()).isFalse();
    assertThatThrownBy(() -> model.prepare(new Item.Pair("a", "b", true)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("takes one text an item, not a pair");
  }

  @Test
  void modelOfTensorsRefusesAPair() {
    Repositories.write(models.hidden().resolve("pilotlight.json"), "{\"task\": \"tensors\"}");

    assertThatThrownBy(() -> models.load().prepare(new Item.Pair("a", "b", true)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("takes tensors, not texts");
  }

  @Test
  void modelWithAPromptRefusesAPair() {
    Repositories.write(
        models
            .folder("model", TextGraphs.crossEncoder(1))
            .resolve("config_sentence_transformers.json"),
        "{\"model_type\": \"CrossEncoder\", \"prompts\": {\"q\": \"query: \"},"
            + " \"default_prompt_name\": \"q\"}");
    Model model = loaded("");

    assertThat(logits(model, new Item.Text("hello", false))).hasSize(1);
    assertThatThrownBy(() -> model.prepare(new Item.Pair("a", "b", true)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("puts a prompt before a text, and has none for two texts");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        ", \"sentence_transformers\": {\"activation_fn\": \"torch.nn.modules.linear.Identity\"}"
            + " | activation_fn | config.json: sentence_transformers",
        ", \"sbert_ce_default_activation_function\": \"torch.nn.modules.linear.Identity\""
            + " | sbert_ce_default_activation_function | config.json",
      })
  void activationOfTheExportIsShown(String config, String name, String source) {
    Model model = classifier(1, config);

    assertThat(TextModels.fact(model, name))
        .isEqualTo(new Fact(name, "torch.nn.modules.linear.Identity", source));
    assertThat(model.info().labels().orElseThrow().scoring()).isEqualTo(Scoring.NONE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void pilotlightJsonMayAskForRawScores(boolean raw) {
    Path folder = models.folder("model", TextGraphs.crossEncoder(1));
    Repositories.write(folder.resolve("pilotlight.json"), "{\"raw_scores\": %s}".formatted(raw));

    assertThat(loaded("").info().policy().rawScores()).isEqualTo(raw);
  }

  @Test
  void rankingsHaveNoRawScoresByDefault() {
    assertThat(classifier(1, "").info().policy().rawScores()).isFalse();
  }

  /// The sigmoid of a probability would be another number, with status 200.
  @Test
  void probabilitiesOfTheGraphAreNamedAsSuch() {
    models.folder("model", TextGraphs.sigmoidCrossEncoder());
    Model model = loaded("");
    double probability = Labels.sigmoid(TextGraphs.crossLogit(HELLO, THIS));

    Result result = model.run(new Item.Pair("hello", "this", false));

    Labels labels = model.info().labels().orElseThrow();
    assertThat(labels.scoring()).isEqualTo(Scoring.PROBABILITIES);
    assertThat(labels.sigmoids(result.output("logits").floats())[0])
        .isCloseTo(probability, within(1e-6));
    assertThat((double) result.output("score").floats()[0]).isCloseTo(probability, within(1e-6));
  }

  private Model classifier(int labels, String config) {
    models.folder("model", TextGraphs.crossEncoder(labels));
    return loaded(config);
  }

  private Model loaded(String config) {
    Repositories.write(
        root.resolve("model/1/config.json"),
        "{\"architectures\": [\"BertForSequenceClassification\"]%s}".formatted(config));
    return models.load();
  }

  private static float[] logits(Model model, Item item) {
    return model.run(item).output(ModelInfo.LOGITS_OUTPUT).floats();
  }
}
