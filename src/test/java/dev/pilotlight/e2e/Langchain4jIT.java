package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.SharedStack;
import dev.pilotlight.suite.LoopbackServer;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// LangChain4j's client of the OpenAI API, of which only base URL, key and model are set.
@Timeout(120)
@ExtendWith(SharedStack.class)
class Langchain4jIT {
  private static LocalStack stack;
  private static EmbeddingModel model;
  private static Client plain;

  @BeforeAll
  static void start(LocalStack shared) {
    stack = shared;
    plain = new Client(stack.gatewayUrl());
    model = model(stack.gatewayUrl(), Client.MODEL);
  }

  @Test
  void aTextIsEmbedded() {
    Response<Embedding> answer = model.embed("hello world");
    assertThat(vector(answer.content())).isEqualTo(expected("hello world"));
    assertThat(answer.tokenUsage()).extracting(TokenUsage::inputTokenCount).isEqualTo(4);
  }

  @Test
  void aHundredSegmentsComeBackInTheirOrder() {
    List<String> texts = Texts.of(4, 100, 12);
    Response<List<Embedding>> answer =
        model.embedAll(texts.stream().map(TextSegment::from).toList());
    List<List<Float>> expected =
        plain.embeddings(texts).vectors().stream().map(Floats::of).toList();
    assertThat(answer.content()).hasSize(100);
    assertThat(answer.content().stream().map(Langchain4jIT::vector)).isEqualTo(expected);
  }

  @Test
  void theDimensionIsAskedOfTheModel() {
    assertThat(model.dimension()).isEqualTo(384);
  }

  @Test
  void refusalsArriveAsItsOwnExceptions() {
    assertThatThrownBy(() -> model(stack.gatewayUrl(), "no-such-model").embed("hello"))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessageContaining("no-such-model");
    assertThatThrownBy(() -> model.embed("word ".repeat(300)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("302");
  }

  /// Why the tests above show that the gateway ignores it.
  @Test
  void itAsksToUpgradeToHttp2() throws IOException {
    List<String> upgrades = new ArrayList<>();
    HttpServer server = LoopbackServer.create();
    server.createContext(
        "/",
        exchange -> {
          upgrades.add(exchange.getRequestHeaders().getFirst("Upgrade"));
          exchange.sendResponseHeaders(400, -1);
          exchange.close();
        });
    server.start();
    try {
      URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
      assertThatThrownBy(() -> model(url, "any").embed("hello"))
          .isInstanceOf(InvalidRequestException.class);
    } finally {
      server.stop(0);
    }
    assertThat(upgrades).containsExactly("h2c");
  }

  private static EmbeddingModel model(URI gateway, String name) {
    return OpenAiEmbeddingModel.builder()
        .baseUrl(gateway.resolve("/v1").toString())
        .apiKey("any")
        .modelName(name)
        .build();
  }

  private static List<Float> vector(Embedding embedding) {
    return Floats.of(embedding.vector());
  }

  private static List<Float> expected(String text) {
    return Floats.of(plain.embeddings(List.of(text)).vectors());
  }
}
