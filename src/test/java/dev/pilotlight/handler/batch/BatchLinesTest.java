package dev.pilotlight.handler.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.input.Line;
import dev.pilotlight.batch.input.LineHarness;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// From a line of a batch to its answer, held against what the API answers.
final class BatchLinesTest {
  private static final String EMBEDDINGS = "/v1/embeddings";
  private static final String MOODS = "/v2/models/moods/infer";
  private static final String QUOTIENT = "/v2/models/quotient/infer";

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @SuppressWarnings("NullAway.Init")
  private static LineHarness lines;

  @SuppressWarnings("NullAway.Init")
  private static LineHarness base64;

  @BeforeAll
  static void start() {
    TestModels models = new TestModels(root).withSample().withClassifier("moods");
    models.with("quotient", OnnxModels.quotient());
    api = models.start("PILOTLIGHT_DEFAULT_MODEL", TestModels.SAMPLE);
    lines = new LineHarness(root, TestModels.SAMPLE, Encoding.FLOAT);
    base64 = new LineHarness(root, TestModels.SAMPLE, Encoding.BASE64);
  }

  @AfterAll
  static void stop() {
    api.close();
    lines.close();
    base64.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'model':'@','input':'Gr\u00fc\u00dfe'}",
        "{'model':'@','input':['a', 'b'],'user':'u'}",
        "{'encoding_format':'base64','model':'@','input':[101,102]}",
        "{'model':'moods','input':'a'}",
        "{'model':'none','input':'a'}",
        "{'model':'@','input':''}",
        "{'model':'@','input':['a',5]}",
        "{'model':'@','inputs':'a'}",
        "{'model':'@','input':[[101],[9999999]]}",
        "{}",
      })
  void embeddingsHaveTheBytesOfTheApis(String body) {
    assertSameBytes(EMBEDDINGS, body.replace('\'', '"').replace("@", TestModels.SAMPLE));
  }

  @Test
  void inferenceHasTheBytesOfTheApis() {
    String text = "{\"id\":\"i\",\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\",";
    assertSameBytes(MOODS, text + "\"shape\":[2],\"data\":[\"a\",\"b\"]}]}");
    assertSameBytes(MOODS, text + "\"shape\":[1],\"data\":[\"a\",\"b\"]}]}");
    assertSameBytes("/v2/models/moods/versions/9/infer", "{\"inputs\":[]}");
    assertSameBytes("/v2/models/none/infer", "{\"inputs\":[]}");
    assertSameBytes("/v2/models/quotient/versions/1/infer", quotient("[6,1]", "[4,8]"));
    assertSameBytes(QUOTIENT, quotient("[6,1]", "[0,0]"));
    assertSameBytes(QUOTIENT, quotient("[6,1]", "[1,2,3]"));
  }

  private static String quotient(String a, String b) {
    return "{\"inputs\":%s}".formatted(tensors(a, b));
  }

  /// The data of one of them comes before what it means.
  private static String tensors(String a, String b) {
    return ("[{\"data\":%s,\"name\":\"a\",\"shape\":[%d],\"datatype\":\"FP32\"},"
            + "{\"name\":\"b\",\"shape\":[%d],\"datatype\":\"FP32\",\"data\":%s}]")
        .formatted(a, a.split(",", -1).length, b.split(",", -1).length, b);
  }

  private static void assertSameBytes(String url, String body) {
    Harness.Reply reply = api.post(url, body);
    String line = lines.json(7, request(url, body));

    String requestId = id(line);
    assertThat(line)
        .isEqualTo(
            "{\"id\":\"batch_req_"
                + requestId
                + "\",\"custom_id\":\"ü\\\"\","
                + (reply.status() == 200 ? "" : "\"line\":7,")
                + "\"response\":{\"status_code\":%d,\"request_id\":\"".formatted(reply.status())
                + requestId
                + "\",\"body\":"
                + reply.text()
                + "},\"error\":null}\n");
  }

  @Test
  void idOfAnAnswerDependsOnObjectAndLineOnly() {
    String request = request(EMBEDDINGS, "{}");
    assertThat(id(lines.json(1, request))).isEqualTo("LTXaQT6Knhur87xQo06NPT");
    assertThat(id(lines.json(1, request)))
        .isEqualTo(id(base64.json(1, request)))
        .isNotEqualTo(id(lines.json(2, request)));
  }

  @Test
  void aTextIsAnsweredByTheApisNumbers() {
    String body = "{\"model\":\"%s\",\"input\":\"hello\"".formatted(TestModels.SAMPLE);
    String id = embedding(body + "}", 0).get("id").textValue();
    String numbers = numbers(body + "}");
    String expected =
        "{\"line\":3,\"id\":%s,\"model\":\"all-minilm-l6-v2\",\"embedding\":%s,\"tokens\":3,"
            + "\"result_id\":\"%s\"}\n";
    assertThat(lines.json(3, "{\"id\":\"r1\",\"text\":\"hello\"}"))
        .isEqualTo(expected.formatted("\"r1\"", numbers, id));
    assertThat(lines.json(3, "{\"inputs\":\"hello\",\"id\":-0,\"model\":\"all-minilm-l6-v2\"}"))
        .isEqualTo(expected.formatted("-0", numbers, id));
    assertThat(lines.answer(text(Optional.empty(), "hello")))
        .isEqualTo(expected.formatted("null", numbers, id));
    assertThat(lines.answer(text(Optional.of("c"), "hello")))
        .isEqualTo(expected.formatted("\"c\"", numbers, id));
    String asBase64 = body + ",\"encoding_format\":\"base64\"}";
    String encoded = embedding(asBase64, 0).get("embedding").toString();
    assertThat(Base64.getDecoder().decode(encoded.replace("\"", ""))).hasSize(384 * 4);
    assertThat(base64.answer(text(Optional.empty(), "hello")))
        .isEqualTo(expected.formatted("null", encoded, id));
  }

  @Test
  void aListOfTextsIsAnsweredInThePlural() throws IOException {
    String body =
        "{\"model\":\"all-minilm-l6-v2\",\"input\":[\"a\",\"b c\"],"
            + "\"encoding_format\":\"base64\"}";
    String line = base64.json(1, "{\"inputs\":[\"a\",\"b c\"]}");
    assertThat(line)
        .isEqualTo(
            "{\"line\":1,\"id\":null,\"model\":\"all-minilm-l6-v2\",\"embeddings\":[%s,%s],"
                    .formatted(
                        embedding(body, 0).get("embedding"), embedding(body, 1).get("embedding"))
                + "\"tokens\":7,\"result_ids\":[%s,%s]}\n"
                    .formatted(embedding(body, 0).get("id"), embedding(body, 1).get("id")));
    assertThat(Harness.JSON.readTree(lines.json(1, "{\"inputs\":[\"a\"]}")).get("embeddings"))
        .hasSize(1);
  }

  @Test
  void classifierAnswersLabelAndScore() {
    JsonNode outputs = infer(MOODS, "[\"a\",\"b\"]").get("outputs");
    String[] ids =
        infer(MOODS, "[\"a\",\"b\"]").at("/parameters/result_ids").asText().split(",", -1);
    assertThat(lines.json(1, "{\"model\":\"moods\",\"inputs\":[\"a\",\"b\"]}"))
        .isEqualTo(
            "{\"line\":1,\"id\":null,\"model\":\"moods\",\"labels\":%s,\"scores\":%s,\"tokens\":6,"
                    .formatted(outputs.get(0).get("data"), outputs.get(1).get("data"))
                + "\"result_ids\":[\"%s\",\"%s\"]}\n".formatted(ids[0], ids[1]));
    assertThat(lines.json(1, "{\"model\":\"moods\",\"text\":\"b\",\"id\":1}"))
        .isEqualTo(
            "{\"line\":1,\"id\":1,\"model\":\"moods\",\"label\":%s,\"score\":%s,\"tokens\":3,"
                    .formatted(outputs.get(0).get("data").get(1), outputs.get(1).get("data").get(1))
                + "\"result_id\":\"%s\"}\n".formatted(ids[1]));
  }

  @Test
  void tensorsAreAnsweredAsTheProtocolDoes() {
    String inputs = tensors("[6,1]", "[4,8]");
    Harness.Reply reply = api.post(QUOTIENT, "{\"inputs\":" + inputs + "}");
    assertThat(lines.json(1, "{\"id\":\"t\",\"model\":\"quotient\",\"inputs\":" + inputs + "}"))
        .isEqualTo(
            "{\"line\":1,\"id\":\"t\",\"model\":\"quotient\",\"body\":%s,\"result_id\":%s}\n"
                .formatted(reply.text(), reply.json().at("/parameters/result_ids")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'text':'a','model':'none'     | there is no model 'none'    | model | model_not_found",
        "'text':'a','model':'../a'     | no model is named '../a'    | model | model_not_found",
        "'text':'a','model':'quotient' | takes tensors, not texts    | model | invalid_value",
        "'text':7                      | is a number; accepted: a st | text  | invalid_value",
        "'model':'quotient','inputs':[{}] | missing | inputs[0].name | invalid_value",
      })
  void invalidTextIsAnsweredByItsError(String line, String expected, String param, String code)
      throws IOException {
    String answer = lines.json(3, "{\"id\":\"x\"," + line.replace('\'', '"') + "}");
    String message = Harness.JSON.readTree(answer).at("/error/message").asText();
    assertThat(message).contains(expected);
    assertThat(answer)
        .isEqualTo(
            "{\"line\":3,\"id\":\"x\",\"error\":{\"message\":%s,"
                    .formatted(Harness.JSON.writeValueAsString(message))
                + "\"type\":\"invalid_request_error\",\"param\":\"%s\",\"code\":\"%s\"}}\n"
                    .formatted(param, code));
  }

  @Test
  void itemOverTheModelsLimitIsNamedUnlessItMayBeTruncated() {
    String words = "word ".repeat(600);
    assertThat(lines.json(1, "{\"inputs\":[\"a\",\"%s\"]}".formatted(words)))
        .contains("\"error\":{\"message\":\"inputs[1]: ", "\"param\":\"inputs[1]\"");
    assertThat(lines.answer(text(Optional.empty(), words))).contains("\"param\":\"text\"");
    assertThat(lines.json(1, "{\"truncate\":true,\"text\":\"%s\"}".formatted(words)))
        .contains("\"tokens\":256,");
  }

  @Test
  void valueThatJsonCannotHoldIsAnError() {
    String inputs = tensors("[0]", "[0]");
    assertThat(lines.json(1, "{\"model\":\"quotient\",\"inputs\":" + inputs + "}"))
        .startsWith("{\"line\":1,\"id\":null,\"error\":{\"message\":\"output ");
    String binary = "{\"parameters\":{\"binary_data_output\":true},\"inputs\":" + inputs + "}";
    assertThat(lines.json(1, request(QUOTIENT, binary)))
        .contains("\"status_code\":400", "which a line of JSON cannot hold; accepted in a batch");
  }

  @Test
  void unreadableLineHasAFormForAllReaders() {
    Line tooLong = new Line(7, 0, new Line.Content.Wrong("the line has 9 bytes; \"8\" are read"));
    assertThat(lines.answer(tooLong))
        .isEqualTo(
            "{\"line\":7,\"id\":null,\"custom_id\":null,\"response\":null,\"error\":{\"message\":"
                + "\"the line has 9 bytes; \\\"8\\\" are read\",\"type\":\"invalid_request_error\","
                + "\"param\":null,\"code\":\"invalid_line\"}}\n");
    assertThat(lines.json(8, "{\"id\":5,\"custom_id\":\"c\",\"text\":\"a"))
        .startsWith("{\"line\":8,\"id\":5,\"custom_id\":\"c\",\"response\":null,\"error\":{")
        .endsWith("\"param\":null,\"code\":\"invalid_line\"}}\n");
    assertThat(lines.json(9, "{\"custom_id\":\"c\",\"method\":\"GET\"}"))
        .contains("\",\"custom_id\":\"c\",\"line\":9,\"response\":{\"status_code\":400,")
        .endsWith("\"param\":\"url\",\"code\":\"invalid_value\"}}},\"error\":null}\n");
  }

  private static Line text(Optional<String> id, String text) {
    return new Line(3, 0, new Line.Content.Text(id, text));
  }

  private static String request(String url, String body) {
    return "{\"custom_id\":\"ü\\\"\",\"method\":\"POST\",\"url\":\"%s\",\"body\":%s}"
        .formatted(url, body);
  }

  private static String id(String line) {
    assertThat(line).startsWith("{\"id\":\"batch_req_");
    int start = "{\"id\":\"batch_req_".length();
    return line.substring(start, start + 22);
  }

  private static JsonNode embedding(String body, int index) {
    return api.post(EMBEDDINGS, body).json().get("data").get(index);
  }

  /// The array as it stands in the API's answer.
  private static String numbers(String body) {
    String text = api.post(EMBEDDINGS, body).text();
    int start = text.indexOf('[', text.indexOf("\"embedding\":"));
    return text.substring(start, text.indexOf(']', start) + 1);
  }

  private static JsonNode infer(String url, String texts) {
    return api.post(
            url,
            "{\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[2],\"data\":%s}]}"
                .formatted(texts))
        .json();
  }
}
