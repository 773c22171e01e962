package dev.pilotlight.model.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelPolicy.Speculation;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.Expected;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.model.repository.Repositories;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The tasks that the files next to a graph define.
public final class TextTasksTest {
  private static final String BERT =
      "{\"architectures\": [\"BertModel\"], \"max_position_embeddings\": 512}";
  private static final String CLASSIFIER =
      "{\"architectures\": [\"BertForSequenceClassification\"], %s \"id2label\":"
          + " {\"0\": \"bad\", \"1\": \"so-so\", \"2\": \"good\"}}";

  @TempDir private Path root;
  private final List<ModelRepository> repositories = new ArrayList<>();

  @AfterEach
  void close() {
    repositories.forEach(ModelRepository::close);
  }

  @Test
  void anEncoderWithoutMoreIsAMeanNormalisedEmbedding() {
    Path files = hidden();
    Repositories.write(files.resolve("config.json"), BERT);

    Model model = load();

    assertThat(model.info().task()).isEqualTo(Task.EMBEDDING);
    assertThat(model.info().dimensions()).isEqualTo(OnnxModels.EMBEDDING_SIZE);
    assertThat(embedding(model)).containsExactly(Expected.unit(Expected.mean()), within(1e-6f));
  }

  @Test
  void needsNoConfigurationIfTheOutputHasAKnownName() {
    hidden();

    assertThat(load().info().task()).isEqualTo(Task.EMBEDDING);
  }

  @ParameterizedTest
  @CsvSource({"pooling_mode_cls_token,101", "pooling_mode_lasttoken,102"})
  void poolingAndNormalisationFollowSentenceTransformers(String mode, long token) {
    Path files = hidden();
    Repositories.write(
        files.resolve("modules.json"),
        "[{\"type\": \"sentence_transformers.models.Transformer\"},"
            + "{\"type\": \"sentence_transformers.models.Pooling\"}]");
    Repositories.write(
        files.resolve("1_Pooling/config.json"),
        "{\"word_embedding_dimension\": 4, \"pooling_mode_mean_tokens\": false, \"%s\": true}"
            .formatted(mode));

    assertThat(embedding(load())).containsExactly(Expected.vector(token));
  }

  @Test
  void pilotlightJsonOverridesTheExport() {
    Path files = hidden();
    Repositories.write(files.resolve("config.json"), BERT);
    Repositories.write(
        files.resolve("pilotlight.json"),
        "{\"pooling\": \"cls\", \"normalise\": false, \"max_tokens\": 8,"
            + " \"cache_ttl_seconds\": 60, \"threads\": 2, \"speculate\": \"off\"}");

    Model model = load();

    assertThat(embedding(model)).containsExactly(Expected.vector(101));
    assertThat(model.info().maxTokens()).isEqualTo(8);
    assertThat(model.info().timeToLive()).contains(Duration.ofMinutes(1));
    assertThat(model.info().policy().speculation()).isEqualTo(Speculation.OFF);
  }

