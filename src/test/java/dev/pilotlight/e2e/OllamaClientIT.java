package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.ollama.OllamaEmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.SharedStack;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// LangChain4j's client of Ollama, of which only base URL and model are set.
@Timeout(120)
@ExtendWith(SharedStack.class)
class OllamaClientIT {
  private static LocalStack stack;
  private static Client plain;

  @BeforeAll
  static void start(LocalStack shared) {
    stack = shared;
    plain = new Client(stack.gatewayUrl());
  }

  @Test
  void textsAreEmbeddedInTheirOrder() {
    List<String> texts = Texts.of(4, 50, 12);
    Response<List<Embedding>> answer =
        model(Client.MODEL).embedAll(texts.stream().map(TextSegment::from).toList());
    assertThat(answer.content().stream().map(embedding -> Floats.of(embedding.vector())))
        .isEqualTo(plain.embeddings(texts).vectors().stream().map(Floats::of).toList());
    assertThat(answer.tokenUsage())
        .extracting(TokenUsage::inputTokenCount, as(InstanceOfAssertFactories.INTEGER))
        .isGreaterThan(50);
  }

  @Test
  void nameMayHaveTheTagOfTheLatest() {
    assertThat(model(Client.MODEL + ":latest").dimension()).isEqualTo(384);
  }

  @Test
  void textOverTheLimitIsTruncated() {
    Response<Embedding> answer = model(Client.MODEL).embed("word ".repeat(300));
    assertThat(answer.tokenUsage()).extracting(TokenUsage::inputTokenCount).isEqualTo(256);
  }

  @Test
  void refusalsArriveAsItsOwnExceptions() {
    assertThatThrownBy(() -> model("no-such-model").embed("hello"))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessageContaining("no-such-model");
    EmbeddingModel tooShort = builder(Client.MODEL).dimensions(100).build();
    assertThatThrownBy(() -> tooShort.embed("hello"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("384");
  }

  private static EmbeddingModel model(String name) {
    return builder(name).build();
  }

  private static OllamaEmbeddingModel.OllamaEmbeddingModelBuilder builder(String name) {
    return OllamaEmbeddingModel.builder()
        .baseUrl(stack.gatewayUrl().toString())
        .modelName(name)
        .maxRetries(0);
  }
}
