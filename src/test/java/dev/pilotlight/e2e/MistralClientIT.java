package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.mistralai.MistralAiEmbeddingModel;
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

/// LangChain4j's client of Mistral, of which only base URL, key and model are set.
@Timeout(120)
@ExtendWith(SharedStack.class)
class MistralClientIT {
  private static LocalStack stack;
  private static Client plain;
  private static EmbeddingModel model;

  @BeforeAll
  static void start(LocalStack shared) {
    stack = shared;
    plain = new Client(stack.gatewayUrl());
    model =
        MistralAiEmbeddingModel.builder()
            .baseUrl(stack.gatewayUrl().resolve("/v1").toString())
            .apiKey("any")
            .modelName(Client.MODEL)
            .maxRetries(0)
            .build();
  }

  @Test
  void textsAreEmbeddedInTheirOrder() {
    List<String> texts = Texts.of(4, 50, 12);
    Response<List<Embedding>> answer =
        model.embedAll(texts.stream().map(TextSegment::from).toList());
    assertThat(answer.content().stream().map(embedding -> Floats.of(embedding.vector())))
        .isEqualTo(plain.embeddings(texts).vectors().stream().map(Floats::of).toList());
    assertThat(answer.tokenUsage())
        .extracting(TokenUsage::inputTokenCount, as(InstanceOfAssertFactories.INTEGER))
        .isGreaterThan(50);
  }

  @Test
  void refusalArrivesAsItsOwnException() {
    assertThatThrownBy(() -> model.embed("word ".repeat(300)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("302");
  }
}
