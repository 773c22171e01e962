package dev.pilotlight.handler.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.input.InputFormat;
import dev.pilotlight.batch.input.Line;
import dev.pilotlight.batch.input.LineHarness;
import dev.pilotlight.batch.input.ObjectOptions;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.models.TestModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Options in an object's metadata, and further fields of lines.
final class BatchOptionsTest {
  private static final String LONG = "word ".repeat(600).strip();
  private static final String INFER =
      "{'inputs':[{'name':'text','datatype':'BYTES','shape':[1],'data':['" + LONG + "']}]}";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  static Path root;

  @BeforeAll
  static void makeModels() {
    var _ = new TestModels(root).withSample();
  }

  private static LineHarness lines(Map<String, String> metadata, String... settings) {
    return new LineHarness(root, TestModels.SAMPLE, metadata, settings);
  }

  @Test
  void truncateInMetadataAppliesToEveryForm() {
    try (LineHarness cut = lines(Map.of("truncate", "true"));
        LineHarness whole = lines(Map.of("truncate", "false"))) {
      Line text = new Line(1, 0, new Line.Content.Text(Optional.of("x"), LONG));
      assertThat(parsed(cut.answer(text)).path("tokens").asInt()).isEqualTo(256);
      assertThat(parsed(whole.answer(text)).at("/error/message").asText()).contains("tokens");
      for (String line :
          new String[] {
            "{'text':'%s'}".formatted(LONG),
            "{'inputs':['%s']}".formatted(LONG),
            INFER,
            request(1, "/v1/embeddings", "{'model':'@','input':'%s'}".formatted(LONG)),
            request(2, "/v2/models/@/infer", INFER)
          }) {
        assertThat(answer(cut, 1, line)).as(line).doesNotContain("shorten it");
        assertThat(answer(whole, 1, line)).contains("the text has 602 tokens");
      }
    }
  }

  @Test
  void truncateOfALineOverridesMetadata() {
    try (LineHarness cut = lines(Map.of("truncate", "true"));
        LineHarness whole = lines(Map.of("truncate", "false"))) {
      assertThat(answer(cut, 1, "{'truncate':false,'text':'%s'}".formatted(LONG)))
          .contains("\"message\"");
      assertThat(answer(whole, 1, "{'truncate':true,'text':'%s'}".formatted(LONG)))
          .contains("\"tokens\":256");
      String body = "{'truncate':%s,'model':'@','input':'%s'}";
      assertThat(answer(cut, 2, request(1, "/v1/embeddings", body.formatted(false, LONG))))
          .contains("\"message\"");
      assertThat(answer(whole, 2, request(1, "/v1/embeddings", body.formatted(true, LONG))))
          .contains("\"total_tokens\":256");
    }
  }

  @Test
  void furtherFieldsAreIgnoredAndNamed() {
    try (LineHarness lines = lines(Map.of())) {
      JsonNode plain = parsed(answer(lines, 1, "{'id':1,'text':'a'}"));
      JsonNode more = parsed(answer(lines, 1, "{'stars':5,'id':1,'text':'a','by':{'x':[1]}}"));
      assertThat(more.path("ignored").toString()).isEqualTo("[\"stars\",\"by\"]");
      assertThat(more.path("embedding")).isEqualTo(plain.path("embedding"));
      String request = request(7, "/v1/embeddings", "{'model':'@','input':'a'}");
      JsonNode openAi = parsed(answer(lines, 2, request.replaceFirst("\\{", "{'stars':5,")));
      assertThat(openAi.at("/response/status_code").asInt()).isEqualTo(200);
      assertThat(openAi.path("ignored").toString()).isEqualTo("[\"stars\"]");
      // a line that is wrong, too
      JsonNode wrong = parsed(answer(lines, 3, "{'id':1,'stars':5,'text':''}"));
      assertThat(wrong.at("/error/message").asText()).contains("text is empty");
      assertThat(wrong.path("ignored").toString()).isEqualTo("[\"stars\"]");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "5 | 5",
        "-1.50e+3 | -1.50e+3",
        "123456789012345678901234567890 | 123456789012345678901234567890",
        "true | true",
        "null | null",
        "'a\"é' | 'a\"é'",
        "[1, {'x':'}'}] | [1, {'x':'}'}]",
        "{ 'a' : [ ] } | { 'a' : [ ] }",
      })
  void carriedFieldsKeepTheirValues(String value, String carried) {
    try (LineHarness lines = lines(Map.of("fields", "carry"))) {
      String json = "{'f':%s,'text':'a','id':1}".formatted(value.replace("\"", "\\\""));
      assertThat(answer(lines, 1, json))
          .endsWith(
              ",\"fields\":{\"f\":%s}}\n"
                  .formatted(carried.replace("\"", "\\\"").replace('\'', '"')));
      assertThat(answer(lines, 2, json.replace("'a','id'", "'','id'"))).contains("\"fields\":{");
      String request = request(7, "/v1/embeddings", "{'model':'@','input':'a'}");
      assertThat(answer(lines, 3, request.replaceFirst("\\{", "{'stars':5,")))
          .endsWith(",\"error\":null,\"fields\":{\"stars\":5}}\n");
    }
  }

