package dev.pilotlight.handler.refusals;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.input.LineHarness;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Fields of other servers in OpenAI-shaped requests: ignored and named, unless ignoring them would
/// change a vector.
final class UnknownFieldsTest {
  private static final String EMBEDDINGS = "/v1/embeddings";
  private static final String IGNORED = "pilotlight-ignored";

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @SuppressWarnings("NullAway.Init")
  private static LineHarness lines;

  @BeforeAll
  static void start() {
    api = new TestModels(root).withSample().start();
    lines = new LineHarness(root, TestModels.SAMPLE, Encoding.FLOAT);
  }

  @AfterAll
  static void stop() {
    api.close();
    lines.close();
  }

  @Test
  void othersAreIgnoredAndNamed() throws IOException {
    String fields = "\"service_tier\":\"auto\",\"metadata\":{\"a\":[1,{}]},\"stream\":null";
    Harness.Reply reply = send(fields);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.header(IGNORED)).isEqualTo("service_tier, metadata, stream");
    Harness.Reply plain = send("\"user\":\"u\"");
    assertThat(plain.headers().has(IGNORED)).isFalse();
    assertThat(reply.json().get("data")).isEqualTo(plain.json().get("data"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"task\":\"retrieval.query\"",
        "\"prompt\":\"query: \"",
        "\"instruction\":\"Represent\"",
        "\"normalize\":false",
        "\"truncate_prompt_tokens\":8",
        "\"embedding_types\":[\"int8\"]",
        "\"embedding_types\":[\"float\",\"int8\"]",
        "\"embedding_types\":[{\"a\":1}]",
        "\"embedding_type\":\"binary\"",
        "\"embedding_type\":\"base64\"",
        "\"output_dtype\":\"ubinary\"",
        "\"embed_dtype\":\"float16\"",
        "\"endianness\":\"big\"",
        "\"output_dimension\":128",
        "\"dims\":64",
        "\"late_chunking\":true",
        "\"add_special_tokens\":false",
        "\"truncation_side\":\"left\"",
        "\"max_tokens\":\"many\"",
        "\"pooling\":\"cls\"",
        "\"messages\":[{\"role\":\"user\"}]",
        "\"modality\":\"image\"",
        "\"task\":{\"a\":1}",
        "\"task\":7",
      })
  void oneThatChangesAVectorIsRefused(String field) throws IOException {
    Harness.Reply reply = send(field);
    assertThat(reply.status()).as(reply.text()).isEqualTo(400);
    JsonNode error = reply.json().get("error");
    assertThat(error.get("param").asText()).isEqualTo(name(field));
    assertThat(error.get("message").asText()).contains(name(field), "leave it out");
    assertThat(line(field).at("/response/body/error").toString()).isEqualTo(error.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"input_type\":null",
        "\"input_type\":\"query\"",
        "\"input_type\":\"search_document\"",
        "\"prompt_name\":\"query\"",
        "\"task\":null",
        "\"normalize\":null",
        "\"embedding_types\":null",
        "\"dimension\":null",
        "\"prompt\":\"\"",
        "\"instruction\":\"\"",
        "\"truncate_prompt_tokens\":-1",
        "\"truncate_prompt_tokens\":256",
        "\"embedding_types\":[\"float\"]",
        "\"encoding_format\":\"base64\",\"embedding_type\":\"base64\"",
        "\"encoding_format\":\"base64\",\"output_dtype\":\"float\"",
        "\"output_dimension\":384",
        "\"late_chunking\":false",
        "\"add_special_tokens\":true",
        "\"truncation_side\":\"right\"",
        "\"truncation_direction\":\"Right\"",
        "\"truncation\":true",
        "\"truncation\":false",
        "\"modality\":\"text\"",
      })
  void oneWithoutEffectIsIgnoredAndNamed(String field) throws IOException {
    Harness.Reply reply = send(field);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    String name = name(field.substring(field.lastIndexOf(",\"") + 1));
    assertThat(reply.header(IGNORED)).isEqualTo(name);
    JsonNode response = line(field).get("response");
    assertThat(response.get("status_code").asInt()).isEqualTo(200);
    assertThat(response.get("ignored").asText()).isEqualTo(name);
    assertThat(response.get("body")).isEqualTo(reply.json());
  }

