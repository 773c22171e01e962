package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.azure.AzureUrlPathMode;
import com.openai.azure.credential.AzureApiKeyCredential;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.HttpResponseFor;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.Embedding;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams.EncodingFormat;
import com.openai.models.models.Model;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The official OpenAI client, of which only the base URL and the key are set.
@Timeout(120)
class OpenAiClientIT {
  private static final List<String> TEXTS = List.of("hello world", "naïve Grüße, 東京 🚀");

  /// As the model's tokenizer gives them: `[CLS] hello world [SEP]`.
  private static final List<Long> HELLO_WORLD = List.of(101L, 7592L, 2088L, 102L);

  /// Its file is not a model until a test replaces it.
  private static final String BROKEN = "broken-at-first";

  @TempDir private static Path models;
  private static LocalStack stack;
  private static OpenAIClient client;
  private static Client plain;

  @BeforeAll
  static void start() throws IOException {
    Path sample = Path.of("models", Client.MODEL);
    copy(sample, models.resolve(Client.MODEL));
    Files.writeString(
        models.resolve(Client.MODEL).resolve("1/pilotlight.json"), "{\"token_ids\":\"accept\"}");
    copy(sample, models.resolve(BROKEN));
    Files.writeString(models.resolve(BROKEN).resolve("1/model.onnx"), "not a model yet");
    stack =
        LocalStack.start(
            Options.onFreePorts()
                .withModels(models)
                .withVariable("PILOTLIGHT_MODEL_SETTLE_MS", "0")
                .withVariable("PILOTLIGHT_MODEL_RETRY_MS", "1000"));
    plain = new Client(stack.gatewayUrl());
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl(stack.gatewayUrl().resolve("/v1").toString())
            .apiKey("any")
            .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    stack.close();
  }

  @Test
  void byDefaultItAsksForBase64AndGetsItsFloatsBitForBit() throws IOException {
    EmbeddingCreateParams params = params().inputOfArrayOfStrings(TEXTS).build();
    try (HttpResponseFor<CreateEmbeddingResponse> raw =
            client.embeddings().withRawResponse().create(params);
        InputStream body = raw.body()) {
      JsonNode sent = new ObjectMapper().readTree(body);
      assertThat(sent.at("/data/0/embedding").isTextual()).as("base64").isTrue();
    }

    List<List<Float>> decoded = vectors(client.embeddings().create(params));
    assertThat(decoded).isEqualTo(expected(TEXTS));
    assertThat(decoded.getFirst()).hasSize(384);
  }

  @Test
  void decimalsGiveTheSameBitsAsBase64() {
    CreateEmbeddingResponse answer =
        client
            .embeddings()
            .create(
                params().inputOfArrayOfStrings(TEXTS).encodingFormat(EncodingFormat.FLOAT).build());
    assertThat(answer.data().getFirst()._embeddingValue().asKnown().orElseThrow().isFloats())
        .isTrue();
    assertThat(vectors(answer)).isEqualTo(expected(TEXTS));
  }

  @Test
  void aStringAListAndTokenIdsMeanTheSame() {
    CreateEmbeddingResponse string =
        client.embeddings().create(params().input("hello world").build());
    assertThat(string.validate().model()).isEqualTo(Client.MODEL);
    List<List<Float>> expected = expected(List.of("hello world"));
    assertThat(vectors(string)).isEqualTo(expected);
    assertThat(
            vectors(client.embeddings().create(params().inputOfArrayOfTokens(HELLO_WORLD).build())))
        .isEqualTo(expected);

    CreateEmbeddingResponse lists =
        client
            .embeddings()
            .create(
                params()
                    .inputOfArrayOfTokenArrays(List.of(HELLO_WORLD, List.of(101L, 2088L, 102L)))
                    .build());
    assertThat(vectors(lists)).isEqualTo(expected(List.of("hello world", "world")));
    assertThat(lists.data().stream().map(Embedding::index)).containsExactly(0L, 1L);
  }

  @Test
  void azuresFormOfTheClientGetsTheSameVectors() {
    OpenAIClient azure =
        OpenAIOkHttpClient.builder()
            .baseUrl(stack.gatewayUrl().toString())
            .credential(AzureApiKeyCredential.create("any"))
            .azureUrlPathMode(AzureUrlPathMode.LEGACY)
            .build();
    try {
      CreateEmbeddingResponse answer =
          azure.embeddings().create(params().inputOfArrayOfStrings(TEXTS).build());
      assertThat(vectors(answer)).isEqualTo(expected(TEXTS));
      EmbeddingCreateParams unknown =
          EmbeddingCreateParams.builder().model("gpt-9").input("hi").build();
      assertThatExceptionOfType(NotFoundException.class)
          .isThrownBy(() -> azure.embeddings().create(unknown))
          .withMessageContaining("gpt-9");
    } finally {
      azure.close();
    }
  }

