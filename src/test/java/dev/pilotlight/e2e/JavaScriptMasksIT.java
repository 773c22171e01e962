package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.model.forms.MaskGraphs;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// The task fill-mask of `@huggingface/inference`, unmodified.
@Timeout(300)
@EnabledIfSystemProperty(named = JavaScriptClientsIT.SCRIPTS, matches = ".+")
class JavaScriptMasksIT {
  private static final int VOCABULARY = 30_522;
  private static final String MASKS = "masks";

  @TempDir private static Path models;

  @SuppressWarnings("NullAway.Init")
  private static LocalStack stack;

  @BeforeAll
  static void start() {
    new TestModels(models)
        .withTokenizer(MASKS, MaskGraphs.maskedLanguageModel(VOCABULARY))
        .with(MASKS, "config.json", "{\"architectures\": [\"BertForMaskedLM\"]}")
        .with(MASKS, ".complete", "");
    stack = LocalStack.start(Options.onFreePorts().withModels(models));
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void clientReadsTheAnswers() throws Exception {
    List<String> arguments = List.of(MASKS, "paris is the [MASK] of france");
    JsonNode answer = JavaScriptClientsIT.run(stack, "masks.mjs", arguments);

    assertThat(answer.get("one")).hasSize(5);
    for (JsonNode filled : answer.get("one")) {
      assertThat(filled.get("sequence").asText()).startsWith("paris is the ").endsWith("of france");
    }
    assertThat(answer.get("targets").findValuesAsText("token_str"))
        .hasSize(2)
        .isSubsetOf("capital", "heart", "city");
    assertThat(answer.get("status").asInt()).isEqualTo(400);
    assertThat(answer.get("error").asText()).contains("No mask_token ([MASK]) found on the input");
  }
}
