package dev.pilotlight.model.tasks;

import static dev.pilotlight.model.TextModels.fact;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultCodec;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.task.ResultForm;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.SafeTensorsFile;
import dev.pilotlight.model.TextGraphs;
import dev.pilotlight.model.TextModels;
import dev.pilotlight.model.forms.MaskGraphs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which models fill masks and which have weights of tokens, by their files.
class FormTasksTest {
  private static final int VOCABULARY = 30_522;
  private static final String MASKED = "{\"architectures\": [\"BertForMaskedLM\"]}";

  @TempDir private Path root;

  @SuppressWarnings("NullAway.Init")
  private TextModels models;

  @BeforeEach
  void create() {
    models = new TextModels(root);
  }

  @AfterEach
  void close() {
    models.close();
  }

  private Path masked() throws IOException {
    Path folder = models.folder("model", MaskGraphs.maskedLanguageModel(VOCABULARY));
    return write(folder, "config.json", MASKED);
  }

  private static Path write(Path folder, String file, String content) throws IOException {
    Files.createDirectories(folder.resolve(file).getParent());
    Files.writeString(folder.resolve(file), content);
    return folder;
  }

  @Test
  void maskedLanguageModelFillsMasks() throws IOException {
    masked();
    Model model = models.load();
    assertThat(model.info().task()).isEqualTo(Task.FILL_MASK);
    assertThat(fact(model, "task").source()).isEqualTo("config.json");
    assertThat(fact(model, "mask_token").value()).isEqualTo("[MASK]");
    assertThat(fact(model, "mask_token").source()).as("found").isEqualTo("tokenizer.json");
    model.prime();
    Result result = model.run(new Item.Text("a [MASK]", false));
    assertThat(result.output(ResultForm.TOKENS).shape()).containsExactly(1, 5);
    assertThat(ResultCodec.decode(ResultCodec.encode(result))).isEqualTo(result);
    assertThat(result.bytes()).as("small").isLessThan(400);
  }

  @Test
  void maskTokenIsThatOfTheTokenizersSettings() throws IOException {
    Path folder = masked();
    write(folder, "tokenizer_config.json", "{\"mask_token\": {\"content\": \"[UNK]\"}}");
    Model model = models.load();
    assertThat(fact(model, "mask_token").value()).isEqualTo("[UNK]");
    assertThat(fact(model, "mask_token").source()).isEqualTo("tokenizer_config.json");
  }

  @Test
  void modelWhoseMaskIsNotATokenIsRefused() throws IOException {
    Path folder = masked();
    write(folder, "special_tokens_map.json", "{\"mask_token\": \"<mask>\"}");
    assertThatThrownBy(() -> models.load())
        .hasMessageContaining("the mask_token <mask> is not in tokenizer.json");
  }

  @Test
  void tensorsRemainWhereTheFileWantsThem() throws IOException {
    write(masked(), "pilotlight.json", "{\"task\": \"tensors\"}");
    assertThat(models.load().info().task()).isEqualTo(Task.TENSORS);
  }

