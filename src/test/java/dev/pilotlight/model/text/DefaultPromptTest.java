package dev.pilotlight.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.Expected;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.TextModels;
import dev.pilotlight.model.repository.Repositories;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The prompts of a sentence-transformers model: its default, and those of requests.
final class DefaultPromptTest {
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
  void defaultPromptIsPutBeforeEveryText() {
    Model model = prompted("\"query\"", true);

    assertThat(TextModels.embedding(model, TEXT))
        .containsExactly(mean("query: hello world", 0), within(1e-6f));
    assertThat(TextModels.fact(model, "prompt"))
        .isEqualTo(new Fact("prompt", "query: ", "config_sentence_transformers.json"));
  }

  @Test
  void promptMayBeLeftOutOfPooling() {
    Model model = prompted("\"query\"", false);

    // [CLS] query : are three tokens; the [SEP] that follows a lone prompt does not count
    assertThat(TextModels.embedding(model, TEXT))
        .containsExactly(mean("query: hello world", 3), within(1e-6f));
  }

  @Test
  void tokenIdsOfACallerGetNoPrompt() {
    Model model = prompted("\"query\"", false);

    assertThat(
            model.run(new Item.Tokens(Expected.helloWorld(), false)).outputs().getFirst().floats())
        .containsExactly(mean(TEXT, 0), within(1e-6f));
  }

  @Test
  void promptsWithoutADefaultAreShownAndNotApplied() {
    Model model = prompted("null", true);

    assertThat(TextModels.embedding(model, TEXT)).containsExactly(mean(TEXT, 0), within(1e-6f));
    assertThat(TextModels.fact(model, "prompts").value())
        .isEqualTo("query \"query: \", document \"\"");
  }

  @Test
  void requestsPromptReplacesTheDefault() {
    Model model = prompted("\"query\"", true);

    assertThat(embedding(model, ""))
        .as("the prompt named document")
        .containsExactly(mean(TEXT, 0), within(1e-6f));
    assertThat(embedding(model, "hello ")).containsExactly(mean("hello " + TEXT, 0), within(1e-6f));
  }

  @Test
  void requestsPromptIsLeftOutOfPoolingAsTheDefaultIs() {
    Model model = prompted("null", false);

    assertThat(embedding(model, "query: "))
        .containsExactly(mean("query: hello world", 3), within(1e-6f));
    assertThat(TextModels.embedding(model, TEXT)).containsExactly(mean(TEXT, 0), within(1e-6f));
    assertThat(embedding(prompted("\"query\"", false), "")).containsExactly(mean(TEXT, 0));
  }

  @Test
  void requestsPromptThatLeavesNoRoomIsRefused() {
    Repositories.write(models.hidden().resolve("pilotlight.json"), "{\"max_tokens\": 4}");
    Model model = prompted("null", false);

    assertThatThrownBy(() -> embedding(model, "query: "))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("the prompt has 3 tokens");
    assertThat(TextModels.embedding(model, "hello")).hasSize(OnnxModels.EMBEDDING_SIZE);
  }

  @Test
  void poolingWithoutThePromptIsPartOfThePlan() {
    String pooled = prompted("null", true).info().plan();
    assertThat(prompted("null", false).info().plan()).isNotEqualTo(pooled);
  }

  @Test
  void promptIsNotAText() {
    Repositories.write(
        models.hidden().resolve("config_sentence_transformers.json"),
        "{\"prompts\": {\"query\": 7}}");

    assertThatThrownBy(models::load).hasMessageContainingAll("prompts: query", "a string");
  }

  @Test
  void missingDefaultPromptIsNamed() {
    assertThatThrownBy(() -> prompted("\"clustering\"", true))
        .hasMessageContainingAll("config_sentence_transformers.json", "clustering");
  }

  @Test
  void promptThatLeavesNoRoomIsRefused() {
    Repositories.write(models.hidden().resolve("pilotlight.json"), "{\"max_tokens\": 4}");

    assertThatThrownBy(() -> prompted("\"query\"", false)).hasMessageContaining("prompt has 3");
  }

  private Model prompted(String name, boolean pooled) {
    Path folder = root.resolve("model/1");
    if (!folder.toFile().exists()) {
      models.hidden();
    }
    Repositories.write(
        folder.resolve("modules.json"), TextModels.modules("Transformer", "Pooling"));
    Repositories.write(
        folder.resolve("1_Pooling/config.json"),
        "{\"pooling_mode\": \"mean\", \"include_prompt\": %s}".formatted(pooled));
    Repositories.write(
        folder.resolve("config_sentence_transformers.json"),
        "{\"prompts\": {\"query\": \"query: \", \"document\": \"\"}, \"default_prompt_name\": %s}"
            .formatted(name));
    return models.load();
  }

  private static float[] embedding(Model model, String prompt) {
    Item.Text text = new Item.Text(TEXT, true).withPrompt(Optional.of(prompt));
    return model.run(text).outputs().getFirst().floats();
  }

  private static float[] mean(String text, int skipped) {
    long[] ids = ids(text);
    double[] mean = new double[OnnxModels.EMBEDDING_SIZE];
    for (int token = skipped; token < ids.length; token++) {
      for (int place = 0; place < mean.length; place++) {
        mean[place] += OnnxModels.embedding(ids[token], place) / (double) (ids.length - skipped);
      }
    }
    return TextModels.floats(mean);
  }

  private static long[] ids(String text) {
    Path file = Repositories.SAMPLE.resolve("tokenizer.json");
    try (Tokenizer tokenizer = Tokenizer.open(file, new TextOptions(512, false, false))) {
      return tokenizer.encode(text, false).ids();
    }
  }
}
