package dev.pilotlight.handler.doors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.TestRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The `GET` form of embeddings and labels: short texts in the query.
final class QueriedTest {
  private static final String EMBEDDINGS = "/v1/embeddings";
  private static final String PREDICT = "/predict";
  private static final int QUERY_CHARS_MAX = 4096;

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    api = new EmbeddingDoorModels(root).start(EmbeddingDoorModels.SAMPLE);
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
        "model=mean&input=hello | {'model':'mean','input':'hello'}",
        "input=hello&model=mean | {'model':'mean','input':'hello'}",
        "input=hello | {'input':'hello'}",
        "model=mean&input=hello+world%2B | {'model':'mean','input':'hello world+'}",
        "model=mean&input=w%C3%B6rld%20%F0%9F%99%82 | {'model':'mean','input':'wörld 🙂'}",
        "model=mean&input=a%2Cb%26c%3Dd%22e%5C | {'model':'mean','input':'a,b&c=d\\\"e\\\\'}",
        "model=mean&input=a=b | {'model':'mean','input':'a=b'}",
        "model=mean&input=%5B%22a%22%5D | {'model':'mean','input':'[\\\"a\\\"]'}",
        "model=mean&input=a&dimensions=2 | {'model':'mean','input':'a','dimensions':2}",
        "model=mean&input=a&encoding_format=base64"
            + " | {'model':'mean','input':'a','encoding_format':'base64'}",
        "model=mean&input=a&truncate=true | {'model':'mean','input':'a','truncate':true}",
        "model=prompted&input=a&prompt_name=query"
            + " | {'model':'prompted','input':'a','prompt_name':'query'}",
      })
  void embeddingsByGetAreThoseByPost(String query, String body) {
    JsonNode byPost = api.post(EMBEDDINGS, body.replace('\'', '"')).json();
    assertThat(byPost.has("data")).as(byPost.toString()).isTrue();
    Reply byGet = get(EMBEDDINGS, query);
    assertThat(byGet.json()).isEqualTo(byPost);
    assertThat(byGet.status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "model=classes&inputs=hello | {'model':'classes','inputs':'hello'}",
        "inputs=hello | {'inputs':'hello'}",
        "inputs=hello&raw_scores=true&top_k=1 | {'inputs':'hello','raw_scores':true,'top_k':1}",
        "inputs=hello&truncate=false&truncation_direction=right"
            + " | {'inputs':'hello','truncate':false,'truncation_direction':'right'}",
      })
  void labelsByGetAreThoseByPost(String query, String body) {
    Reply byPost = api.post(PREDICT, body.replace('\'', '"'));
    assertThat(byPost.status()).as(byPost.text()).isEqualTo(200);
    assertThat(get(PREDICT, query).json()).isEqualTo(byPost.json());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | 400 | input is missing",
        "model=mean | 400 | input is missing",
        "model=mean&input= | 400 | input is empty",
        "model=mean&input | 400 | input is empty",
        "model=mean&input=a&input=b | 400 | input occurs twice",
        "model=mean&input=a&user=u | 400 | user is not a parameter",
        "model=mean&input=a&Model=mean | 400 | Model is not a parameter",
        "model=mean&input[]=a | 400 | is not a parameter",
        "model=mean&input=a& | 400 | an empty name is not",
        "model=mean&input=a&dimensions=02 | 400 | dimensions is '02'",
        "model=mean&input=a&dimensions=-1 | 400 | dimensions is '-1'",
        "model=mean&input=a&dimensions= | 400 | dimensions is ''",
        "model=mean&input=a&dimensions=9 | 400 | 1 to 4",
        "model=mean&input=a&truncate=1 | 400 | true or false",
        "model=mean&input=a&encoding_format=hex | 400 | float, base64",
        "model=mean&input=%C3 | 400 | percent-encoded",
        "model=mean&input=%zz | 400 | percent-encoded",
        "model=mean&input=100% | 400 | percent-encoded",
        "model=mean&input=ö | 400 | percent-encoded",
        "model=classes&input=a | 400 | does not produce embeddings",
        "model=none&input=a | 404 | none",
      })
  void wrongParametersAreRefusedByName(String query, int status, String message) {
    Reply reply = get(EMBEDDINGS, query);
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.json().at("/error/message").asText()).contains(message);
  }

  @Test
  void refusalOfLabelsHasTheFormOfItsRoute() {
    Reply reply = get(PREDICT, "input=a");
    assertThat(reply.json().has("error_type")).as(reply.text()).isTrue();
    assertThat(reply.text()).contains("input is not a parameter").contains("inputs");
  }

  @Test
  void aQueryHasALimit() {
    String rest = "model=mean&truncate=true&input=";
    String longest = rest + "a".repeat(QUERY_CHARS_MAX - rest.length());
    assertThat(get(EMBEDDINGS, longest).status()).isEqualTo(200);
    Reply reply = get(EMBEDDINGS, longest + "a");
    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.text()).contains("4097").contains("4096").contains("POST");
  }

  @Test
  void aBodyIsRefused() {
    TestRequest request = TestRequest.of("GET", EMBEDDINGS + "?model=mean&input=a");
    Reply reply = api.send(request.withBody(TestRequest.utf8("{}")).event());
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).contains("body");
  }

  @Test
  void eventWithoutRawQueryIsRefused() {
    Reply reply = api.send(TestRequest.of("GET", EMBEDDINGS).restEvent());
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).contains("POST");
  }

  @Test
  void headHasTheHeadersOfGet() {
    String target = EMBEDDINGS + "?model=mean&input=a";
    Reply head = api.send(TestRequest.of("HEAD", target).event());
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.text()).isEmpty();
    String length = Integer.toString(get(EMBEDDINGS, "model=mean&input=a").text().length());
    assertThat(head.header("content-length")).isEqualTo(length);
  }

  @Test
  void theClientsNameAndAnIdempotencyKeyChangeNothing() {
    TestRequest plain = TestRequest.of("GET", EMBEDDINGS + "?model=mean&input=a");
    TestRequest named = plain.with("user-agent", "mistralai").with("idempotency-key", "k");
    Reply reply = api.send(named.event());
    assertThat(reply.json()).isEqualTo(api.send(plain.event()).json());
    assertThat(reply.header("idempotent-replayed")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "ä ö&=+%?#/\\\"'<>", "\u0000\t\n", "a\u200bb", "𝕏𝕐"})
  void anyTextCanBeSent(String text) {
    String query = "model=mean&input=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
    JsonNode body = Harness.JSON.createObjectNode().put("model", "mean").put("input", text);
    assertThat(get(EMBEDDINGS, query).json())
        .isEqualTo(api.post(EMBEDDINGS, body.toString()).json());
  }

  private static Reply get(String path, String query) {
    return api.send(TestRequest.of("GET", path + "?" + query).event());
  }
}