  @Test
  void encoderOfAMaskedLanguageModelRemainsAnEmbedding() throws IOException {
    write(models.hidden(), "config.json", MASKED);
    assertThat(models.load().info().task()).isEqualTo(Task.EMBEDDING);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Transformer,SpladePooling | {} | max | relu",
        "MLMTransformer,SpladePooling | {\"pooling_strategy\": \"sum\"} | sum | relu",
        "Transformer,SpladePooling | {\"activation_function\": \"log1p_relu\"} | max | log1p_relu"
      })
  void spladePoolingMakesASparseModel(
      String modules, String config, String strategy, String activation) throws IOException {
    Path folder = masked();
    write(folder, "modules.json", TextModels.modules(modules.split(",", -1)));
    write(folder, "config_sentence_transformers.json", "{\"model_type\": \"SparseEncoder\"}");
    write(folder, "1_SpladePooling/config.json", config);
    Model model = models.load();
    assertThat(model.info().task()).isEqualTo(Task.SPARSE_EMBEDDING);
    assertThat(fact(model, "pooling_strategy").value()).isEqualTo(strategy);
    assertThat(fact(model, "activation_function").value()).isEqualTo(activation);
  }

  @Test
  void vectorsOfTokensAreNotTakenForLogits() throws IOException {
    Path folder = write(models.hidden(), "pilotlight.json", "{\"task\": \"sparse-embedding\"}");
    assertThatThrownBy(() -> models.load())
        .hasMessageContaining("no output of the graph is known as logits of tokens");
    write(folder, "config.json", "{\"vocab_size\": 4}");
    assertThat(models.load().info().task()).isEqualTo(Task.SPARSE_EMBEDDING);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Transformer,SpladePooling,Normalize | {} | has a Normalize module",
        "Router,SpladePooling | {} | has a Router module",
        "Transformer,SpladePooling | {\"pooling_strategy\": \"mean\"} | it takes max, sum",
        "Transformer,SpladePooling | {\"activation_function\": \"tanh\"} | takes relu, log1p_relu"
      })
  void sparseModelOfAnotherKindIsRefused(String modules, String config, String message)
      throws IOException {
    Path folder = masked();
    write(folder, "modules.json", TextModels.modules(modules.split(",", -1)));
    write(folder, "1_SpladePooling/config.json", config);
    assertThatThrownBy(() -> models.load()).hasMessageContaining(message);
  }

  @Test
  void logarithmIsTakenTwiceWhereTheModuleWantsIt() throws IOException {
    Path folder = masked();
    write(folder, "pilotlight.json", "{\"task\": \"sparse-embedding\"}");
    float[] once = values(models.load());
    write(folder, "1_SpladePooling/config.json", "{\"activation_function\": \"log1p_relu\"}");
    float[] twice = values(models.load());
    assertThat(twice).hasSameSizeAs(once);
    for (int i = 0; i < once.length; i++) {
      assertThat(twice[i]).isCloseTo((float) Math.log1p(once[i]), within(1e-6f));
    }
  }

  private static float[] values(Model model) {
    return model.run(new Item.Text("a b", false)).output(ResultForm.VALUES).floats();
  }

  @Test
  void sparseLayerInAPickleIsNamedAndTheModelStaysDense() throws IOException {
    write(models.hidden(), "sparse_linear.pt", "pickle");
    Model model = models.load();
    assertThat(model.info().isSparse()).isFalse();
    assertThat(model.info().warnings())
        .anyMatch(
            warning ->
                warning.contains("sparse_linear.pt is a pickle, which is never loaded")
                    && warning.contains("sparse_linear.safetensors"));
    assertThatThrownBy(() -> model.run(sparse("a")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("has no weights of tokens");
  }

  @Test
  void sparseLayerMustFitTheVectorsOfTokens() throws IOException {
    Path folder = models.hidden();
    write(folder, "tokenizer_config.json", "{\"cls_token\": \"[CLS]\"}");
    Path file = folder.resolve("sparse_linear.safetensors");
    layer(3).write(file);
    assertThatThrownBy(() -> models.load())
        .hasMessageContaining("has a weight for 3 dimensions; the graph's last_hidden_state has 4");
    new SafeTensorsFile().with("weight", "F32", new int[] {1, 4}, 1, 1, 1, 1).write(file);
    assertThatThrownBy(() -> models.load()).hasMessageContaining("has no bias");
    layer(4).write(file);
    Model model = models.load();
    assertThat(fact(model, "sparse").value()).isEqualTo("linear on last_hidden_state");
    assertThat(model.run(sparse("a")).outputs()).hasSize(2);
  }

  private static SafeTensorsFile layer(int size) {
    return new SafeTensorsFile()
        .with("weight", "F32", new int[] {1, size}, new float[size])
        .with("bias", "F32", new int[] {1}, 0.5f);
  }

  private static Item sparse(String text) {
    return new Item.InForm(new Item.Text(text, false), new ResultForm.Sparse());
  }

  @Test
  void weightsWithoutSpecialTokensNeedTheirNames() {
    models.folder("model", MaskGraphs.threeHeads());
    assertThatThrownBy(() -> models.load())
        .hasMessageContaining("no file names the special tokens");
  }

  @ParameterizedTest
  @CsvSource({"seq, true", "16, false"})
  void headsOfAFixedLengthAreNotUsed(String length, boolean used) throws IOException {
    Object size = used ? length : (Object) Integer.valueOf(length);
    Path folder = models.folder("model", MaskGraphs.threeHeads(size));
    write(folder, "tokenizer_config.json", "{\"cls_token\": \"[CLS]\"}");
    Model model = models.load();
    assertThat(model.info().isSparse()).isEqualTo(used);
    assertThat(model.info().tokenVectors().isPresent()).isEqualTo(used);
    assertThat(model.info().warnings().stream().anyMatch(it -> it.contains("fixed length")))
        .isEqualTo(!used);
  }

  @Test
  void sizeOfATokensVectorIsFoundByARunIfTheGraphDoesNotDeclareIt() throws IOException {
    models.folder("model", TextGraphs.ofAnyRank());
    assertThat(fact(models.load(), ModelInfo.TOKEN_SIZE_FACT).value()).isEqualTo("4");
  }

  @Test
  void textWhoseLogitsDoNotFitMemoryIsRefusedBeforeItRuns() throws IOException {
    Path folder = models.folder("model", MaskGraphs.maskedLanguageModel(VOCABULARY));
    write(folder, "config.json", MASKED);
    write(folder, "pilotlight.json", "{\"max_tokens\": 1000}");
    Model model = models.load();
    Item item =
        new Item.InForm(
            new Item.Text("[MASK] " + "a ".repeat(600), false),
            new ResultForm.FillMask(5, List.of()));
    assertThatThrownBy(() -> model.prepare(item))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("the text has 603 tokens, and the graph computes 30522 values")
        .hasMessageContaining("accepted: up to 549 tokens");
  }

  @Test
  void textWhoseLogitsAreOfUndeclaredSizeIsRefusedWhenItHasRun() throws IOException {
    Path folder = models.folder("model", MaskGraphs.maskedLanguageModel(VOCABULARY, "words"));
    write(folder, "config.json", MASKED);
    write(folder, "pilotlight.json", "{\"max_tokens\": 1000}");
    Model model = models.load();
    Item item =
        new Item.InForm(
            new Item.Text("[MASK] " + "a ".repeat(600), false),
            new ResultForm.FillMask(5, List.of()));
    assertThatThrownBy(() -> model.run(item))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("the text has 603 tokens")
        .hasMessageContaining("shorten the text");
  }
}
