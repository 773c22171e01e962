package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.access.ApiKey;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.suite.leaks.Planted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// OpenAI's client in JavaScript against a stack with API keys.
@Timeout(300)
@EnabledIfSystemProperty(named = JavaScriptClientsIT.SCRIPTS, matches = ".+")
class JavaScriptKeysIT {
  private static final String PLANS =
      "{\"one\":{\"requests_per_second\":0.5,\"requests_burst\":1},\"free\":{}}";

  private static LocalStack stack;

  @BeforeAll
  static void start() {
    stack =
        LocalStack.start(
            Options.onFreePorts()
                .withKeys()
                .withEnvironmentsMax(1) // its usage page has what it has not written yet
                .withVariable("PILOTLIGHT_PLANS", PLANS)
                .withVariable("PILOTLIGHT_OPERATOR_TENANT", "local"));
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void aKeyIsAdmittedAndWrongAndRevokedOnesAreAuthenticationErrors() throws Exception {
    String key = stack.developmentKey().orElseThrow();
    String unknown = ApiKey.create("local", Planted.random());
    String revoked = ApiKeysIT.put(stack, "revoked");
    List<String> arguments = List.of(Client.MODEL, key, "any", unknown, revoked);
    JsonNode answers = JavaScriptClientsIT.run(stack, "keys.mjs", arguments);
    assertThat(answers).hasSize(4);
    assertThat(answers.get(0).path("dimensions").asInt()).isEqualTo(384);
    for (int i = 1; i < answers.size(); i++) {
      JsonNode refused = answers.get(i);
      assertThat(refused.path("name").asText()).isEqualTo("AuthenticationError");
      assertThat(refused.path("status").asInt()).isEqualTo(401);
      assertThat(refused.path("code").asText()).isEqualTo("invalid_api_key");
      assertThat(refused.path("scheme").asText()).isEqualTo("Bearer");
    }
  }

  @Test
  void theClientRepeatsARefusalByTheRateAndReadsTheUsagePage() throws Exception {
    try (DynamoDbClient client = stack.dynamo().client()) {
      Map<String, AttributeValue> tenant =
          Map.of(
              "pk", fromS("tenant#slow"),
              "sk", fromS("tenant"),
              "state", fromS("live"),
              "generation", fromN("0"),
              "plan", fromS("one"));
      var _ = client.putItem(put -> put.tableName("pilotlight-clients").item(tenant));
    }
    String slow = ApiKeysIT.put(stack, "slow", Map.of());
    String operator = "usage:" + stack.developmentKey().orElseThrow();

    JsonNode answers =
        JavaScriptClientsIT.run(
            stack, "keys.mjs", List.of(Client.MODEL, slow, slow, slow, operator));

    long tokens = 0;
    boolean refused = false;
    for (int i = 0; i < 3; i++) {
      JsonNode answer = answers.get(i);
      assertThat(answer.path("dimensions").asInt()).as(answer.toString()).isEqualTo(384);
      tokens += answer.path("tokens").asLong();
      List<Integer> statuses = new ArrayList<>();
      answer.path("statuses").forEach(status -> statuses.add(status.asInt()));
      assertThat(statuses).last().isEqualTo(200);
      assertThat(statuses).isSubsetOf(429, 200);
      refused |= statuses.contains(429);
    }
    assertThat(refused).isTrue();
    JsonNode usage = answers.get(3).path("usage");
    assertThat(usage.path("object").asText()).isEqualTo("page");
    long used = 0;
    for (JsonNode result : usage.at("/data/0/results")) {
      if (result.path("project_id").asText().equals("slow")) {
        assertThat(result.path("model").asText()).isEqualTo(Client.MODEL);
        used += result.path("input_tokens").asLong();
      }
    }
    assertThat(used).isEqualTo(tokens).isPositive();
  }
}
