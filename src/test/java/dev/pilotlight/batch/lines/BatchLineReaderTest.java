package dev.pilotlight.batch.lines;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.batch.input.FurtherFields;
import dev.pilotlight.batch.input.FurtherFields.Rule;
import dev.pilotlight.batch.lines.BatchLine.Form;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.protocol.http.HttpRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BatchLineReaderTest {
  private static final int ITEMS_MAX = 3;

  private static BatchLine read(String line) {
    return BatchLineReader.read(line.getBytes(UTF_8), ITEMS_MAX, new FurtherFields(Rule.NAME));
  }

  private static BatchLine.Wrong wrong(String line) {
    return (BatchLine.Wrong) read(line);
  }

  private static BatchLine.Texts texts(String line) {
    return (BatchLine.Texts) read(line);
  }

  private static List<Item> items(String... texts) {
    return List.of(texts).stream().<Item>map(text -> new Item.Text(text, false)).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"input\":\"a\",\"model\":\"m\"}",
        "{ \"input\" : [\"\\u00e9\", \"é}]\\\"\"],\t\"n\":1.50e+3,\"x\":{\"y\":[{}]} }",
        "{}"
      })
  void theBodyOfARequestIsTheBytesOfTheLine(String body) {
    for (String line :
        List.of(
            "{\"custom_id\":\"ü\",\"method\":\"POST\",\"url\":\"/v1/embeddings\",\"body\":%s}",
            " {\"body\": %1$s ,\"url\":\"%2$s\",\"custom_id\":\"ü\",\"method\":\"POST\"} ",
            "\uFEFF{\"body\":%1$s,\"url\":\"%2$s\",\"custom_id\":\"ü\",\"method\":\"POST\"}")) {
      BatchLine.Request request = (BatchLine.Request) read(line.formatted(body, "/v1/embeddings"));
      assertThat(request.customId()).isEqualTo("ü");
      HttpRequest http = request.http("r");
      assertThat(http.body()).asString(UTF_8).isEqualTo(body);
      assertThat(http.method()).isEqualTo("POST");
      assertThat(http.path()).isEqualTo("/v1/embeddings");
      assertThat(http.requestId()).isEqualTo("r");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/embeddings", "/v2/models/m/infer", "/v2/models/m/versions/3/infer"})
  void aRequestGoesWhereThereIsInference(String url) {
    assertThat(read(request("\"POST\"", "\"" + url + "\"", "{}")))
        .isInstanceOf(BatchLine.Request.class);
  }

  @Test
  void aTextHasItsIdAsItIs() {
    BatchLine.Texts texts = texts("{\"id\":\"r\\u00e9\",\"text\":\"a\\nb\",\"model\":\"m\"}");
    assertThat(texts.id()).isEqualTo(new LineId("ré", false));
    assertThat(texts.model()).hasValue("m");
    assertThat(texts.items()).isEqualTo(items("a\nb"));
    assertThat(texts.field(0)).isEqualTo("text");
    assertThat(texts.listed()).isFalse();
    assertThat(texts("{\"id\":-0,\"text\":\"a\"}").id()).isEqualTo(new LineId("-0", true));
    String digits = "9".repeat(60);
    assertThat(texts("{\"id\":%s,\"text\":\"a\"}".formatted(digits)).id())
        .isEqualTo(new LineId(digits, true));
    assertThat(texts("{\"text\":\"a\",\"id\":null,\"model\":null,\"truncate\":null}").id())
        .isEqualTo(LineId.NONE);
  }

  @Test
  void inputsAreATextOrAListOfTexts() {
    BatchLine.Texts one = texts("{\"inputs\":\"a\",\"truncate\":true}");
    assertThat(one.items()).isEqualTo(items("a"));
    assertThat(one.listed()).isFalse();
    assertThat(one.field(0)).isEqualTo("inputs");
    BatchLine.Texts list = texts("{\"truncate\":true,\"inputs\":[\"a\",\"b\",\"a\"]}");
    assertThat(list.items()).isEqualTo(items("a", "b", "a"));
    assertThat(one.truncate()).hasValue(true);
    assertThat(list.truncate()).hasValue(true);
    assertThat(texts("{\"text\":\"a\",\"truncate\":false}").truncate()).hasValue(false);
    assertThat(texts("{\"text\":\"a\",\"truncate\":null}").truncate()).isEmpty();
    assertThat(list.listed()).isTrue();
    assertThat(list.field(2)).isEqualTo("inputs[2]");
    assertThat(texts("{\"inputs\":[\"a\"]}").listed()).isTrue();
  }

  @Test
  void tensorsBecomeAnInferenceRequest() {
    String inputs = "[ {\"data\":[1.50],\"name\":\"x\"}, {}]";
    BatchLine.Tensors tensors =
        (BatchLine.Tensors) read("{\"inputs\": %s ,\"id\":7}".formatted(inputs));
    assertThat(tensors.http().body()).asString(UTF_8).isEqualTo("{\"inputs\":" + inputs + "}");
    assertThat(tensors.id()).isEqualTo(new LineId("7", true));
    assertThat(tensors.model()).isEmpty();
    BatchLine.Tensors cut =
        (BatchLine.Tensors) read("{\"inputs\":[{}],\"truncate\":true,\"model\":\"m\"}");
    assertThat(cut.http().body())
        .asString(UTF_8)
        .isEqualTo("{\"parameters\":{\"truncate\":true},\"inputs\":[{}]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id\":\"x\",\"text\":5}        | text      | text is a number; accepted: a string",
        "{\"text\":5,\"id\":\"x\"}        | text      | text is a number; accepted: a string",
        "{\"id\":\"x\",\"text\":\"\"}     | text      | text is empty; accepted: a string that is",
        "{\"id\":\"x\",\"text\":null}     | text      | text is null; accepted: a string",
        "{\"id\":\"x\",\"inputs\":[]}     | inputs    | inputs is empty; accepted: a string, an",
        "{\"id\":\"x\",\"inputs\":{}}     | inputs    | inputs is an object; accepted: a string",
        "{\"id\":\"x\",\"inputs\":[[]]}   | inputs[0] | is an array; accepted: a string",
        "{\"id\":\"x\",\"inputs\":[\"a\",{}]} | inputs[1] | is an object; accepted: a string",
        "{\"id\":\"x\",\"inputs\":[\"a\",\"\"]} | inputs[1] | is empty",
        "{\"id\":\"x\",\"inputs\":[\"a\",\"b\",\"c\",\"d\"]} | inputs | more than 3 strings",
        "{\"id\":\"x\",\"inputs\":\"a\",\"text\":\"b\"} | text | inputs and text; one of them",
        "{\"id\":\"x\",\"text\":\"a\",\"truncate\":1} | truncate | accepted: true or false",
        "{\"id\":\"x\",\"text\":\"a\",\"model\":1} | model | is a number; accepted: a string",
        "{\"id\":\"x\",\"text\":\"a\",\"modle\":\"m\"} | modle | did you mean model?",
        "{\"id\":\"x\",\"text\":\"a\",\"Truncate\":true} | Truncate | did you mean truncate?",
        "{\"id\":\"x\",\"text\":\"\\ud800\"} | text  | half of a surrogate pair",
        "{\"id\":\"x\",\"model\":\"m\"}   | line  | neither text nor inputs nor a request",
      })
  void faultOfATextIsNamedAndTheIdIsKept(String line, String field, String message) {
    BatchLine.Wrong wrong = wrong(line);
    assertThat(wrong.form()).isEqualTo(Form.SIMPLE);
    assertThat(wrong.id()).isEqualTo(new LineId("x", false));
    assertThat(wrong.refusal().reason()).isEqualTo(Reason.INVALID);
    assertThat(wrong.refusal().field()).hasValue(field);
    assertThat(wrong.refusal().message()).contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"GET\"  | \"/v1/embeddings\" | {} | method | method is 'GET'; accepted: POST",
        "\"post\" | \"/v1/embeddings\" | {} | method | method is 'post'; accepted: POST",
        "1        | \"/v1/embeddings\" | {} | method | is a number; accepted: a string",
        "\"POST\" | \"/v1/models\"     | {} | url | is '/v1/models'; accepted: /v1/embeddings, /v2",
        "\"POST\" | \"/v1/chat/completions\" | {} | url | accepted: /v1/embeddings",
        "\"POST\" | \"https://h/v1/embeddings\" | {} | url | accepted: /v1/embeddings",
        "\"POST\" | \"/v1/embeddings?a=b\" | {} | url | accepted: /v1/embeddings",
        "\"POST\" | \"\"               | {} | url | url is ''; accepted: /v1/embeddings",
        "\"POST\" | null               | {} | url | is null; accepted: a string",
        "\"POST\" | \"/v1/embeddings\" | [] | body | is an array; accepted: an object",
        "\"POST\" | \"/v1/embeddings\" | \"{}\" | body | is a string; accepted: an object",
      })
  void faultOfARequestIsNamedAndTheIdIsKept(
      String method, String url, String body, String field, String message) {
    BatchLine.Wrong wrong = wrong(request(method, url, body));
    assertThat(wrong.form()).isEqualTo(Form.REQUEST);
    assertThat(wrong.customId()).isEqualTo("a");
    assertThat(wrong.refusal().reason()).isEqualTo(Reason.INVALID);
    assertThat(wrong.refusal().field()).hasValue(field);
    assertThat(wrong.refusal().message()).contains(message);
  }

  @Test
  void aRequestNeedsAllItsFields() {
    for (String field : List.of("custom_id", "method", "url", "body")) {
      String line = request("\"POST\"", "\"/v1/embeddings\"", "{}");
      String without = line.replaceFirst("\"" + field + "\":[^,}]+\\}?(?=[,}])", "\"unset\":0");
      String gone = without.replace(",\"unset\":0", "").replace("\"unset\":0,", "");
      assertThat(wrong(gone).refusal().field()).as(gone).hasValue(field);
      assertThat(wrong(gone).refusal().message()).contains("is missing; accepted: ");
      assertThat(wrong(gone).refusal().reason()).isEqualTo(Reason.INVALID);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "7", "null", "[]"})
  void anIdThatIsNoneIsNotEchoed(String customId) {
    String line = request("\"POST\"", "\"/v1/embeddings\"", "{}").replace("\"a\"", customId);
    assertThat(wrong(line).form()).isEqualTo(Form.REQUEST);
    assertThat(wrong(line).customId()).isNull();
    assertThat(wrong(line).refusal().field()).hasValue("custom_id");
  }

  @Test
  void aCustomIdHas512Characters() {
    String line = request("\"POST\"", "\"/v1/embeddings\"", "{}");
    assertThat(read(line.replace("\"a\"", "\"" + "a".repeat(512) + "\"")))
        .isInstanceOf(BatchLine.Request.class);
    assertThat(wrong(line.replace("\"a\"", "\"" + "a".repeat(513) + "\"")).refusal().message())
        .isEqualTo("custom_id has 513 characters; accepted: 1 to 512");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id\":\"x\",\"custom_id\":\"a\",\"text\":\"b\"} | x | a | has custom_id and text",
        "{\"custom_id\":\"a\",\"text\":\"b\",\"id\":\"x\"} | x | a | has custom_id and id",
        "{\"id\":\"x\",\"text\":\"b               | x | | not valid JSON",
        "{\"custom_id\":\"a\",}                   | | a | not valid JSON",
        "{\"id\":\"x\",\"text\":\"a\",\"text\":\"b\"} | x | | Duplicate field 'text'",
        "{\"id\":\"x\",\"text\":\"a\"} {}         | x | | continues after the JSON document",
        "{}                                       | | | neither text nor inputs nor a request",
        "{\"txet\":1}                             | | | did you mean text by txet?",
        "[{\"id\":\"x\"}]                         | | | line is an array; accepted: an object",
        "`  `                                     | | | the line is empty; a JSON object",
        "nothing                                  | | | not valid JSON",
      })
  void unclearLineKeepsItsReadableIds(
      String line, @Nullable String id, @Nullable String customId, String message) {
    BatchLine.Wrong wrong = wrong(line);
    assertThat(wrong.form()).isEqualTo(Form.UNCLEAR);
    assertThat(wrong.id()).isEqualTo(LineId.of(Optional.ofNullable(id)));
    assertThat(wrong.customId()).isEqualTo(customId);
    assertThat(wrong.refusal().reason()).isEqualTo(Reason.INVALID);
    assertThat(wrong.refusal().message()).contains(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"input_type\":\"query\"", "\"dimensions\":128", "\"trunkate\":true"})
  void aFurtherFieldThatWouldChangeTheAnswerIsRefused(String field) {
    String many =
        IntStream.range(0, 30).mapToObj(i -> "\"f%d\":1,".formatted(i)).collect(joining());
    String line = "{\"id\":\"x\",\"text\":\"a\"," + many + field + "}";
    BatchLine.Wrong wrong = wrong(line);
    assertThat(wrong.form()).isEqualTo(Form.SIMPLE);
    assertThat(wrong.id()).isEqualTo(LineId.of(Optional.of("x")));
    assertThat(wrong.refusal().message()).contains(field.substring(1, field.indexOf(':') - 1));
    assertThat(
            BatchLineReader.read(line.getBytes(UTF_8), ITEMS_MAX, new FurtherFields(Rule.IGNORE)))
        .isInstanceOf(BatchLine.Texts.class);
  }

  @Test
  void withoutAValueItIsNamedOnly() {
    byte[] line = "{\"text\":\"a\",\"input_type\":null}".getBytes(UTF_8);
    FurtherFields further = new FurtherFields(Rule.NAME);
    assertThat(BatchLineReader.read(line, ITEMS_MAX, further)).isInstanceOf(BatchLine.Texts.class);
    assertThat(new String(further.addTo("{\"a\":1}\n".getBytes(UTF_8)), UTF_8))
        .isEqualTo("{\"a\":1,\"ignored\":[\"input_type\"]}\n");
  }

  @Test
  void invalidUtf8IsRefused() {
    byte[] latin1 = "{\"id\":\"x\",\"text\":\"é\"}".getBytes(ISO_8859_1);
    BatchLine.Wrong wrong =
        (BatchLine.Wrong) BatchLineReader.read(latin1, ITEMS_MAX, new FurtherFields(Rule.NAME));
    assertThat(wrong.form()).isEqualTo(Form.UNCLEAR);
    assertThat(wrong.refusal().message())
        .isEqualTo("the line is not UTF-8; JSON in UTF-8 is accepted");
  }

  @Test
  void aModelThatCannotBeIsNotFound() {
    BatchLine.Wrong wrong = wrong("{\"text\":\"a\",\"model\":\"../m\"}");
    assertThat(wrong.form()).isEqualTo(Form.SIMPLE);
    assertThat(wrong.refusal().reason()).isEqualTo(Reason.NOT_FOUND);
    assertThat(wrong.refusal().field()).hasValue("model");
  }

  @Test
  void aTextFileHasNoEmptyTexts() {
    LineId id = LineId.of(Optional.of("x"));
    BatchLine.Wrong wrong = (BatchLine.Wrong) BatchLineReader.text(id, "");
    assertThat(wrong.id()).isEqualTo(id);
    assertThat(wrong.refusal().field()).hasValue("text");
    assertThat(BatchLineReader.text(id, "a"))
        .isEqualTo(
            new BatchLine.Texts(
                id,
                Optional.empty(),
                items("a"),
                "text",
                false,
                Optional.empty(),
                Optional.empty()));
  }

  private static String request(String method, String url, String body) {
    return "{\"custom_id\":\"a\",\"method\":%s,\"url\":%s,\"body\":%s}"
        .formatted(method, url, body);
  }
}