  @ParameterizedTest
  @CsvSource({
    "dimension, dimensions",
    "dimesnions, dimensions",
    "Dimensions, dimensions",
    "encodingFormat, encoding_format",
    "encoding-format, encoding_format",
    "encoding_fromat, encoding_format",
    "inputs, input",
    "truncated, truncate",
    "models, model",
    "inputType, input_type",
    "promptname, prompt_name",
    "tasks, task",
    "instructions, instruction",
    "normalised_, normalised",
  })
  void aSlipOfTheKeyboardIsRefusedWithWhatWasMeant(String name, String meant) throws IOException {
    String field = "\"%s\":\"x\"".formatted(name);
    Harness.Reply reply = send(field);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().at("/error/param").asText()).isEqualTo(name);
    assertThat(reply.json().at("/error/message").asText())
        .contains(name + " is not a known field; did you mean " + meant + "?", "accepted: model");
    assertThat(line(field).at("/response/status_code").asInt()).isEqualTo(400);
  }

  @Test
  void theHeaderIsShortAndAscii() {
    String many =
        IntStream.range(0, 90)
            .mapToObj(i -> "\"field number %d ü\":%d".formatted(i, i))
            .collect(Collectors.joining(","));
    String header = send(many).header(IGNORED);
    assertThat(header)
        .hasSizeLessThanOrEqualTo(256)
        .startsWith("field%20number%200%20%C3%BC, field")
        .matches("[ -~]*, \\+\\d+");
    int named = header.split(", ", -1).length - 1;
    assertThat(header).endsWith(", +" + (90 - named));

    assertThat(send("\"" + "x".repeat(900) + "\":1,\"\\r\\nset-cookie\":2").header(IGNORED))
        .isEqualTo("x".repeat(101) + "..., %0D%0Aset-cookie");
  }

  @Test
  void thereIsALimitToThem() {
    String many =
        IntStream.range(0, 101)
            .mapToObj(i -> "\"n%dx\":1".formatted(i))
            .collect(Collectors.joining(","));
    Harness.Reply reply = send(many);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().at("/error/message").asText()).contains("more than 100 unknown");
  }

  @Test
  void theSettingRefusesThemAll() throws IOException {
    String[] refuse = {"PILOTLIGHT_UNKNOWN_FIELDS", "refuse"};
    try (Harness strict = new TestModels(root).start(refuse);
        LineHarness strictLines =
            new LineHarness(root, TestModels.SAMPLE, Encoding.FLOAT, refuse)) {
      for (String field : new String[] {"\"service_tier\":\"auto\"", "\"task\":null"}) {
        Harness.Reply reply = strict.post(EMBEDDINGS, body(field));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/error/message").asText())
            .isEqualTo(
                name(field)
                    + " is not a known field; accepted: model, input, encoding_format, dimensions,"
                    + " user, truncate, prompt_name, input_type");
        assertThat(line(strictLines, field).at("/response/body")).isEqualTo(reply.json());
      }
      assertThat(strict.post(EMBEDDINGS, body("\"user\":\"u\"")).status()).isEqualTo(200);
    }
  }

  private static String name(String field) {
    return field.substring(1, field.indexOf('"', 1));
  }

  private static Harness.Reply send(String fields) {
    return api.post(EMBEDDINGS, body(fields));
  }

  private static String body(String fields) {
    return "{\"model\":\"%s\",\"input\":\"hello\",%s}".formatted(TestModels.SAMPLE, fields);
  }

  private static JsonNode line(String field) throws IOException {
    return line(lines, field);
  }

  private static JsonNode line(LineHarness harness, String field) throws IOException {
    return Harness.JSON.readTree(
        harness.json(
            1,
            "{\"custom_id\":\"c\",\"method\":\"POST\",\"url\":\"/v1/embeddings\",\"body\":%s}"
                .formatted(body(field))));
  }
}
