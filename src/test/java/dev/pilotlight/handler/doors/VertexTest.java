package dev.pilotlight.handler.doors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.Harness;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The prediction route of Vertex AI's custom containers.
class VertexTest {
  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    api = DoorModels.start(root);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "all-minilm-l6-v2 | ['hello','world'] | ``",
        "judge            | ['a','b','z']     | ``",
        "classes          | ['a','b']         | ``",
        "classes          | ['a']             | ,'return_probabilities':true",
        "classes          | ['a']             | ,'return_raw_logits':true",
        "classes          | ['a']             | ,'truncate':false",
      })
  void answersAreThoseOfKServesRoute(String model, String instances, String more) {
    String named =
        "{'instances':%s,'parameters':{'model':'%s'%s}}".formatted(instances, model, more);
    String others = more.isEmpty() ? "" : more.substring(1);
    String unnamed = "{'instances':%s,'parameters':{%s}}".formatted(instances, others);
    Harness.Reply vertex = vertex(named);
    Harness.Reply kserve = api.post("/v1/models/" + model + ":predict", unnamed.replace('\'', '"'));

    assertThat(vertex.status()).as(vertex.text()).isEqualTo(200);
    assertThat(vertex.json().fieldNames()).toIterable().containsExactly("predictions");
    assertThat(vertex.text()).isEqualTo(kserve.text());
    assertThat(vertex.header("pilotlight-ignored")).isEmpty();
  }

  @Test
  void defaultModelAnswersWithoutName() {
    assertThat(vertex("{'instances':['hello']}").text())
        .isEqualTo(
            vertex("{'instances':['hello'],'parameters':{'model':'all-minilm-l6-v2'}}").text());
    assertThat(vertex("{'instances':['hello'],'parameters':null}").status()).isEqualTo(200);
    assertThat(vertex("{'instances':['hello'],'parameters':{'model':null}}").status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "GET | {} | 405 | POST",
        "PUT | {'instances':['a']} | 405 | POST",
        "POST | {} | 400 | instances is missing",
        "POST | {'instances':[]} | 400 | instances is empty",
        "POST | {'instances':'a'} | 400 | instances",
        "POST | {'instances':null} | 400 | instances",
        "POST | {'instances':['']} | 400 | instances[0]",
        "POST | {'instances':[{'inputs':'a'}]} | 400 | instances[0]",
        "POST | {'instances':[{'content':'a'}]} | 400 | instances[0]",
        "POST | {'instances':['a',['b']]} | 400 | instances[1]",
        "POST | {'instances':[[1.0,2.0]]} | 400 | instances[0]",
        "POST | {'instances':['a',1]} | 400 | instances[1]",
        "POST | {'instance':['a']} | 400 | did you mean instances",
        "POST | {'instances':['a'],'instances':['b']} | 400 | instances",
        "POST | {'instances':['a'],'parameters':3} | 400 | parameters",
        "POST | {'instances':['a'],'parameters':{'model':3}} | 400 | parameters.model",
        "POST | {'instances':['a'],'parameters':{'modl':'classes'}} | 400 | parameters.modl",
        "POST | {'instances':['a'],'parameters':{'model':'none'}} | 404 | none",
        "POST | {'instances':['a'],'parameters':{'model':''}} | 404 | no model is named",
        "POST | {'instances':['a'],'parameters':{'model':' '}} | 404 | no model is named",
        "POST | {'instances':['a'],'parameters':{'model':'square'}} | 400 | takes tensors",
        "POST | {'instances':['a'],'parameters':{'return_raw_logits':true}} | 400"
            + " | accepted: neither return_probabilities nor return_raw_logits",
        "POST | {'instances':['a'],'parameters':{'model':'../x'}} | 404 | ../x",
        "POST | {'instances':['a'],'parameters':{'return_raw_logits':true}} | 400 | parameters",
        "POST | [{'instances':['a']}] | 400 | body",
        "POST | not JSON | 400 | body",
        "POST | {'instances':['a'] | 400 | JSON",
      })
  void wrongRequestsAreRefused(String method, String body, int status, String message) {
    Harness.Reply reply =
        api.send(
            method,
            "/vertex",
            Map.of("content-type", "application/json"),
            body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));

    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.json().fieldNames()).toIterable().containsExactly("error");
    assertThat(reply.json().get("error").asText()).contains(message);
  }

  @Test
  void otherMediaTypesAreRefused() {
    Harness.Reply reply =
        api.send("POST", "/vertex", Map.of("content-type", "text/plain"), new byte[] {'a'});
    assertThat(reply.status()).as(reply.text()).isEqualTo(415);
    assertThat(reply.json().get("error").asText()).contains("application/json");
  }

  @Test
  void otherFieldsAreNamed() {
    Harness.Reply reply = vertex("{'instances':['a'],'other':1,'parameters':{'max_length':3}}");
    assertThat(reply.header("pilotlight-ignored")).isEqualTo("other, parameters.max_length");
  }

  private static Harness.Reply vertex(String body) {
    return api.post("/vertex", body.replace('\'', '"'));
  }
}
