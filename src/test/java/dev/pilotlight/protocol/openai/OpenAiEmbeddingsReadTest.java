package dev.pilotlight.protocol.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.ModelPolicy;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.domain.Task;
import dev.pilotlight.protocol.http.Requests;
import dev.pilotlight.protocol.http.UnknownFields;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Request;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiEmbeddingsReadTest {
  private static Request read(String body) {
    return OpenAiEmbeddings.read(Requests.post("/v1/embeddings", body), 2048, UnknownFields.IGNORE);
  }

  private static Request readInput(String input) {
    return read("{\"model\":\"m\",\"input\":" + input + "}");
  }

  private static Refusal refused(String body) {
    return Requests.refusal(() -> read(body));
  }

  static ModelInfo model(Task task, int dimensions) {
    return new ModelInfo(
        "m",
        "1",
        task,
        "0",
        "onnxruntime",
        256,
        dimensions,
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        "",
        ModelPolicy.DEFAULT);
  }

  @Test
  void aStringIsOneText() {
    Request request = readInput("\"hello 🎉\"");
    assertThat(request.model()).isEqualTo("m");
    assertThat(request.items()).containsExactly(new Item.Text("hello 🎉", false));
    assertThat(request.encoding()).isEqualTo(Encoding.FLOAT);
    assertThat(request.dimensions()).isEmpty();
  }

  @Test
  void anArrayOfStringsIsThatManyTexts() {
    assertThat(readInput("[\"a\",\" \",\"a\"]").items())
        .containsExactly(
            new Item.Text("a", false), new Item.Text(" ", false), new Item.Text("a", false));
  }

  @Test
  void anArrayOfIdsIsOneItem() {
    assertThat(readInput("[101, 7592, 102]").items())
        .containsExactly(new Item.Tokens(new int[] {101, 7592, 102}, false));
  }

  @Test
  void anArrayOfArraysOfIdsIsThatManyItems() {
    assertThat(readInput("[[101,102],[0],[2147483647]]").items())
        .containsExactly(
            new Item.Tokens(new int[] {101, 102}, false),
            new Item.Tokens(new int[] {0}, false),
            new Item.Tokens(new int[] {Integer.MAX_VALUE}, false));
  }

  @Test
  void manyIdsAreOneItem() {
    String ids = "1,".repeat(4999) + "2";
    assertThat(readInput("[" + ids + "]").items()).hasSize(1);
  }

  @Test
  void everyFieldOfTheOfficialClientsIsKnown() {
    Request request =
        read(
            """
            {"input":["a"],"model":"m","dimensions":384,"encoding_format":"base64","user":"u"}""");
    assertThat(request.encoding()).isEqualTo(Encoding.BASE64);
    assertThat(request.dimensions()).hasValue(384);
  }

  @Test
  void nullCountsAsAbsent() {
    Request request =
        read(
            """
            {"model":"m","input":"a","dimensions":null,"encoding_format":null,"user":null,
             "truncate":null}""");
    assertThat(request).isEqualTo(readInput("\"a\""));
  }

  @Test
  void truncateAppliesToEveryItemInAnyFieldOrder() {
    ModelInfo model = model(Task.EMBEDDING, 384);
    Request texts = read("{\"truncate\":true,\"model\":\"m\",\"input\":[\"a\",\"b\"]}");
    assertThat(texts.itemsFor(model))
        .containsExactly(new Item.Text("a", true), new Item.Text("b", true));
    Request ids = read("{\"model\":\"m\",\"input\":[[1]],\"truncate\":true}");
    assertThat(ids.itemsFor(model)).containsExactly(new Item.Tokens(new int[] {1}, true));
    assertThat(readInput("\"a\"").itemsFor(model)).containsExactly(new Item.Text("a", false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | input | input is null; accepted: a string, an arr",
        "[]                                  | input      | is empty; accepted: a string, an array",
        "\"\" | input | input is empty; accepted: a string that",
        "[\"a\",\"b\",\"c\",\"\"]            | input[3]   | input[3] is empty",
        "[[1],[]] | input[1] | is empty; accepted: one token id or more",
        "[\"a\",1]                           | input[1]   | is a number; accepted: a string",
        "[1,\"a\"]                           | input[1]   | is a string; accepted: a whole number",
        "[[1],2]                             | input[1]   | accepted: an array",
        "[[1],[\"a\"]]                       | input[1][0]| is a string; accepted: a whole number",
        "[[[1]]]                             | input[0][0]| is an array; accepted: a whole number",
        "[-1] | input[0] | input[0] is -1; accepted: a whole number",
        "[1,2147483648]                      | input[1]   | input[1] is 2147483648",
        "[1.5] | input[0] | a decimal number; accepted: a string, a",
        "[1,1.0]                             | input[1]   | is a decimal number",
        "[null] | input[0] | is null; accepted: a string, a token id",
        "[\"a\",null]                        | input[1]   | is null; accepted: a string",
        "[{}]                                | input[0]   | is an object",
        "{}                                  | input      | is an object; accepted: a string, an",
        "7                                   | input      | is a number; accepted: a string, an",
        "true                                | input      | is a boolean",
        "[\"\\ud83d\"]                       | input[0]   | surrogate",
      })
  void aWrongInputIsNamed(String input, String field, String message) {
    String body =
        "{\"model\":\"m\",\"input\":" + (input == null || input.isEmpty() ? "null" : input);
    Refusal refusal = refused(body + "}");
    assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
    assertThat(refusal.field()).hasValue(field);
    assertThat(refusal.message()).contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                                    | input           | INVALID",
        "{\"model\":\"m\"}                                     | input           | INVALID",
        "{\"model\":1,\"input\":\"a\"}                         | model           | INVALID",
        "{\"model\":\"\",\"input\":\"a\"}                      | model           | NOT_FOUND",
        "{\"model\":\"../x\",\"input\":\"a\"}                  | model           | NOT_FOUND",
        "{\"model\":\"org//x\",\"input\":\"a\"}                | model           | NOT_FOUND",
        "{\"model\":\"m\",\"input\":\"a\",\"encoding_format\":\"hex\"} | encoding_format | INVALID",
        "{\"model\":\"m\",\"input\":\"a\",\"encoding_format\":1} | encoding_format | INVALID",
        "{\"model\":\"m\",\"input\":\"a\",\"dimensions\":0}    | dimensions      | INVALID",
        "{\"model\":\"m\",\"input\":\"a\",\"dimensions\":\"384\"} | dimensions   | INVALID",
        "{\"model\":\"m\",\"input\":\"a\",\"dimensions\":2.5}  | dimensions      | INVALID",
        "{\"model\":\"m\",\"input\":\"a\",\"user\":{}}         | user            | INVALID",
        "{\"model\":\"m\",\"input\":\"a\",\"truncate\":\"yes\"}| truncate        | INVALID",
        "{\"model\":\"m\",\"input\":\"a\",\"dimension\":384}   | dimension       | INVALID",
        "{\"model\":\"m\",\"input\":\"a\",\"input\":\"b\"}     | body            | INVALID",
        "[\"a\"]                                               | body            | INVALID",
        "{\"model\":\"m\",\"input\":\"a\"                      | body            | INVALID",
      })
  void aWrongFieldIsNamed(String body, String field, Reason reason) {
    Refusal refusal = refused(body);
    assertThat(refusal.reason()).isEqualTo(reason);
    assertThat(refusal.field()).hasValue(field);
  }

  @Test
  void thereIsALimitToTheNumberOfTexts() {
    String most = "\"a\",".repeat(EmbeddingsReader.ITEMS_MAX - 1) + "\"a\"";
    assertThat(readInput("[" + most + "]").items()).hasSize(EmbeddingsReader.ITEMS_MAX);
    Refusal refusal = refused("{\"model\":\"m\",\"input\":[" + most + ",\"a\"]}");
    assertThat(refusal.field()).hasValue("input");
    assertThat(refusal.message()).contains("more than 2048", "batch");
  }

  @Test
  void onlyJsonIsTaken() {
    Refusal refusal =
        Requests.refusal(
            () ->
                OpenAiEmbeddings.read(
                    Requests.withHeader("content-type", "text/plain"), 2048, UnknownFields.IGNORE));
    assertThat(refusal.reason()).isEqualTo(Reason.UNSUPPORTED_MEDIA_TYPE);
  }

  @ParameterizedTest
  @EnumSource(
      value = Task.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"EMBEDDING", "IMAGE_EMBEDDING"})
  void aModelWithoutEmbeddingsIsRefused(Task task) {
    Refusal refusal =
        Requests.refusal(() -> OpenAiEmbeddings.requireModel(readInput("\"a\""), model(task, 0)));
    assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
    assertThat(refusal.field()).hasValue("model");
    assertThat(refusal.message()).contains("/v2/models/m/infer");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 383, 385, Integer.MAX_VALUE})
  void otherDimensionsThanTheModelsAreRefused(int dimensions) {
    Request request = read("{\"model\":\"m\",\"input\":\"a\",\"dimensions\":" + dimensions + "}");
    Refusal refusal =
        Requests.refusal(() -> OpenAiEmbeddings.requireModel(request, model(Task.EMBEDDING, 384)));
    assertThat(refusal.field()).hasValue("dimensions");
    assertThat(refusal.message()).contains(String.valueOf(dimensions), "384");
  }

  @Test
  void theModelsOwnDimensionsAreFine() {
    Request request = read("{\"model\":\"m\",\"input\":\"a\",\"dimensions\":384}");
    assertThatCode(() -> OpenAiEmbeddings.requireModel(request, model(Task.EMBEDDING, 384)))
        .doesNotThrowAnyException();
  }
}
