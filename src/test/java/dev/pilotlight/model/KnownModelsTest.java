package dev.pilotlight.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.repository.Repositories;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The pooling of published models whose export has no pooling file.
final class KnownModelsTest {
  /// The pooling in the models' own `1_Pooling/config.json` and cards.
  private static final String ROWS =
      """
      cls BAAI/bge-small-en BAAI/bge-base-en BAAI/bge-large-en BAAI/bge-small-en-v1.5
      cls BAAI/bge-base-en-v1.5 BAAI/bge-large-en-v1.5 BAAI/bge-small-zh BAAI/bge-base-zh
      cls BAAI/bge-large-zh BAAI/bge-small-zh-v1.5 BAAI/bge-base-zh-v1.5 BAAI/bge-large-zh-v1.5
      cls BAAI/bge-m3 mixedbread-ai/mxbai-embed-large-v1 mixedbread-ai/mxbai-embed-2d-large-v1
      cls WhereIsAI/UAE-Large-V1 Snowflake/snowflake-arctic-embed-xs
      cls Snowflake/snowflake-arctic-embed-s Snowflake/snowflake-arctic-embed-m
      cls Snowflake/snowflake-arctic-embed-l Snowflake/snowflake-arctic-embed-m-long
      cls Snowflake/snowflake-arctic-embed-m-v1.5 Snowflake/snowflake-arctic-embed-m-v2.0
      cls Snowflake/snowflake-arctic-embed-l-v2.0 Alibaba-NLP/gte-base-en-v1.5
      cls Alibaba-NLP/gte-large-en-v1.5 Alibaba-NLP/gte-multilingual-base
      cls Alibaba-NLP/gte-modernbert-base ibm-granite/granite-embedding-30m-english
      cls ibm-granite/granite-embedding-125m-english
      cls ibm-granite/granite-embedding-107m-multilingual
      cls ibm-granite/granite-embedding-278m-multilingual
      cls ibm-granite/granite-embedding-english-r2
      cls ibm-granite/granite-embedding-small-english-r2 cointegrated/rubert-tiny2
      cls sentence-transformers/multi-qa-mpnet-base-dot-v1
      cls sentence-transformers/multi-qa-distilbert-dot-v1
      cls sentence-transformers/multi-qa-MiniLM-L6-dot-v1
      cls sentence-transformers/msmarco-distilbert-base-tas-b
      mean intfloat/e5-small intfloat/e5-base intfloat/e5-large intfloat/e5-small-v2
      mean intfloat/e5-base-v2 intfloat/e5-large-v2 intfloat/e5-small-unsupervised
      mean intfloat/e5-base-unsupervised intfloat/e5-large-unsupervised
      mean intfloat/multilingual-e5-small intfloat/multilingual-e5-base
      mean intfloat/multilingual-e5-large intfloat/multilingual-e5-large-instruct
      mean sentence-transformers/all-MiniLM-L6-v1 sentence-transformers/all-MiniLM-L6-v2
      mean sentence-transformers/all-MiniLM-L12-v1 sentence-transformers/all-MiniLM-L12-v2
      mean sentence-transformers/paraphrase-MiniLM-L3-v2
      mean sentence-transformers/paraphrase-MiniLM-L6-v2
      mean sentence-transformers/paraphrase-MiniLM-L12-v2
      mean sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2
      mean sentence-transformers/multi-qa-MiniLM-L6-cos-v1
      mean sentence-transformers/msmarco-MiniLM-L6-cos-v5
      mean sentence-transformers/all-mpnet-base-v1 sentence-transformers/all-mpnet-base-v2
      mean sentence-transformers/paraphrase-mpnet-base-v2
      mean sentence-transformers/paraphrase-multilingual-mpnet-base-v2
      mean sentence-transformers/multi-qa-mpnet-base-cos-v1
      mean sentence-transformers/all-distilroberta-v1
      mean sentence-transformers/paraphrase-albert-small-v2
      mean sentence-transformers/paraphrase-distilroberta-base-v2
      mean sentence-transformers/multi-qa-distilbert-cos-v1
      mean mixedbread-ai/mxbai-embed-xsmall-v1 thenlper/gte-small thenlper/gte-base
      mean thenlper/gte-large TaylorAI/gte-tiny TaylorAI/bge-micro-v2
      mean nomic-ai/nomic-embed-text-v1 nomic-ai/nomic-embed-text-v1.5
      mean nomic-ai/modernbert-embed-base lightonai/modernbert-embed-large
      mean jinaai/jina-embeddings-v2-small-en jinaai/jina-embeddings-v2-base-en
      mean jinaai/jina-embeddings-v2-base-de jinaai/jina-embeddings-v2-base-es
      mean jinaai/jina-embeddings-v2-base-zh jinaai/jina-embeddings-v2-base-code
      lasttoken Qwen/Qwen3-Embedding-0.6B Qwen/Qwen3-Embedding-4B Qwen/Qwen3-Embedding-8B
      lasttoken Alibaba-NLP/gte-Qwen2-1.5B-instruct Alibaba-NLP/gte-Qwen2-7B-instruct
      lasttoken intfloat/e5-mistral-7b-instruct BAAI/bge-multilingual-gemma2 BAAI/bge-en-icl""";

