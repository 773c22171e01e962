package dev.pilotlight.handler.doors;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Wrong requests to rank, in the form of errors that the path has.
class BadRerankTest {
  private static final String LONG = "a ".repeat(40).strip();

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
        {} | 400 | neither documents nor input
        {'query':'h'} | 400 | neither documents nor input
        {'documents':['a']} | 400 | query is missing
        {'query':'','documents':['a']} | 400 | query is empty
        {'query':null,'documents':['a']} | 400 | query is missing
        {'query':3,'documents':['a']} | 400 | query is a number
        {'query':['h'],'documents':['a']} | 400 | query is an array
        {'query':'h','documents':null} | 400 | neither documents nor input
        {'query':'h','documents':'a'} | 400 | documents is a string; accepted: an array
        {'query':'h','documents':{}} | 400 | documents is an object
        {'query':'h','documents':[]} | 400 | documents is empty
        {'query':'h','documents':['']} | 400 | documents[0] is empty
        {'query':'h','documents':['a',3]} | 400 | documents[1] is a number
        {'query':'h','documents':[null]} | 400 | documents[0] is null
        {'query':'h','documents':[['a']]} | 400 | documents[0] is an array
        {'query':'h','documents':[{}]} | 400 | documents[0].text is missing
        {'query':'h','documents':[{'title':'a'}]} | 400 | documents[0].text is missing
        {'query':'h','documents':[{'text':'a','txt':'b'}]} | 400 | documents[0].txt is not a known
        {'query':'h','documents':[{'text':3}]} | 400 | documents[0].text is a number
        {'query':'h','documents':[{'text':''}]} | 400 | documents[0].text is empty
        {'query':'h','documents':[{'text':null}]} | 400 | documents[0].text is null
        {'query':'h','documents':['a','b','c','d']} | 400 | documents has more than 3 texts
        {'query':'h','texts':['a']} | 400 | texts is for /rerank
        {'query':'h','document':['a']} | 400 | did you mean documents
        {'query':'h','query':'i','documents':['a']} | 400 | Duplicate field 'query'
        {'query':'h','documents':['a' | 400 | not valid JSON
        ['a'] | 400 | body is an array
        null | 400 | body is null
        """)
  void cohereGivesAMessage(String body, int status, String message) {
    for (String path : new String[] {"/v1/rerank", "/v2/rerank", "/v1/reranking"}) {
      Harness.Reply reply = api.post(path, whole(body));

      assertThat(reply.status()).as(reply.text()).isEqualTo(status);
      JsonNode error = reply.json();
      assertThat(error.fieldNames()).toIterable().containsExactly("message");
      assertThat(error.get("message").asText().replace('"', '\'')).contains(message);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
        D,'input':['a']} | 400 | both documents and input
        D,'top_n':-1} | 400 | top_n is -1
        D,'top_n':1.5} | 400 | top_n is a decimal number
        D,'top_n':'1'} | 400 | top_n is a string
        D,'top_n':1,'top_k':2} | 400 | top_k is 2, but top_n is 1
        D,'top_n':99999999999} | 400 | top_n is 99999999999
        D,'return_documents':1} | 400 | return_documents is a number
        D,'raw_scores':'no'} | 400 | raw_scores is a string
        D,'raw_scores':true,'use_activation':true} | 400 | use_activation contradicts
        D,'model':'sure','raw_scores':true} | 400 | raw_scores asks for logits
        D,'model':'sure','normalize':false} | 400 | normalize asks for logits, but the graph of sure
        D,'truncate':true,'truncation':false} | 400 | truncation contradicts
        D,'truncation_direction':'Left'} | 400 | is left, but ranker truncates texts at
        D,'truncation_direction':'up'} | 400 | truncation_direction is 'up'
        D,'max_tokens_per_doc':4} | 400 | max_tokens_per_doc is 4; accepted: 16
        D,'max_tokens_per_doc':0} | 400 | max_tokens_per_doc is 0
        D,'max_chunks_per_doc':10} | 400 | max_chunks_per_doc is not supported
        D,'truncate_prompt_tokens':8} | 400 | truncate_prompt_tokens is 8
        D,'truncate_prompt_tokens':-2} | 400 | truncate_prompt_tokens is -2
        D,'rank_fields':['title']} | 400 | rank_fields[0] is another field than text
        D,'rank_fields':'text'} | 400 | rank_fields is a string
        D,'rewrite_query':true} | 400 | rewrite_query is not supported
        D,'instruction':'Find it'} | 400 | instruction is not supported
        D,'topn':1} | 400 | did you mean top_n
        D,'return_document':true} | 400 | did you mean return_documents
        D,'model':3} | 400 | model is a number
        D,'model':'none'} | 404 | none
        D,'model':'../x'} | 404 | no model is named
        D,'model':'classes'} | 400 | not a re-ranker model
        D,'model':'all-minilm-l6-v2'} | 400 | not a re-ranker model
        D,'model':'square'} | 400 | not a re-ranker model
        """)
  void wrongOptionIsRefusedByName(String body, int status, String message) {
    cohereGivesAMessage(body, status, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
        {'query':'h'} | 400 | Validation | neither texts nor documents
        {'query':'h','texts':null} | 400 | Validation | neither texts nor documents
        T,'documents':['a']} | 400 | Validation | both texts and documents
        {'query':'h','documents':[],'texts':[]} | 400 | Validation | both documents and texts
        {'query':'h','texts':[]} | 400 | Empty | texts is empty
        {'query':'h','documents':[]} | 400 | Empty | documents is empty
        {'texts':['a']} | 422 | Validation | query is missing
        {'query':'','texts':['a']} | 422 | Validation | query is empty
        {'query':'h','texts':['']} | 422 | Validation | texts[0] is empty
        {'query':'h','texts':[{'text':'a'}]} | 422 | Validation | texts[0] is an object
        {'query':'h','texts':'a'} | 422 | Validation | texts is a string
        {'query':'h','texts':['a','b','c','d']} | 422 | Validation | texts has more than 3 texts
        T,'return_text':'y'} | 422 | Validation | return_text is a string
        T,'truncation_direction':'left'} | 422 | Validation | truncation_direction is left
        T,'raw_score':true} | 422 | Validation | did you mean raw_scores
        T,'model':'classes'} | 424 | Backend | not a re-ranker model
        T,'model':'none'} | 404 | Validation | none
        {'query':'h','texts':['a'] | 400 | Validation | not valid JSON
        {'query' | 422 | Validation | not valid JSON
        [] | 400 | Validation | body is an array
        nothing | 400 | Validation | not valid JSON
        `` | 400 | Validation | body is empty
        """)
  void teiGivesAnErrorAndItsType(String body, int status, String type, String message) {
    Harness.Reply reply = api.post("/rerank", whole(body));

    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.json().fieldNames()).toIterable().containsExactly("error", "error_type");
    assertThat(reply.json().get("error_type").asText()).isEqualTo(type);
    assertThat(reply.json().get("error").asText()).contains(message);
  }

  /// A body whose good beginning is `D` or `T`, with documents or texts.
  private static String whole(String body) {
    return body.replaceFirst("^D,", "{'query':'h','documents':['a'],")
        .replaceFirst("^T,", "{'query':'h','texts':['a'],")
        .replace('\'', '"');
  }

  @ParameterizedTest
  @ValueSource(strings = {"/rerank", "/v1/rerank", "/v2/rerank", "/v1/reranking"})
  void failuresBeforeTheBodyIsReadHaveTheSameForm(String path) {
    String key = path.equals("/rerank") ? "error" : "message";
    Harness.Reply method = api.send("GET", path, Map.of(), new byte[0]);
    assertThat(method.status()).isEqualTo(405);
    assertThat(method.header("allow")).isEqualTo("POST");
    assertThat(method.json().has(key)).isTrue();

    Harness.Reply type =
        api.send("POST", path, Map.of("content-type", "text/plain"), new byte[] {'{'});
    assertThat(type.status()).isEqualTo(415);
    assertThat(type.json().get(key).asText()).contains("content-type");
  }

  @Test
  void documentOverTheLimitIsNamed() {
    String body = "{'query':'h','texts':['a','%s'],'truncate':false}".formatted(LONG);
    Harness.Reply reply = api.post("/rerank", body.replace('\'', '"'));

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.json().get("error").asText()).startsWith("texts[1]: ").contains("takes 16");
  }

  /// A field of many documents counts, and is named, once.
  @Test
  void otherFieldsOfDocumentsAreNamedOrRefused(@TempDir Path other) {
    String body =
        "{'query':'h','k':1,'documents':[{'text':'a','title':'b'},{'title':[1],'text':'c','n':{}}]}"
            .replace('\'', '"');
    Harness.Reply reply = api.post("/v1/rerank", body);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.header("pilotlight-ignored")).isEqualTo("k, documents[].title, documents[].n");
    assertThat(
            api.post("/v1/reranking", whole("{'query':'h','input':[{'text':'a','url':'b'}]}"))
                .header("pilotlight-ignored"))
        .isEqualTo("input[].url");

    try (Harness strict = DoorModels.start(other, "PILOTLIGHT_UNKNOWN_FIELDS", "refuse")) {
      Harness.Reply refused = strict.post("/v1/rerank", body.replace("\"k\":1,", ""));
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.json().get("message").asText())
          .contains("documents[0].title is not a known field; accepted: text");
    }
  }

  @Test
  void otherFieldsOfDocumentsAreBounded() {
    String fields =
        IntStream.range(0, 101).mapToObj(i -> "'field%d':1".formatted(i)).collect(joining(","));
    String body = "{'query':'h','documents':[{'text':'a',%s}]}".formatted(fields);
    Harness.Reply reply = api.post("/v1/rerank", whole(body));
    assertThat(reply.status()).as(reply.text()).isEqualTo(400);
    assertThat(reply.json().get("message").asText()).contains("more than 100 unknown fields");
  }

  @Test
  void deploymentMayRefuseUnknownFields(@TempDir Path other) {
    String body = "{\"query\":\"h\",\"documents\":[\"a\"],\"chunks\":1}";
    try (Harness strict = DoorModels.start(other, "PILOTLIGHT_UNKNOWN_FIELDS", "refuse")) {
      assertThat(strict.post("/v1/rerank", body).json().get("message").asText())
          .contains("chunks is not a known field");
    }
    assertThat(api.post("/v1/rerank", body).header("pilotlight-ignored")).isEqualTo("chunks");
  }

  @Test
  void thereAreCasesEnough() {
    long cohere =
        CsvRows.of(getClass(), "cohereGivesAMessage")
            + CsvRows.of(getClass(), "wrongOptionIsRefusedByName");
    assertThat(cohere).isGreaterThanOrEqualTo(40);
    assertThat(cohere + CsvRows.of(getClass(), "teiGivesAnErrorAndItsType"))
        .isGreaterThanOrEqualTo(60);
  }
}
