package dev.pilotlight.handler.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.handler.Harness;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Scores of pairs as vLLM answers them; the expected ones follow from the graph's formula.
class ScoreTest {
  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    api = DoorModels.start(root, "PILOTLIGHT_ITEMS_MAX", "3");
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
        "/score    | {'text_1':'h','text_2':'a'}               | ha",
        "/v1/score | {'text_1':['h'],'text_2':['a','b','c']}   | ha hb hc",
        "/score    | {'queries':['h','i'],'documents':'a'}     | ha ia",
        "/v1/score | {'data_1':['h','i'],'data_2':['a','b']}   | ha ib",
        "/v1/score | {'queries':'h','items':['b','a']}         | hb ha",
      })
  void everyPairHasItsScoreInTheRequestsOrder(String path, String body, String pairs) {
    Harness.Reply reply = api.post(path, body.replace('\'', '"'));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    JsonNode data = reply.json().get("data");

    String[] expected = pairs.split(" ", -1);
    assertThat(data).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      double logit = DoorModels.logit(expected[i].substring(0, 1), expected[i].substring(1));
      assertThat(data.get(i).fieldNames()).toIterable().containsExactly("index", "object", "score");
      assertThat(data.get(i).get("index").asInt()).isEqualTo(i);
      assertThat(data.get(i).get("score").asDouble())
          .isCloseTo(Labels.sigmoid(logit), within(1e-15));
    }
    assertThat(reply.json().at("/usage/total_tokens").asInt()).isEqualTo(5 * expected.length);
    assertThat(reply.json().get("model").asText()).isEqualTo(DoorModels.RANKER);
    assertThat(reply.json().get("created").asLong()).isPositive();
  }

  @Test
  void logitsAreScoresWithoutActivation() {
    String body = "{\"text_1\":\"h\",\"text_2\":\"a\",\"use_activation\":false}";
    assertThat((float) api.post("/score", body).json().at("/data/0/score").asDouble())
        .isEqualTo(DoorModels.logit("h", "a"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
        {} | 400 | text_1
        {'text_1':'h'} | 400 | text_2
        {'text_2':'h'} | 400 | text_1
        {'text_1':null,'text_2':'a'} | 400 | text_1
        {'text_1':3,'text_2':'a'} | 400 | text_1
        {'text_1':'','text_2':'a'} | 400 | text_1
        {'text_1':'h','text_2':[]} | 400 | text_2
        {'text_1':'h','text_2':['a',1]} | 400 | text_2[1]
        {'text_1':'h','text_2':['a','']} | 400 | text_2[1]
        {'text_1':['h','i'],'text_2':['a','b','c']} | 400 | text_2
        {'text_1':'h','text_2':['a','b','c','d']} | 400 | text_2
        {'text_1':'h','queries':'h','text_2':'a'} | 400 | queries
        {'text_1':'h','text_2':'a','text_3':'b'} | 400 | text_3
        {'text_1':'h','text_2':'a','use_activation':1} | 400 | use_activation
        {'text_1':'h','text_2':'a','raw_scores':true,'use_activation':true} | 400 | use_activation
        {'text_1':'h','text_2':'a','activation':true,'raw_scores':true} | 400 | raw_scores
        {'text_1':'h','text_2':'a','model':'sure','raw_scores':true} | 400 | raw_scores
        {'text_1':'h','text_2':'a','model':'sure','use_activation':false} | 400 | use_activation
        {'text_1':'h','text_2':'a','truncate_prompt_tokens':8} | 400 | truncate_prompt_tokens
        {'text_1':'h','text_2':'a','instruction':'x'} | 400 | instruction
        {'text_1':'h','text_2':'a','model':'classes'} | 400 | model
        {'text_1':'h','text_2':'a','model':'none'} | 404 | model
        {'text_1':'h' | 400 | body
        """)
  void wrongRequestsAreRefusedInOpenAisForm(String body, int status, String param) {
    Harness.Reply reply = api.post("/v1/score", body.replace('\'', '"'));

    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    JsonNode error = reply.json().get("error");
    assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
    assertThat(error.get("param").asText()).isEqualTo(param);
  }

  @Test
  void pairOverTheLimitIsNamed() {
    String text = "a ".repeat(40).strip();
    String body = "{\"text_1\":[\"h\",\"%s\"],\"text_2\":\"a\",\"truncate\":false}".formatted(text);
    assertThat(api.post("/score", body).json().at("/error/param").asText()).isEqualTo("text_1[1]");
  }
}