  @Test
  void usageCountsTheTokensOfAllInputs() {
    CreateEmbeddingResponse answer =
        client
            .embeddings()
            .create(params().inputOfArrayOfStrings(List.of("hello world", "world")).build());
    assertThat(answer.usage().promptTokens()).isEqualTo(4 + 3);
    assertThat(answer.usage().totalTokens()).isEqualTo(4 + 3);
  }

  @Test
  void theUserIsIgnoredAndTheModelsOwnDimensionsAreAccepted() {
    CreateEmbeddingResponse answer =
        client
            .embeddings()
            .create(params().input("hello world").user("someone").dimensions(384).build());
    assertThat(vectors(answer)).isEqualTo(expected(List.of("hello world")));
  }

  @Test
  void modelsAreListedAndRetrieved() {
    List<Model> listed = client.models().list().autoPager().stream().toList();
    assertThat(listed).extracting(Model::id).containsExactly(Client.MODEL, BROKEN);
    Model model = client.models().retrieve(Client.MODEL).validate();
    assertThat(model).isEqualTo(listed.getFirst());
    assertThat(model.ownedBy()).isEqualTo("pilotlight");
    assertThat(Instant.ofEpochSecond(model.created())).isBefore(Instant.now());
  }

  @Test
  void anUnknownModelIsNotFound() {
    NotFoundException refused =
        catchThrowableOfType(
            NotFoundException.class,
            () ->
                client
                    .embeddings()
                    .create(EmbeddingCreateParams.builder().model("gpt-9").input("hi").build()));
    assertThat(refused).hasMessageContaining("gpt-9");
    assertThat(refused.param()).contains("model");
    assertThat(refused.code()).contains("model_not_found");
    assertThat(refused.type()).contains("invalid_request_error");
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> client.models().retrieve("gpt-9"))
        .withMessageContaining("gpt-9");
  }

  @Test
  void badInputIsABadRequestThatNamesTheParameter() {
    BadRequestException empty = refused(params().inputOfArrayOfStrings(List.of("a", "")));
    assertThat(empty.param()).contains("input[1]");
    assertThat(empty).hasMessageContaining("input[1] is empty");

    BadRequestException dimensions = refused(params().input("a").dimensions(128));
    assertThat(dimensions.param()).contains("dimensions");
    assertThat(dimensions).hasMessageContaining("384");

    BadRequestException tooMany =
        refused(params().inputOfArrayOfStrings(Stream.generate(() -> "a").limit(2049).toList()));
    assertThat(tooMany.param()).contains("input");
    assertThat(tooMany).hasMessageContaining("2048");
  }

  @Test
  void tooLongATextIsRefusedWithItsTokensUnlessItMayBeTruncated() {
    String tooLong = "word ".repeat(300).strip();
    BadRequestException refused = refused(params().input(tooLong));
    assertThat(refused.param()).contains("input");
    assertThat(refused).hasMessageContaining("302").hasMessageContaining("256");

    CreateEmbeddingResponse cut =
        client
            .embeddings()
            .create(
                params()
                    .input(tooLong)
                    .putAdditionalBodyProperty("truncate", JsonValue.from(true))
                    .build());
    assertThat(cut.usage().promptTokens()).isEqualTo(256);
  }

  @Test
  void aModelThatDoesNotLoadYetIsTriedAgainUntilItDoes() throws Exception {
    Client.Reply refused =
        plain.post("/v1/embeddings", "{\"model\":\"%s\",\"input\":\"a\"}".formatted(BROKEN));
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("retry-after")).as("no time is known by which it loads").isEmpty();
    long refusals = refusals();
    assertThat(refusals).isPositive();

    EmbeddingCreateParams params =
        EmbeddingCreateParams.builder().model(BROKEN).input("hello world").build();
    CompletableFuture<CreateEmbeddingResponse> answer =
        CompletableFuture.supplyAsync(
            () -> client.withOptions(options -> options.maxRetries(20)).embeddings().create(params),
            Thread::startVirtualThread);
    while (refusals() == refusals) {
      assertThat(answer).isNotDone();
      Thread.sleep(10);
    }
    mend();
    assertThat(vectors(answer.join())).isEqualTo(expected(List.of("hello world")));
  }

  private static long refusals() {
    return stack.logs().stream().filter(line -> line.contains(" 503 ")).count();
  }

  private static void mend() throws IOException {
    Path file = models.resolve(BROKEN).resolve("1/model.onnx");
    Path whole = models.resolve("whole.onnx");
    Files.copy(models.resolve(Client.MODEL).resolve("1/model.onnx"), whole);
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static BadRequestException refused(EmbeddingCreateParams.Builder params) {
    return catchThrowableOfType(
        BadRequestException.class, () -> client.embeddings().create(params.build()));
  }

  private static EmbeddingCreateParams.Builder params() {
    return EmbeddingCreateParams.builder().model(Client.MODEL);
  }

  private static List<List<Float>> vectors(CreateEmbeddingResponse answer) {
    return answer.data().stream().map(Embedding::embedding).toList();
  }

  /// The embeddings that a plain HTTP client decodes.
  private static List<List<Float>> expected(List<String> texts) {
    return plain.embeddings(texts).vectors().stream().map(Floats::of).toList();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }
}
