package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.pilotlight.access.ApiKey;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.local.SharedStack;
import dev.pilotlight.local.support.Await;
import dev.pilotlight.local.support.Option;
import dev.pilotlight.suite.OnlyInFaults;
import dev.pilotlight.suite.leaks.Planted;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The stack with `Auth=keys` on this machine, and the official OpenAI client.
@Timeout(180)
class ApiKeysIT {
  private static final SecureRandom RANDOM = Planted.random();

  private static LocalStack stack;
  private static String key = "";

  @BeforeAll
  static void start() {
    stack = LocalStack.start(SharedStack.patient(Options.onFreePorts().withKeys()));
    key = stack.developmentKey().orElseThrow();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void theDevelopmentKeyIsAdmitted() {
    CreateEmbeddingResponse answer = embed(key);
    assertThat(answer.data()).hasSize(1);
    assertThat(answer.data().getFirst().embedding()).hasSize(384);
  }

  @Test
  void aWrongKeyIsUnauthorized() {
    for (String wrong : new String[] {"any", ApiKey.create("local", RANDOM), key + "0"}) {
      UnauthorizedException refused =
          catchThrowableOfType(UnauthorizedException.class, () -> embed(wrong));
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.code()).contains("invalid_api_key");
      assertThat(refused.type()).contains("invalid_request_error");
      assertThat(refused.headers().values("www-authenticate")).containsExactly("Bearer");
      assertThat(refused.getMessage()).doesNotContain(wrong);
    }
  }

  @Test
  void aRevokedKeyIsUnauthorizedAndOneForOtherModelsDenied() {
    String revoked = put(stack, "revoked");
    OpenAIServiceException refused =
        catchThrowableOfType(OpenAIServiceException.class, () -> embed(revoked));
    assertThat(refused).isInstanceOf(UnauthorizedException.class);
    String other = put(stack, Map.of("models", AttributeValue.fromSs(List.of("other"))));
    OpenAIServiceException denied =
        catchThrowableOfType(OpenAIServiceException.class, () -> embed(other));
    assertThat(denied).isInstanceOf(PermissionDeniedException.class);
    assertThat(denied.code()).contains("forbidden");
  }

  @Test
  void metricsOfModelsAreReadWithTheKeyAndHealthWithoutOne() {
    var _ = embed(key);
    // an environment that a slow machine keeps busy is not on the page yet
    String metric = "nv_inference_request_success{model=\"" + Client.MODEL + "\"";
    Await.until(() -> get("/metrics").body().contains(metric));
    assertThat(get("/v2/health/ready").statusCode()).isEqualTo(200);
    assertThat(get("/v2/models").statusCode()).isEqualTo(401);
  }

  @Test
  void theUsageOfTheKeyIsCounted() {
    assertThat(get("/v1/usage").statusCode()).isEqualTo(401);
    HttpRequest asked =
        HttpRequest.newBuilder(stack.gatewayUrl().resolve("/v1/usage"))
            .header("authorization", "Bearer " + key)
            .build();
    // on a slow machine a second environment may answer, which has not counted the first one's yet
    Await.until(
        () -> {
          var _ = embed(key);
          String page = send(asked).body();
          return page.contains("\"object\":\"usage\"")
              && page.contains("\"model\":\"" + Client.MODEL + "\"");
        });
  }

  @Test
  @OnlyInFaults
  void theKeyStaysAsLongAsTheData(@TempDir Path directory) throws Exception {
    Path data = directory.resolve("data");
    String first = kept(data, false);
    assertThat(Files.getPosixFilePermissions(data.resolve("development-key")))
        .as("readable by its owner only")
        .hasSize(2);
    assertThat(kept(data, false)).isEqualTo(first);
    assertThat(kept(data, true)).isNotEqualTo(first);
  }

  /// Starts a stack without a function, and returns its key.
  private static String kept(Path data, boolean reset) {
    Properties given = new Properties();
    given.setProperty(Option.DATA.optionName(), data.toString());
    given.setProperty(Option.RESET.optionName(), Boolean.toString(reset));
    Options options = Options.onFreePortsUnlessIn(given).withKeys().withPreset("starter");
    try (LocalStack other = LocalStack.start(options)) {
      return other.developmentKey().orElseThrow();
    }
  }

  private static CreateEmbeddingResponse embed(String apiKey) {
    OpenAIClient client =
        OpenAIOkHttpClient.builder()
            .baseUrl(stack.gatewayUrl().resolve("/v1").toString())
            .apiKey(apiKey)
            .build();
    try {
      return client
          .embeddings()
          .create(EmbeddingCreateParams.builder().model(Client.MODEL).input("hello world").build());
    } finally {
      client.close();
    }
  }

  private static HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(stack.gatewayUrl().resolve(path)).build());
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Writes a key of the tenant `local` in a state, and returns its text.
  static String put(LocalStack stack, String state) {
    return put(stack, Map.of("state", AttributeValue.fromS(state)));
  }

  private static String put(LocalStack stack, Map<String, AttributeValue> more) {
    return put(stack, "local", more);
  }

  /// Writes a key of a tenant.
  static String put(LocalStack stack, String tenant, Map<String, AttributeValue> more) {
    String text = ApiKey.create(tenant, RANDOM);
    ApiKey made = Objects.requireNonNull(ApiKey.parse(text));
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("pk", AttributeValue.fromS("key#" + made.digest()));
    item.put("sk", AttributeValue.fromS("key"));
    item.put("tenant", AttributeValue.fromS(tenant));
    item.put("state", AttributeValue.fromS("live"));
    item.putAll(more);
    try (DynamoDbClient client = stack.dynamo().client()) {
      var _ = client.putItem(put -> put.tableName("pilotlight-clients").item(item));
    }
    return text;
  }
}