  private static final List<String> WITH_DENSE =
      List.of(
          "sentence-transformers/LaBSE",
          "google/embeddinggemma-300m",
          "sentence-transformers/distiluse-base-multilingual-cased-v1",
          "sentence-transformers/distiluse-base-multilingual-cased-v2",
          "sentence-transformers/clip-ViT-B-32-multilingual-v1",
          "sentence-transformers/sentence-t5-base",
          "sentence-transformers/sentence-t5-large",
          "sentence-transformers/sentence-t5-xl",
          "sentence-transformers/sentence-t5-xxl",
          "sentence-transformers/gtr-t5-base",
          "sentence-transformers/gtr-t5-large",
          "sentence-transformers/gtr-t5-xl",
          "sentence-transformers/gtr-t5-xxl");

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

  static Stream<Arguments> rows() {
    return ROWS.lines()
        .flatMap(
            line -> {
              String[] words = line.split(" ", -1);
              return Arrays.stream(words).skip(1).map(name -> Arguments.of(name, words[0]));
            });
  }

  @ParameterizedTest
  @MethodSource("rows")
  void modelPoolsAsPublished(String name, String mode) {
    KnownModels.Row row = KnownModels.find(name).orElseThrow();

    assertThat(row.pooling().label()).isEqualTo(mode);
    assertThat(row.dense()).isFalse();
    assertThat(row.normalised())
        .isEqualTo(
            !name.contains("-dot-") && !name.endsWith("tas-b") && !name.contains("/paraphrase-"));
  }

  @Test
  void everyRowIsTested() {
    assertThat(KnownModels.all()).hasSize((int) rows().count() + WITH_DENSE.size());
  }

  @Test
  void modelsWithADenseLayerAreMarked() {
    assertThat(WITH_DENSE)
        .allSatisfy(name -> assertThat(KnownModels.find(name)).get().returns(true, r -> r.dense()));
  }

  @ParameterizedTest
  @CsvSource({
    "/root/.cache/torch/sentence_transformers/BAAI_bge-small-en/, bge-small-en",
    "C:\\models\\bge-base-en-v1.5, bge-base-en-v1.5",
    "Xenova/bge-small-en-v1.5-onnx-q, bge-small-en-v1.5",
    "bge-small-en-v15-q, bge-small-en-v1.5",
    "e5-small-v2-int8, e5-small-v2",
    "my-bge-small-en, ",
    "bge-reranker-base, ",
    "bge-small-en-v1.5-finetuned, ",
  })
  void onlyTheExactNameCounts(String name, String row) {
    assertThat(KnownModels.find(name).map(KnownModels.Row::name).orElse(null)).isEqualTo(row);
  }

  @Test
  void originInConfigDecides() {
    config("model", "BAAI/bge-small-en-v1.5");

    Model model = models.load();

    assertThat(TextModels.embedding(model, "hello world"))
        .containsExactly(Expected.unit(Expected.vector(101)));
    assertThat(TextModels.fact(model, "pooling"))
        .isEqualTo(new Fact("pooling", "cls", "table: bge-small-en-v1.5"));
    assertThat(model.info().warnings())
        .anySatisfy(text -> assertThat(text).contains("cls", "table", "1_Pooling/config.json"));
  }

