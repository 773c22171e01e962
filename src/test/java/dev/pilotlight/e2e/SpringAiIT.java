package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.SharedStack;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;

/// Spring AI's client of the OpenAI API, of which only base URL, key and model are set.
@Timeout(120)
@ExtendWith(SharedStack.class)
class SpringAiIT {
  private static final List<String> TEXTS = List.of("hello world", "naïve Grüße, 東京 🚀");

  private static LocalStack stack;
  private static List<List<Float>> expected;

  @BeforeAll
  static void start(LocalStack shared) {
    stack = shared;
    expected =
        new Client(stack.gatewayUrl())
            .embeddings(TEXTS).vectors().stream().map(Floats::of).toList();
  }

  @Test
  void textsAreEmbedded() {
    EmbeddingResponse answer = model(Client.MODEL).embedForResponse(TEXTS);
    assertThat(answer.getResults())
        .extracting(Embedding::getOutput)
        .extracting(Floats::of)
        .isEqualTo(expected);
    assertThat(answer.getResults()).extracting(Embedding::getIndex).containsExactly(0, 1);
    assertThat(answer.getMetadata().getModel()).isEqualTo(Client.MODEL);
    assertThat(answer.getMetadata().getUsage().getPromptTokens()).isGreaterThan(4);
  }

  @Test
  void aDocumentIsEmbedded() {
    OpenAiEmbeddingModel model = model(Client.MODEL);
    assertThat(Floats.of(model.embed(new Document(TEXTS.getFirst()))))
        .isEqualTo(expected.getFirst());
    assertThat(model.dimensions()).isEqualTo(384);
  }

  @Test
  void theBaseUrlOfAnAzureDeploymentServesToo() {
    OpenAiEmbeddingModel model =
        model(
            options(Client.MODEL)
                .azure(true)
                .deploymentName(Client.MODEL)
                .baseUrl(stack.gatewayUrl().toString()));
    assertThat(model.embed(TEXTS).stream().map(Floats::of).toList()).isEqualTo(expected);
  }

  @Test
  void refusalsArriveAsExceptionsOfItsClient() {
    NotFoundException unknown =
        catchThrowableOfType(NotFoundException.class, () -> model("no-such-model").embed("hello"));
    assertThat(unknown.code()).contains("model_not_found");
    BadRequestException tooLong =
        catchThrowableOfType(
            BadRequestException.class, () -> model(Client.MODEL).embed("word ".repeat(300)));
    assertThat(tooLong).hasMessageContaining("302").hasMessageContaining("256");
  }

  private static OpenAiEmbeddingModel model(String name) {
    return model(options(name).baseUrl(stack.gatewayUrl().resolve("/v1").toString()));
  }

  private static OpenAiEmbeddingModel model(OpenAiEmbeddingOptions.Builder options) {
    return OpenAiEmbeddingModel.builder().options(options.build()).build();
  }

  private static OpenAiEmbeddingOptions.Builder options(String model) {
    return OpenAiEmbeddingOptions.builder().apiKey("any").model(model);
  }
}
