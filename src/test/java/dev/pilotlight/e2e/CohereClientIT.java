package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cohere.api.Cohere;
import com.cohere.api.core.CohereApiException;
import com.cohere.api.errors.BadRequestError;
import com.cohere.api.errors.NotFoundError;
import com.cohere.api.requests.EmbedRequest;
import com.cohere.api.resources.v2.requests.V2EmbedRequest;
import com.cohere.api.types.EmbedByTypeResponse;
import com.cohere.api.types.EmbedContent;
import com.cohere.api.types.EmbedFloatsResponse;
import com.cohere.api.types.EmbedInput;
import com.cohere.api.types.EmbedInputType;
import com.cohere.api.types.EmbedText;
import com.cohere.api.types.EmbeddingType;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.SharedStack;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The official Cohere client, of which only URL and token are set.
@Timeout(120)
@ExtendWith(SharedStack.class)
class CohereClientIT {
  private static final List<String> TEXTS = List.of("hello world", "naïve Grüße, 東京 🚀");

  private static LocalStack stack;
  private static Client plain;
  private static Cohere client;

  @BeforeAll
  static void start(LocalStack shared) {
    stack = shared;
    plain = new Client(stack.gatewayUrl());
    client = Cohere.builder().token("any").url(stack.gatewayUrl().toString()).build();
  }

  @Test
  void versionTwoGivesTheFloats() {
    EmbedByTypeResponse answer = embed(List.of());
    assertThat(floats(answer.getEmbeddings().getFloat().orElseThrow())).isEqualTo(expected());
    assertThat(answer.getTexts()).contains(TEXTS);
    assertThat(answer.getId()).isNotEmpty();
    assertThat(answer.getMeta().orElseThrow().getBilledUnits().orElseThrow().getInputTokens())
        .hasValueSatisfying(tokens -> assertThat(tokens).isGreaterThan(4));
  }

  @Test
  void everyTypeIsRead() {
    EmbedByTypeResponse answer =
        embed(
            List.of(
                EmbeddingType.INT_8,
                EmbeddingType.UINT_8,
                EmbeddingType.BINARY,
                EmbeddingType.UBINARY,
                EmbeddingType.BASE_64));
    assertThat(answer.getEmbeddings().getFloat()).isEmpty();
    assertThat(answer.getEmbeddings().getInt8().orElseThrow().getFirst()).hasSize(384);
    assertThat(answer.getEmbeddings().getUint8().orElseThrow().getFirst()).hasSize(384);
    assertThat(answer.getEmbeddings().getBinary().orElseThrow().getFirst()).hasSize(48);
    assertThat(answer.getEmbeddings().getUbinary().orElseThrow().getFirst()).hasSize(48);
    assertThat(answer.getEmbeddings().getBase64().orElseThrow()).hasSize(2);
  }

  @Test
  void inputsAreTexts() {
    List<EmbedInput> inputs =
        TEXTS.stream()
            .map(text -> EmbedContent.text(EmbedText.builder().text(text).build()))
            .map(content -> EmbedInput.builder().content(List.of(content)).build())
            .toList();
    EmbedByTypeResponse answer =
        client
            .v2()
            .embed(
                V2EmbedRequest.builder()
                    .model(Client.MODEL)
                    .inputType(EmbedInputType.SEARCH_QUERY)
                    .inputs(inputs)
                    .build());
    assertThat(floats(answer.getEmbeddings().getFloat().orElseThrow())).isEqualTo(expected());
  }

  @Test
  void versionOneGivesAListOrTheTypes() {
    EmbedRequest.Builder request =
        EmbedRequest.builder()
            .model(Client.MODEL)
            .texts(TEXTS)
            .inputType(EmbedInputType.CLASSIFICATION);
    EmbedFloatsResponse list = client.embed(request.build()).getEmbeddingsFloats().orElseThrow();
    assertThat(floats(list.getEmbeddings())).isEqualTo(expected());
    EmbedByTypeResponse typed =
        client
            .embed(request.embeddingTypes(List.of(EmbeddingType.FLOAT)).build())
            .getEmbeddingsByType()
            .orElseThrow();
    assertThat(floats(typed.getEmbeddings().getFloat().orElseThrow())).isEqualTo(expected());
  }

  @Test
  void refusalsArriveAsItsOwnErrors() {
    V2EmbedRequest unknown =
        V2EmbedRequest.builder()
            .model("no-such-model")
            .inputType(EmbedInputType.CLUSTERING)
            .texts(TEXTS)
            .build();
    CohereApiException notFound =
        catchThrowableOfType(CohereApiException.class, () -> client.v2().embed(unknown));
    assertThat(notFound).isInstanceOf(NotFoundError.class);
    assertThat(notFound.body().toString()).contains("no-such-model");

    V2EmbedRequest image =
        V2EmbedRequest.builder()
            .model(Client.MODEL)
            .inputType(EmbedInputType.IMAGE)
            .images(List.of("data:image/png;base64,AA=="))
            .build();
    CohereApiException invalid =
        catchThrowableOfType(CohereApiException.class, () -> client.v2().embed(image));
    assertThat(invalid).isInstanceOf(BadRequestError.class);
    assertThat(invalid.body().toString()).contains("does not produce embeddings of images");
  }

  private static EmbedByTypeResponse embed(List<EmbeddingType> types) {
    return client
        .v2()
        .embed(
            V2EmbedRequest.builder()
                .model(Client.MODEL)
                .inputType(EmbedInputType.SEARCH_DOCUMENT)
                .texts(TEXTS)
                .embeddingTypes(types)
                .build());
  }

  private static List<List<Float>> floats(List<List<Double>> vectors) {
    return vectors.stream()
        .map(vector -> vector.stream().map(Double::floatValue).toList())
        .toList();
  }

  /// The embeddings that a plain HTTP client decodes.
  private static List<List<Float>> expected() {
    return plain.embeddings(TEXTS).vectors().stream().map(Floats::of).toList();
  }
}
