package dev.pilotlight.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.repository.Repositories;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The effect of sentence-transformers' modules on token vectors.
final class EmbeddingPlanTest {
  private static final String TEXT = "hello world";

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
  void poolingIsReadFromTheFolderThatModulesNames() {
    Path folder = models.hidden();
    Repositories.write(
        folder.resolve("modules.json"),
        TextModels.modules("Transformer", "Pooling").replace("1_Pooling", "./pool/"));
    Repositories.write(folder.resolve("pool/config.json"), "{\"pooling_mode\": \"lasttoken\"}");
    Repositories.write(folder.resolve("1_Pooling/config.json"), "{\"pooling_mode\": \"cls\"}");

    Model model = models.load();

    assertThat(TextModels.embedding(model, TEXT)).containsExactly(Expected.vector(102));
    assertThat(TextModels.fact(model, "pooling"))
        .isEqualTo(new Fact("pooling", "lasttoken", "pool/config.json"));
    assertThat(TextModels.fact(model, "normalised"))
        .isEqualTo(new Fact("normalised", "false", "modules.json"));
    assertThat(model.info().warnings()).noneMatch(text -> text.contains("pooling"));
  }

  @Test
  void fullClassNamesSince54AreKnown() {
    Path folder = models.hidden();
    Repositories.write(
        folder.resolve("modules.json"),
        TextModels.modules(
                "sentence_transformers.base.modules.transformer.Transformer",
                "sentence_transformers.sentence_transformer.modules.pooling.Pooling",
                "sentence_transformers.base.modules.normalize.Normalize")
            .replaceAll("\"path\": \"1_[^\"]*", "\"path\": \"1_Pooling")
            .replaceAll("\"path\": \"2_[^\"]*", "\"path\": \"2_Normalize"));
    Repositories.write(
        folder.resolve("1_Pooling/config.json"),
        "{\"embedding_dimension\":384,\"pooling_mode\":\"cls\",\"include_prompt\":true}");

    assertThat(TextModels.embedding(models.load(), TEXT))
        .containsExactly(Expected.unit(Expected.vector(101)), within(1e-6f));
  }

  @Test
  void severalModesAreConcatenatedAndNormalisedTogether() {
    Path folder = models.hidden();
    Repositories.write(folder.resolve("modules.json"), TextModels.MODULES);
    Repositories.write(
        folder.resolve("1_Pooling/config.json"), "{\"pooling_mode\": [\"lasttoken\", \"cls\"]}");
    float[] both = new float[8];
    System.arraycopy(Expected.vector(102), 0, both, 0, 4);
    System.arraycopy(Expected.vector(101), 0, both, 4, 4);

    Model model = models.load();

    assertThat(TextModels.embedding(model, TEXT))
        .containsExactly(Expected.unit(both), within(1e-6f));
    assertThat(model.info().dimensions()).isEqualTo(8);
  }

  @Test
  void truncateDimCutsAfterNormalising() {
    Path folder = models.hidden();
    Repositories.write(folder.resolve("modules.json"), TextModels.MODULES);
    Repositories.write(folder.resolve("1_Pooling/config.json"), "{\"pooling_mode\": \"cls\"}");
    Repositories.write(
        folder.resolve("config_sentence_transformers.json"), "{\"truncate_dim\": 3}");
    float[] unit = Expected.unit(Expected.vector(101));

    Model model = models.load();

    assertThat(TextModels.embedding(model, TEXT)).containsExactly(unit[0], unit[1], unit[2]);
    assertThat(model.info().dimensions()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "LSTM, LSTM",
    "CNN, CNN",
    "LayerNorm, LayerNorm",
    "WordWeights, WordWeights",
    "custom_st.Scale, Scale",
    "custom_st.Dense, custom_st.Dense",
    "pylate.models.Dense.Dense, pylate.models.Dense.Dense"
  })
  void unknownModuleIsNamed(String module, String named) {
    Path folder = models.hidden();
    Repositories.write(
        folder.resolve("modules.json"), TextModels.modules("Transformer", "Pooling", module));
    Repositories.write(folder.resolve("1_Pooling/config.json"), "{}");

    assertThatThrownBy(models::load)
        .isInstanceOf(Refusal.class)
        .hasMessageContainingAll("modules.json", named);
  }