  @Test
  void columnsOfAnInvalidRecordAreCarried() {
    try (LineHarness lines = lines(Map.of("fields", "carry"))) {
      Line.Row row = new Line.Row(Optional.of("x"), Map.of("stars", "5"));
      assertThat(lines.answer(new Line(1, 0, new Line.Content.Wrong(row, "the text is empty"))))
          .contains("\"id\":\"x\"", "the text is empty")
          .endsWith(",\"fields\":{\"stars\":\"5\"}}\n");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a.jsonl, ignore, true",
    "a.jsonl, carry,  true",
    "a.jsonl, refuse, true",
    "a.csv,   ignore, true",
    "a.csv,   carry,  true",
    "a.csv,   refuse, false",
    "a.tsv,   refuse, false",
    "a.txt,   ignore, false",
    "a.txt,   carry,  false",
    "a.txt,   refuse, false",
  })
  void fieldsWithoutEffectAreAmongTheIgnoredMetadata(String key, String rule, boolean effect) {
    Map<String, String> metadata = Map.of("fields", rule);
    ObjectOptions options = ObjectOptions.of(metadata, InputFormat.of(key, metadata));
    assertThat(options.ignored().contains("fields")).isEqualTo(!effect);
  }

  @Test
  void carriedObjectStaysOnOneLine() {
    try (LineHarness lines = lines(Map.of("fields", "carry"))) {
      assertThat(answer(lines, 1, "{'f':{\r'a':1},'text':'a'}")).doesNotContain("\r");
    }
  }

  @Test
  void furtherFieldsAreIgnoredByMetadata() {
    try (LineHarness lines = lines(Map.of("fields", "ignore"))) {
      assertThat(answer(lines, 1, "{'stars':5,'modle':1,'text':'a'}"))
          .contains("\"embedding\"")
          .doesNotContain("stars", "ignored");
    }
  }

  @Test
  void furtherFieldsAreRefusedByMetadataOrSetting() {
    String line = "{'stars':5,'text':'a'}";
    try (LineHarness lines = lines(Map.of("fields", "refuse"));
        LineHarness strict = lines(Map.of(), "PILOTLIGHT_UNKNOWN_FIELDS", "refuse");
        LineHarness both =
            lines(Map.of("fields", "carry"), "PILOTLIGHT_UNKNOWN_FIELDS", "refuse")) {
      assertThat(answer(lines, 1, line)).contains("stars is not a known field; accepted: ");
      assertThat(answer(strict, 1, line)).contains("stars is not a known field; accepted: ");
      assertThat(answer(both, 1, line)).contains("\"embedding\"");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"modle", "Model", "models", "Truncate", "truncated"})
  void nearMissOfAnOptionIsRefused(String name) {
    try (LineHarness lines = lines(Map.of())) {
      String line = "{'%s':true,'text':'a'}".formatted(name);
      assertThat(answer(lines, 1, line)).contains(name + " is not a known field; did you mean ");
      // next to the option itself it is not a near miss
      String both = "{'%s':true,'model':null,'truncate':null,'text':'a'}".formatted(name);
      assertThat(answer(lines, 1, both)).contains("\"embedding\"", "\"ignored\":[");
    }
  }

  @Test
  void secondLineWithACustomIdIsAnError() {
    try (LineHarness lines = lines(Map.of())) {
      lines.beginObject();
      String a = "{'model':'@','input':'a'}";
      assertThat(answer(lines, 1, request(1, "/v1/embeddings", a))).contains("\"embedding\"");
      assertThat(answer(lines, 2, request(2, "/v1/embeddings", a))).contains("\"embedding\"");
      JsonNode again = parsed(answer(lines, 3, request(1, "/v1/embeddings", a)));
      assertThat(again.path("custom_id").asText()).isEqualTo("c1");
      assertThat(again.at("/response/status_code").asInt()).isEqualTo(400);
      assertThat(again.at("/response/body/error/param").asText()).isEqualTo("custom_id");
      assertThat(again.at("/response/body/error/message").asText()).contains("line 1 has this");
      // one that was wrong counts, too: its answer has this custom_id
      assertThat(answer(lines, 4, request(4, "/v1/none", a))).contains("url is");
      assertThat(answer(lines, 5, request(4, "/v1/embeddings", a))).contains("line 4 has this");
      // ids of the simple form are the caller's own
      assertThat(answer(lines, 6, "{'id':1,'text':'a'}")).contains("\"embedding\"");
      assertThat(answer(lines, 7, "{'id':1,'text':'a'}")).contains("\"embedding\"");
    }
  }

  private static String request(int id, String url, String body) {
    return "{'custom_id':'c%d','method':'POST','url':'%s','body':%s}".formatted(id, url, body);
  }

  private static String answer(LineHarness lines, long number, String json) {
    return lines.json(number, json.replace('\'', '"').replace("@", TestModels.SAMPLE));
  }

  private static JsonNode parsed(String line) {
    try {
      return Harness.JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }
}
