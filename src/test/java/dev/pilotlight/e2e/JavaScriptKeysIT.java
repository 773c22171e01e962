package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.access.ApiKey;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.suite.leaks.Planted;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// OpenAI's client in JavaScript against a stack with API keys.
@Timeout(300)
@EnabledIfSystemProperty(named = JavaScriptClientsIT.SCRIPTS, matches = ".+")
class JavaScriptKeysIT {
  private static LocalStack stack;

  @BeforeAll
  static void start() {
    stack = LocalStack.start(Options.onFreePorts().withKeys());
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
}