  @Test
  void folderNameDecidesWhereConfigNamesAnUnknownOrigin() {
    config("bge-small-en-v15-q", "./output/checkpoint-100");

    assertThat(TextModels.fact(models.load("bge-small-en-v15-q"), "pooling").value())
        .isEqualTo("cls");
  }

  @Test
  void originAndFolderNameOfDifferentPoolingAreRefused() {
    config("snowflake-arctic-embed-m", "intfloat/e5-base-unsupervised");

    assertThatThrownBy(() -> models.load("snowflake-arctic-embed-m"))
        .isInstanceOf(Refusal.class)
        .hasMessageContainingAll("e5-base-unsupervised", "mean", "snowflake-arctic-embed-m", "cls");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1_Pooling/config.json", "pilotlight.json"})
  void poolingThatIsSetDecidesBetweenOriginAndFolderName(String file) {
    String name = "snowflake-arctic-embed-m";
    config(name, "intfloat/e5-base-unsupervised");
    Repositories.write(
        root.resolve(name + "/1").resolve(file),
        file.startsWith("1") ? "{\"pooling_mode\": \"cls\"}" : "{\"pooling\": \"cls\"}");

    assertThat(TextModels.fact(models.load(name), "pooling"))
        .isEqualTo(new Fact("pooling", "cls", file));
  }

  @Test
  void normalisingByDefaultIsWarnedOf() {
    config("model", "BAAI/bge-small-en-v1.5");

    Model model = models.load();

    assertThat(TextModels.fact(model, "normalised"))
        .isEqualTo(new Fact("normalised", "true", Fact.ASSUMED));
    assertThat(model.info().warnings())
        .anySatisfy(text -> assertThat(text).contains("normalised", "assumed"));
  }

  @Test
  void modelWhoseModulesEndWithPoolingIsNotNormalised() {
    config("model", "sentence-transformers/paraphrase-MiniLM-L6-v2");

    assertThat(TextModels.fact(models.load(), "normalised"))
        .isEqualTo(new Fact("normalised", "false", "table: paraphrase-minilm-l6-v2"));
  }

  @Test
  void modelForDotProductsIsNotNormalised() {
    config("model", "sentence-transformers/multi-qa-mpnet-base-dot-v1");

    assertThat(TextModels.embedding(models.load(), "hello world"))
        .containsExactly(Expected.vector(101));
  }

  @Test
  void modelWithADenseLayerIsRefusedWithoutItsModules() {
    config("model", "sentence-transformers/LaBSE");

    assertThatThrownBy(models::load)
        .isInstanceOf(Refusal.class)
        .hasMessageContainingAll("labse", "Dense", "modules.json");
  }

  @Test
  void unknownEncoderIsPooledByTheMeanWithAWarning() {
    config("model", "nobody/nothing");

    Model model = models.load();

    assertThat(TextModels.fact(model, "pooling"))
        .isEqualTo(new Fact("pooling", "mean", Fact.ASSUMED));
    assertThat(TextModels.fact(model, "normalised").assumed()).isTrue();
    assertThat(model.info().warnings())
        .anySatisfy(text -> assertThat(text).contains("mean", "assumed"));
  }

  @Test
  void unknownDecoderIsPooledByTheLastTokenUnlessItIsNotCausal() {
    Path folder = models.hidden();
    Repositories.write(
        folder.resolve("config.json"), "{\"architectures\": [\"MistralForCausalLM\"]}");
    assertThat(TextModels.fact(models.load(), "pooling").value()).isEqualTo("lasttoken");

    Repositories.write(
        folder.resolve("config.json"),
        "{\"architectures\": [\"MistralForCausalLM\"], \"is_causal\": false}");
    assertThat(TextModels.fact(models.load(), "pooling").value()).isEqualTo("mean");
  }

  private void config(String model, String origin) {
    Path folder = models.folder(model, OnnxModels.lastHiddenState());
    Repositories.write(
        folder.resolve("config.json"),
        "{\"architectures\": [\"BertModel\"], \"_name_or_path\": \"%s\"}".formatted(origin));
  }
}
