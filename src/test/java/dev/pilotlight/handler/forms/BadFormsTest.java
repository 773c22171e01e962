package dev.pilotlight.handler.forms;

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

/// Wrong requests for masks, sparse vectors and vectors of all tokens, in their doors' errors.
class BadFormsTest {
  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    api =
        new FormModels(root)
            .start("PILOTLIGHT_ITEMS_MAX", "3", "PILOTLIGHT_DEFAULT_MODEL", "masks");
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
        {} | 400 | inputs is missing
        {'inputs':null} | 400 | inputs is null
        {'inputs':''} | 400 | inputs is empty
        {'inputs':[]} | 400 | inputs is empty
        {'inputs':3} | 400 | inputs is a number
        {'inputs':'no mask'} | 400 | inputs: No mask_token ([MASK]) found on the input
        {'inputs':'a <mask> here'} | 400 | inputs: No mask_token ([MASK]) found on the input
        {'inputs':'a [mask] here'} | 400 | accepted: a text that has [MASK]
        {'inputs':['[MASK]','none']} | 400 | inputs[1]: No mask_token ([MASK]) found on the input
        {'inputs':['[MASK]','']} | 400 | inputs[1] is empty
        {'inputs':['[MASK]',null]} | 400 | inputs[1] is null
        {'inputs':['[MASK]','[MASK]','[MASK]','[MASK]']} | 400 | more than 3 elements
        {'inputs':{'text':'[MASK]','text_pair':'b'}} | 400 | inputs is a pair of texts
        {'inputs':{'source_sentence':'a','sentences':['b']},'model':'masks'} | 400 | task fill-mask
        P{'top_k':0}} | 400 | parameters.top_k is 0
        P{'top_k':-1}} | 400 | parameters.top_k is -1
        P{'top_k':1001}} | 400 | parameters.top_k is 1001; accepted: 1 to 1000
        P{'top_k':'5'}} | 400 | parameters.top_k is a string
        P{'top_k':1.5}} | 400 | parameters.top_k
        P{'topk':5}} | 400 | did you mean top_k
        P{'targets':[]}} | 400 | At least one target must be provided when passed
        P{'targets':''}} | 400 | parameters.targets is empty
        P{'targets':['a','']}} | 400 | parameters.targets[1] is empty
        P{'targets':[1]}} | 400 | parameters.targets[0] is a number
        P{'targets':{}}} | 400 | parameters.targets is an object
        P{'targets':['a','unfathomably']}} | 400 | "unfathomably", which is not one token
        P{'targets':'two words'}} | 400 | "two words", which is not one token
        P{'targets':['a','☃']}} | 400 | "☃", which is not one token of the model
        P{'target':['a']}} | 400 | did you mean targets
        P{'function_to_apply':'softmax'}} | 400 | not a parameter of the task fill-mask
        P{'normalize':true}} | 400 | not a parameter of the task fill-mask
        P{'truncate':'yes'}} | 400 | parameters.truncate is a string
        P{'truncation_direction':'left'}} | 400 | truncates texts at the right
        P{'prompt_name':'query'}} | 400 | has no prompts
        {'inputs':'[MASK]','targets':['a'],'parameters':{'targets':['b']}} | 400 | contradicts
        {'inputs':'[MASK]','model':'none'} | 404 | none
        {'inputs':'[MASK]' | 400 | not valid JSON
        [] | 400 | body is an array
        """)
  void wrongMaskIsRefusedByName(String body, int status, String message) {
    String whole = body.replaceFirst("^P", "{'inputs':'a [MASK]','parameters':");
    Harness.Reply reply = api.post("/", whole.replace('\'', '"'));

    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.json().fieldNames()).toIterable().containsExactly("error");
    assertThat(reply.json().get("error").asText()).contains(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"all-minilm-l6-v2", "classes", "splade"})
  void modelOfAnotherTaskFillsNoMasks(String model) {
    Harness.Reply reply =
        api.post("/models/" + model + "/pipeline/fill-mask", "{\"inputs\":\"[MASK]\"}");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("error").asText())
        .contains("accepted for fill-mask: a model with the task fill-mask");
  }

  @Test
  void modelThatComputesNaNHasNoAnswer() {
    assertThat(api.post("/models/nan", "{\"inputs\":\"a [MASK]\"}").status()).isEqualTo(200);
    Harness.Reply reply = api.post("/models/nan", "{\"inputs\":\"d [MASK]\"}");
    assertThat(reply.status()).as(reply.text()).isEqualTo(500);
    assertThat(reply.json().get("error").asText()).contains("NaN").contains("scores");
  }

  @Test
  void sequencesThatWouldBeTooLargeAreRefused() {
    String text = "[MASK] ".repeat(30);
    Harness.Reply reply =
        api.post("/", "{\"inputs\":\"%s\",\"parameters\":{\"top_k\":1000}}".formatted(text));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("error").asText())
        .contains("32 tokens and 30 masks")
        .contains("accepted: up to 4194304");
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
        {'inputs':{}} | 422 | Validation | inputs is an object
        {'inputs':''} | 400 | Empty | inputs is empty
        {'inputs':[]} | 400 | Empty | inputs is empty
        {'inputs':['a','']} | 400 | Empty | inputs[1] is empty
        {'inputs':['a',null]} | 422 | Validation | inputs[1] is null
        {'inputs':[[]]} | 400 | Empty | inputs[0] is empty
        {'inputs':[-1]} | 422 | Validation | inputs[0] is -1
        {'inputs':[99999999]} | 422 | Validation | not in the tokenizer's vocabulary
        {'inputs':['a','b','c','d']} | 422 | Validation | inputs has more than 3 elements
        {'inputs':'a','truncate':'yes'} | 422 | Validation | truncate is a string
        {'inputs':'a','truncation_direction':'Up'} | 422 | Validation | is 'Up'
        {'inputs':'a','prompt_name':3} | 422 | Validation | prompt_name is a number
        {'inputs':'a','prompt_name':'query'} | 422 | Validation | has no prompts
        {'inputs':'a','normalize':true} | 422 | Validation | normalize is not supported
        {'inputs':'a','dimensions':2} | 422 | Validation | dimensions is not supported
        {'inputs':'a','encoding_format':'float'} | 422 | Validation | encoding_format is not
        {'inputs':'a','pooling':'max'} | 422 | Validation | pooling is not supported
        {'input':'a'} | 422 | Validation | did you mean inputs
        {'inputs':'a','model':'none'} | 404 | Validation | none
        {'inputs':'a','model':'classes'} | 424 | Backend | is not an embedding model
        {'inputs':'a','model':'masks'} | 424 | Backend | is not an embedding model
        {'inputs':'a','model':3} | 422 | Validation | model is a number
        {'inputs':'a' | 400 | Validation | not valid JSON
        'a' | 400 | Validation | body is a string
        """)
  void wrongVectorsAreRefusedByName(String body, int status, String type, String message) {
    for (String path : new String[] {"/embed_all", "/embed_sparse"}) {
      Harness.Reply reply = api.post(path, body.replace('\'', '"'));

      assertThat(reply.status()).as(path + reply.text()).isEqualTo(status);
      assertThat(reply.json().fieldNames()).toIterable().containsExactly("error", "error_type");
      assertThat(reply.json().get("error").asText()).contains(message);
      assertThat(reply.json().get("error_type").asText()).isEqualTo(type);
    }
  }

  @Test
  void modelWithoutTheFormIsRefusedInTheWordsOfTei() {
    Harness.Reply sparse =
        api.post("/embed_sparse", "{\"inputs\":\"a\",\"model\":\"all-minilm-l6-v2\"}");
    assertThat(sparse.status()).isEqualTo(424);
    assertThat(sparse.json().get("error").asText())
        .contains("is not an embedding model with Splade pooling");
    for (String path : new String[] {"/embed", "/embed_all"}) {
      Harness.Reply all = api.post(path, "{\"inputs\":\"a\",\"model\":\"splade\"}");
      assertThat(all.status()).isEqualTo(424);
      assertThat(all.json().get("error").asText()).contains("is not an embedding model");
    }
    Harness.Reply own = api.post("/", "{\"inputs\":\"a\",\"model\":\"splade\"}");
    assertThat(own.status()).isEqualTo(400);
    assertThat(own.json().get("error").asText()).contains("has the task sparse-embedding");
    Harness.Reply kserve = api.post("/v1/models/splade:predict", "{\"instances\":[\"a\"]}");
    assertThat(kserve.status()).isEqualTo(400);
    assertThat(kserve.json().get("error").asText())
        .contains("has the task sparse-embedding; accepted here: embedding, text-classification,")
        .contains("token-classification, fill-mask");
    assertThat(api.post("/v1/embeddings", "{\"input\":\"a\",\"model\":\"masks\"}").status())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/embed_all", "/embed_sparse"})
  void failuresBeforeTheBodyIsReadHaveTheSameForm(String path) {
    Harness.Reply method = api.send("DELETE", path, Map.of(), new byte[0]);
    assertThat(method.status()).isEqualTo(405);
    assertThat(method.json().get("error_type").asText()).isEqualTo("Validation");
    Harness.Reply type =
        api.send("POST", path, Map.of("content-type", "text/csv"), new byte[] {'{'});
    assertThat(type.status()).isEqualTo(415);
  }
}