  @Test
  void pilotlightJsonMayTurnATextModelIntoOneOfTensors() {
    Path files = hidden();
    Repositories.write(files.resolve("pilotlight.json"), "{\"task\": \"tensors\"}");

    Model model = load();

    assertThat(model.info().task()).isEqualTo(Task.TENSORS);
    assertThat(model.info().maxTokens()).isZero();
    assertThatThrownBy(() -> model.run(new Item.Text("hello", false)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("takes tensors, not texts");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"max_token\": 8} | unknown keys max_token; known are aliases, cache_ttl_seconds",
        "{\"pooling\": \"median\"} | pooling is median, which is not accepted; it takes cls",
        "{\"max_tokens\": 0} | max_tokens is not accepted; it takes a whole number from 1",
        "{\"normalise\": \"yes\"} | normalise is not accepted; it takes true or false",
        "{\"speculate\": \"yes\"} | speculate is not accepted; it takes auto, off, on",
        "[] | pilotlight.json is not an object",
        "{ | pilotlight.json is not valid JSON",
        "{\"max_tokens\": 2} | leaves no room for a text",
      })
  void aWrongPilotlightJsonIsNamed(String json, String message) {
    Repositories.write(hidden().resolve("pilotlight.json"), json);

    assertThatThrownBy(this::load).isInstanceOf(Refusal.class).hasMessageContaining(message);
  }

  @Test
  void aModuleThatTheGraphLacksIsNeverLeftOut() {
    Repositories.write(
        hidden().resolve("modules.json"),
        "[{\"type\": \"sentence_transformers.models.Transformer\"},"
            + "{\"type\": \"sentence_transformers.models.Dense\"}]");

    assertThatThrownBy(this::load)
        .isInstanceOf(Refusal.class)
        .hasMessageContainingAll("Dense", "sentence_embedding");
  }

  @Test
  void aPoolingThatIsNotSupportedIsNamed() {
    Repositories.write(
        hidden().resolve("1_Pooling/config.json"), "{\"pooling_mode_median_tokens\": true}");

    assertThatThrownBy(this::load)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("pooling_mode_median_tokens");
  }

  @Test
  void aClassifierGivesItsBestLabelAndItsProbability() {
    Repositories.write(classifier().resolve("config.json"), CLASSIFIER.formatted(""));
    double[] logits = Expected.logits();

    Model model = load();
    Result result = model.run(new Item.Text("hello world", false));

    assertThat(model.info().task()).isEqualTo(Task.TEXT_CLASSIFICATION);
    assertThat(label(result)).isEqualTo(List.of("bad", "so-so", "good").get(Expected.best(logits)));
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit);
    }
    assertThat((double) score(result))
        .isCloseTo(Math.exp(logits[Expected.best(logits)]) / sum, within(1e-6));
    assertThat(result.tokens()).isEqualTo(4);
  }

  @Test
  void labelsThatDoNotExcludeEachOtherAreScoredAlone() {
    Repositories.write(
        classifier().resolve("config.json"),
        CLASSIFIER.formatted("\"problem_type\": \"multi_label_classification\","));
    double[] logits = Expected.logits();

    Result result = load().run(new Item.Text("hello world", false));

    assertThat((double) score(result))
        .isCloseTo(1 / (1 + Math.exp(-logits[Expected.best(logits)])), within(1e-6));
  }

  @Test
  void aClassifierWithoutLabelsNamesThemByNumber() {
    Repositories.write(
        classifier().resolve("config.json"),
        "{\"architectures\": [\"BertForSequenceClassification\"]}");

    assertThat(label(load().run(new Item.Text("hello world", false))))
        .isEqualTo("LABEL_" + Expected.best(Expected.logits()));
  }

  @Test
  void labelsThatDoNotFitTheGraphFailToLoad() {
    Repositories.write(
        classifier().resolve("config.json"),
        "{\"architectures\": [\"BertForSequenceClassification\"],"
            + " \"id2label\": {\"0\": \"no\", \"1\": \"yes\"}}");

    assertThatThrownBy(this::load)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("id2label has 2 labels, the graph's logits 3");
  }

  @Test
  void inputsThatNoTextCanFillAreNamed() {
    OnnxGraph graph = OnnxModels.lastHiddenState().input("pixel_values", Datatype.FP32, "n");
    Repositories.withTokenizer(root, "model", graph);

    assertThatThrownBy(this::load)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("the graph takes pixel_values, which a text does not fill");
  }

  @Test
  void graphWithoutTokenizerTakesTensorsWithAnyNames() {
    Path version = Repositories.version(root, "model", 1);
    OnnxModels.lastHiddenState().write(version.resolve("onnx/model.onnx"));

    Model model = load();
    model.prime();

    assertThat(model.info().task()).isEqualTo(Task.TENSORS);
    assertThat(model.info().inputs()).isEqualTo(model.info().graphInputs());
  }

  private Model load() {
    ModelRepository repository = Repositories.open(root);
    repositories.add(repository);
    return repository.get("model", null);
  }

  private Path hidden() {
    return Repositories.withTokenizer(root, "model", OnnxModels.lastHiddenState());
  }

  private Path classifier() {
    return Repositories.withTokenizer(root, "model", OnnxModels.textClassification());
  }

  private static float[] embedding(Model model) {
    return model.run(new Item.Text("hello world", false)).outputs().getFirst().floats();
  }

  private static String label(Result result) {
    Tensor label = result.outputs().getFirst();
    assertThat(label.name()).isEqualTo("label");
    assertThat(label.shape()).isEmpty();
    return new String(label.bytes().getFirst(), StandardCharsets.UTF_8);
  }

  private static float score(Result result) {
    Tensor score = result.output("score");
    assertThat(score.shape()).isEmpty();
    return score.floats()[0];
  }
}
