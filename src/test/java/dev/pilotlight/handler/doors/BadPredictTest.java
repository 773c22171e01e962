package dev.pilotlight.handler.doors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.Harness;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Wrong requests for labels and similarities, in the form of errors of text-embeddings-inference.
class BadPredictTest {
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
      textBlock =
          """
        {} | 422 | Validation | inputs is missing
        {'inputs':null} | 422 | Validation | inputs is null
        {'inputs':3} | 422 | Validation | inputs is a number
        {'inputs':true} | 422 | Validation | inputs is a boolean
        {'inputs':{}} | 422 | Validation | inputs is an object
        {'inputs':{'text':'a'}} | 422 | Validation | inputs is an object
        {'inputs':''} | 422 | Validation | inputs is empty
        {'inputs':[]} | 400 | Empty | inputs is empty
        {'inputs':['']} | 422 | Validation | inputs[0] is empty
        {'inputs':['a','']} | 422 | Validation | inputs[1] is empty
        {'inputs':[null]} | 422 | Validation | inputs[0] is null
        {'inputs':[3]} | 422 | Validation | inputs[0] is a number
        {'inputs':[{}]} | 422 | Validation | inputs[0] is an object
        {'inputs':['a','b','c']} | 422 | Validation | inputs[2] is a third text
        {'inputs':['a',['b']]} | 422 | Validation | inputs[1] is an array
        {'inputs':['a',3]} | 422 | Validation | inputs[1] is a number
        {'inputs':[['a'],'b']} | 422 | Validation | inputs[1] is a string
        {'inputs':[['a'],null]} | 422 | Validation | inputs[1] is null
        {'inputs':[[]]} | 422 | Validation | inputs[0] is empty
        {'inputs':[['a'],[]]} | 422 | Validation | inputs[1] is empty
        {'inputs':[['']]} | 422 | Validation | inputs[0][0] is empty
        {'inputs':[['a','b','c']]} | 422 | Validation | inputs[0][2] is a third text
        {'inputs':[[3]]} | 422 | Validation | inputs[0][0] is a number
        {'inputs':[[['a']]]} | 422 | Validation | inputs[0][0] is an array
        {'inputs':[['a'],['b'],['c'],['d']]} | 422 | Validation | inputs has more than 3
        {'inputs':'\\ud800'} | 422 | Validation | half of a surrogate pair
        {'inputs':'a','raw_scores':1} | 422 | Validation | raw_scores is a number
        {'inputs':'a','raw_scores':'true'} | 422 | Validation | raw_scores is a string
        {'inputs':'a','raw_scores':true,'model':'sure'} | 422 | Validation | raw_scores is true, but
        {'inputs':'a','truncate':'yes'} | 422 | Validation | truncate is a string
        {'inputs':'a','truncate':0} | 422 | Validation | truncate is a number
        {'inputs':'a','truncation_direction':'Left'} | 422 | Validation | direction is left
        {'inputs':'a','truncation_direction':'Middle'} | 422 | Validation | is 'Middle'
        {'inputs':'a','truncation_direction':1} | 422 | Validation | is a number
        {'inputs':'a','top_k':-1} | 422 | Validation | top_k is -1
        {'inputs':'a','top_k':'3'} | 422 | Validation | top_k is a string
        {'inputs':'a','topk':3} | 422 | Validation | did you mean top_k
        {'input':'a'} | 422 | Validation | did you mean inputs
        {'inputs':'a','rawscores':true} | 422 | Validation | did you mean raw_scores
        {'inputs':'a','model':'none'} | 404 | Validation | none
        {'inputs':'a','model':'all-minilm-l6-v2'} | 424 | Backend | not a classifier model
        {'inputs':'a','model':'square'} | 424 | Backend | not a classifier model
        {'inputs':'a','model':['classes']} | 422 | Validation | model is an array
        {'inputs':'a','inputs':'b'} | 400 | Validation | Duplicate field
        {'inputs':'a' | 400 | Validation | not valid JSON
        {'inputs':'a'} {} | 400 | Validation | continues after the JSON
        'a' | 400 | Validation | body is a string
        [] | 400 | Validation | body is an array
        """)
  void wrongPredictIsRefusedByName(String body, int status, String type, String message) {
    assertRefused("/predict", body, status, type, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
        {} | 422 | Validation | inputs is missing
        {'inputs':null} | 422 | Validation | inputs is null
        {'inputs':'a'} | 422 | Validation | inputs is a string
        {'inputs':['a']} | 422 | Validation | inputs is an array
        {'inputs':{}} | 422 | Validation | source_sentence is missing
        {'inputs':{'sentences':['a']}} | 422 | Validation | source_sentence is missing
        {'inputs':{'source_sentence':'a'}} | 422 | Validation | sentences is missing
        N,[]}} | 400 | Empty | sentences is empty
        {'inputs':{'sentences':['a'],'source_sentence':''}} | 422 | Validation | sentence is empty
        {'inputs':{'sentences':['a'],'source_sentence':3}} | 422 | Validation | sentence is a number
        N,'b'}} | 422 | Validation | sentences is a string
        N,null}} | 422 | Validation | sentences is null
        N,['']}} | 422 | Validation | sentences[0] is empty
        N,['b',1]}} | 422 | Validation | sentences[1] is a number
        N,['b','c','d']}} | 422 | Validation | more than 2
        {'inputs':{'source':'a','sentence':['b']}} | 422 | Validation | did you mean sentences
        S,'parameters':1} | 422 | Validation | parameters is a number
        S,'parameters':{'truncate':1}} | 422 | Validation | parameters.truncate is a number
        S,'parameters':{'truncation_direction':'left'}} | 422 | Validation | direction is left
        S,'parameters':{'prompt_name':1}} | 422 | Validation | parameters.prompt_name is a number
        S,'parameters':{'prompt_name':'query'}} | 422 | Validation | prompt_name is there, but
        S,'parameters':{'promptname':'a'}} | 422 | Validation | did you mean prompt_name
        S,'model':'ranker'} | 424 | Backend | not an embedding model
        nothing | 400 | Validation | not valid JSON
        """)
  void wrongSimilarityIsRefusedByName(String body, int status, String type, String message) {
    assertRefused("/similarity", body, status, type, message);
  }

  /// @param body may begin with `S` for good inputs, or `N` for those without sentences
  private static void assertRefused(
      String path, String body, int status, String type, String message) {
    String whole =
        body.replaceFirst("^S,", "{'inputs':{'source_sentence':'a','sentences':['b']},")
            .replaceFirst("^N,", "{'inputs':{'source_sentence':'a','sentences':");
    Harness.Reply reply = api.post(path, whole.replace('\'', '"'));

    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.json().fieldNames()).toIterable().containsExactly("error", "error_type");
    assertThat(reply.json().get("error").asText()).contains(message);
    assertThat(reply.json().get("error_type").asText()).isEqualTo(type);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/predict", "/similarity"})
  void failuresBeforeTheBodyIsReadHaveTheSameForm(String path) {
    Harness.Reply method = api.send("DELETE", path, Map.of(), new byte[0]);
    assertThat(method.status()).isEqualTo(405);
    assertThat(method.header("allow"))
        .isEqualTo(path.equals("/predict") ? "GET, HEAD, POST" : "POST");
    assertThat(method.json().get("error_type").asText()).isEqualTo("Validation");
    Harness.Reply type =
        api.send("POST", path, Map.of("content-type", "text/csv"), new byte[] {'{'});
    assertThat(type.status()).isEqualTo(415);
    assertThat(type.json().get("error").asText()).contains("content-type");
  }

  @Test
  void tooManyUnknownFieldsAreRefused() {
    StringBuilder body = new StringBuilder("{\"inputs\":\"a\"");
    for (int i = 0; i < 100; i++) {
      body.append(",\"further").append(i).append("\":[{}]");
    }
    assertThat(api.post("/predict", body + "}").status()).isEqualTo(200);
    Harness.Reply refused = api.post("/predict", body + ",\"further\":1}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().get("error").asText()).contains("more than 100 unknown fields");
  }

  @Test
  void unknownFieldsOfEachObjectOfASimilarityAreNamedOrRefused(@TempDir Path other) {
    String inputs = "{\"inputs\":{\"source_sentence\":\"a\",\"sentences\":[\"b\"]%s}%s}";
    String inner = inputs.formatted(",\"lang\":1", "");
    String parameter = inputs.formatted("", ",\"parameters\":{\"batch\":1}");
    try (Harness strict = DoorModels.start(other, "PILOTLIGHT_UNKNOWN_FIELDS", "refuse")) {
      assertThat(strict.post("/similarity", inputs.formatted("", "")).status()).isEqualTo(200);
      assertThat(strict.post("/similarity", inner).text()).contains("inputs.lang");
      assertThat(strict.post("/similarity", inner).status()).isEqualTo(422);
      assertThat(strict.post("/similarity", parameter).status()).isEqualTo(422);
    }
    String all = inputs.formatted(",\"lang\":1", ",\"parameters\":{\"batch\":1},\"x\":2");
    assertThat(api.post("/similarity", all).header("pilotlight-ignored"))
        .isEqualTo("x, lang, batch");
    assertThat(api.post("/similarity", inner).header("pilotlight-ignored")).isEqualTo("lang");
  }

  @Test
  void deploymentMayRefuseUnknownFields(@TempDir Path other) {
    String body = "{\"inputs\":\"a\",\"max_time\":1}";
    try (Harness strict = DoorModels.start(other, "PILOTLIGHT_UNKNOWN_FIELDS", "refuse")) {
      assertThat(strict.post("/predict", body).status()).isEqualTo(422);
    }
    Harness.Reply ignored = api.post("/predict", body);
    assertThat(ignored.status()).isEqualTo(200);
    assertThat(ignored.header("pilotlight-ignored")).isEqualTo("max_time");
  }

  @Test
  void thereAreCasesEnough() {
    assertThat(CsvRows.of(getClass(), "wrongPredictIsRefusedByName")).isGreaterThanOrEqualTo(40);
  }
}
