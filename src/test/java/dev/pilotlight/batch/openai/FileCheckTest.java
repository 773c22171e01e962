package dev.pilotlight.batch.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.batch.input.InputFormat;
import dev.pilotlight.batch.input.Lines;
import dev.pilotlight.domain.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileCheckTest {
  private static final String ENDPOINT = "/v1/embeddings";
  private static final int REQUESTS_MAX = 1_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void validFileHasItsNumberOfRequests() {
    FileCheck.Result result = check(requests(3));
    assertThat(result.isValid()).isTrue();
    assertThat(result.requests()).isEqualTo(3);
  }

  @Test
  void lastLineNeedsNoLineEnd() {
    assertThat(check(requests(2).strip()).requests()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"custom_id":"x","method":"POST","url":URL,"body":{| invalid_json_line | null
          [] | invalid_json_line | null
          "text" | invalid_json_line | null
          {} | invalid_json_line | null
          {"method":"POST","url":URL,"body":{}} | missing_required_parameter | custom_id
          {"custom_id":"x","url":URL,"body":{}} | missing_required_parameter | method
          {"custom_id":"x","method":"POST","body":{}} | missing_required_parameter | url
          {"custom_id":"x","method":"POST","url":URL} | missing_required_parameter | body
          {"custom_id":"","method":"POST","url":URL,"body":{}} | invalid_custom_id | custom_id
          {"custom_id":"x","method":"GET","url":URL,"body":{}} | invalid_method | method
          {"custom_id":"x","method":"x is missing; y","url":URL,"body":{}} | invalid_method | method
          {"custom_id":"x","method":"POST","url":"/v1/chat","body":{}} | invalid_url | url
          {"custom_id":"x","method":"POST","url":"/ is missing; y","body":{}} | invalid_url | url
          {"custom_id":"x","method":"POST","url":"/rerank","body":{}} | mismatched_endpoint | url
          {"custom_id":"x","method":"POST","url":URL,"body":[]} | invalid_line | body
          {"text":"no request"} | missing_required_parameter | custom_id
          """)
  void invalidLineIsNamedWithCodeAndField(String line, String code, String param)
      throws IOException {
    String named = line.replace("URL", "\"" + ENDPOINT + "\"");
    JsonNode error = only(check(requests(6) + named + "\n" + requests(8, 9)));
    assertThat(error.path("code").textValue()).isEqualTo(code);
    assertThat(error.path("line").intValue()).isEqualTo(7);
    assertThat(error.path("param").asText()).isEqualTo(param);
    assertThat(error.path("message").textValue()).isNotBlank();
  }

  @Test
  void duplicateCustomIdNamesBothLines() throws IOException {
    JsonNode error = only(check(requests(4) + requests(2, 3)));
    assertThat(error.path("code").textValue()).isEqualTo("duplicate_custom_id");
    assertThat(error.path("line").intValue()).isEqualTo(5);
    assertThat(error.path("message").textValue()).startsWith("line 3 has this custom_id, too");
  }

  @Test
  void emptyFileIsRefused() throws IOException {
    assertThat(only(check("")).path("code").textValue()).isEqualTo("empty_file");
  }

  @Test
  void tooManyRequestsAreRefused() throws IOException {
    JsonNode error = only(check(requests(REQUESTS_MAX + 5)));
    assertThat(error.path("code").textValue()).isEqualTo("too_many_requests");
    assertThat(error.path("message").textValue()).contains("accepted: 1 to 1000");
  }

  @Test
  void listOfErrorsIsBoundedAndNamesTheNumberOfTheOthers() throws IOException {
    JsonNode errors = JSON.readTree(check("nothing\n".repeat(130)).errors());
    assertThat(errors).hasSize(101);
    assertThat(errors.get(100).path("message").textValue())
        .isEqualTo("30 further lines have errors");
  }

  @Test
  void longMessageIsCutBetweenCharacters() throws IOException {
    String pair = "\ud83d\ude00";
    JsonNode error = JSON.readTree(FileCheck.error("code", "x".repeat(499) + pair)).get(0);
    assertThat(error.path("message").textValue()).isEqualTo("x".repeat(499) + "… (501 characters)");
  }

  private static FileCheck.Result check(String file) {
    byte[] bytes = file.getBytes(UTF_8);
    try (Lines lines =
        Lines.open(
            offset ->
                new ByteArrayInputStream(
                    Arrays.copyOfRange(bytes, Math.toIntExact(offset), bytes.length)),
            InputFormat.of("x.jsonl", Map.of()),
            0,
            0,
            10_000)) {
      return new FileCheck(ENDPOINT, REQUESTS_MAX)
          .check(lines, Deadline.in(Duration.ofSeconds(30)));
    }
  }

  private static JsonNode only(FileCheck.Result result) throws IOException {
    JsonNode errors = JSON.readTree(result.errors());
    assertThat(errors).hasSize(1);
    return errors.get(0);
  }

  private static String requests(int count) {
    return requests(0, count);
  }

  private static String requests(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(
            i ->
                """
                {"custom_id":"c%d","method":"POST","url":"%s","body":{"input":"a"}}
                """
                    .formatted(i, ENDPOINT))
        .collect(Collectors.joining());
  }
}