  @Test
  void moduleBeforePoolingIsRefused() {
    Path folder = models.hidden();
    Repositories.write(
        folder.resolve("modules.json"), TextModels.modules("Transformer", "Dense", "Pooling"));
    Repositories.write(folder.resolve("2_Pooling/config.json"), "{}");

    assertThatThrownBy(models::load).hasMessageContainingAll("modules.json", "Dense");
  }

  @Test
  void normaliseOfTokenVectorsIsRefused() {
    Path folder = models.hidden();
    Repositories.write(folder.resolve("modules.json"), TextModels.MODULES);
    Repositories.write(folder.resolve("1_Pooling/config.json"), "{}");
    Repositories.write(
        folder.resolve("2_Normalize/config.json"), "{\"module_input_name\": \"token_embeddings\"}");

    assertThatThrownBy(models::load)
        .hasMessageContainingAll("2_Normalize/config.json", "module_input_name");
  }

  @Test
  void missingPoolingFileIsNotGuessed() {
    Path folder = models.hidden();
    Repositories.write(folder.resolve("modules.json"), TextModels.MODULES);
    assertThatThrownBy(models::load).hasMessageContaining("1_Pooling/config.json is missing");

    Repositories.write(folder.resolve("pilotlight.json"), "{\"pooling\": [\"max\"]}");
    assertThat(TextModels.fact(models.load(), "pooling").source()).isEqualTo("pilotlight.json");
  }

  @Test
  void modulesWithoutPoolingAreRefused() {
    Repositories.write(models.hidden().resolve("modules.json"), TextModels.modules("Transformer"));

    assertThatThrownBy(models::load).hasMessageContaining("no Pooling module");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../other", "/etc", "a/../../b", "..\\\\b"})
  void folderOutsideTheModelIsRefused(String path) {
    Repositories.write(
        models.hidden().resolve("modules.json"),
        TextModels.modules("Transformer", "Pooling").replace("1_Pooling", path));

    assertThatThrownBy(models::load).hasMessageContaining("is outside the model's folder");
  }

  @ParameterizedTest
  @CsvSource({"SparseEncoder", "MultiVectorEncoder"})
  void otherKindsOfEncodersAreNamed(String type) {
    Path folder = models.hidden();
    Repositories.write(
        folder.resolve("config_sentence_transformers.json"),
        "{\"model_type\": \"%s\"}".formatted(type));

    assertThatThrownBy(models::load).hasMessageContainingAll(type, "pilotlight.json");
  }

  @Test
  void outputWithoutDeclaredRankIsDecidedByARun() {
    Path folder = models.folder("model", undeclared("sentence_embedding", true));
    Repositories.write(folder.resolve("pilotlight.json"), "{\"normalise\": false}");
    Model pooled = models.load();
    assertThat(TextModels.embedding(pooled, TEXT)).containsExactly(Expected.mean(), within(1e-6f));
    assertThat(pooled.info().dimensions()).isEqualTo(4);

    folder = models.folder("hidden", undeclared("sentence_embedding", false));
    Repositories.write(
        folder.resolve("pilotlight.json"), "{\"normalise\": false, \"pooling\": \"last\"}");
    assertThat(TextModels.embedding(models.load("hidden"), TEXT))
        .containsExactly(Expected.vector(102));
  }

  /// The mean over all tokens, or their vectors, with an output whose rank is not declared.
  private static OnnxGraph undeclared(String name, boolean pooled) {
    OnnxGraph graph = OnnxModels.lastHiddenState();
    graph.output(name, Datatype.FP32, OnnxGraph.ANY_RANK);
    return pooled
        ? graph
            .initializer(
                new Tensor(
                    "axis_seq",
                    Datatype.INT64,
                    new long[] {1},
                    new byte[] {1, 0, 0, 0, 0, 0, 0, 0}))
            .node(
                "ReduceMean",
                List.of("last_hidden_state", "axis_seq"),
                List.of(name),
                OnnxAttribute.integer("keepdims", 0))
        : graph.node("Identity", List.of("last_hidden_state"), List.of(name));
  }
}
