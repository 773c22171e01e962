package dev.pilotlight.protocol.openinference;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.Requests;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies of the model repository extension, written with single quotes.
final class RepositoryRequestsTest {
  private static final String INDEX = "/v2/repository/index";
  private static final String LOAD = "/v2/repository/models/m/load";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``| false",
        "{}                | false",
        "{'ready':false}   | false",
        "{'ready':true}    | true",
        "` {'ready': true}`| true",
      })
  void indexMayBeOfReadyModelsOnly(String body, boolean ready) {
    assertThat(RepositoryRequests.readIndex(request(INDEX, body))).isEqualTo(ready);
  }

  /// Triton's Python client sends no content type, and an empty body.
  @Test
  void contentTypeMayBeAbsent() {
    assertThat(RepositoryRequests.readIndex(Requests.of("POST", INDEX))).isFalse();
    HttpRequest untyped = Requests.of("POST", INDEX, Map.of(), "{\"ready\":true}");
    assertThat(RepositoryRequests.readIndex(untyped)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'ready':'true'}            | ready      | a string; accepted: true or false",
        "{'ready':1}                 | ready      | a number; accepted: true or false",
        "{'ready':null}              | ready      | null; accepted: true or false",
        "{'ready':[true]}            | ready      | an array; accepted: true or false",
        "{'redy':true}               | redy       | not a known field; accepted: ready",
        "{'ready':true,'name':'x'}   | name       | not a known field; accepted: ready",
        "{'ready':true,'ready':true} | body       | not valid JSON",
        "[]                          | body       | an array; accepted: an object",
        "true                        | body       | a boolean; accepted: an object",
        "null                        | body       | null; accepted: an object",
        "{'ready':true}x             | body       | not valid JSON",
        "{'ready':tru                | ready      | not valid JSON",
        "{                           | body       | not valid JSON",
        "ready                       | body       | not valid JSON",
      })
  void malformedIndexRequestIsRefusedWithItsField(String body, String field, String message) {
    requireRefused(
        Requests.refusal(() -> RepositoryRequests.readIndex(request(INDEX, body))), field, message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{'parameters':{}}"})
  void loadHasNoParameters(String body) {
    assertThatCode(() -> RepositoryRequests.readLoad(request(LOAD, body)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'parameters':{'config':'{}'}}           | parameters.config | add a version",
        "{'parameters':{'file:1/model.onnx':'A'}} | parameters.file:1/model.onnx | repository",
        "{'parameters':{'other':1}}               | parameters.other  | accepted: no parameters",
        "{'parameters':null}                      | parameters | null; accepted: an object",
        "{'parameters':'x'}                       | parameters | a string; accepted: an object",
        "{'parameters':[]}                        | parameters | an array; accepted: an object",
        "{'config':'{}'}                          | config     | accepted: parameters",
        "[]                                       | body       | accepted: an object",
        "x                                        | body       | not valid JSON",
      })
  void loadWithParametersIsRefusedWithTheWayOut(String body, String field, String message) {
    requireRefused(
        Requests.refusal(() -> RepositoryRequests.readLoad(request(LOAD, body))), field, message);
  }

  @Test
  void bodyOfAnotherTypeIsNotRead() {
    HttpRequest form =
        Requests.of(
            "POST", INDEX, Map.of("content-type", "application/x-www-form-urlencoded"), "{}");
    assertThat(Requests.refusal(() -> RepositoryRequests.readIndex(form)).reason())
        .isEqualTo(Reason.UNSUPPORTED_MEDIA_TYPE);
    HttpRequest latin =
        new HttpRequest(
            "POST",
            INDEX,
            Map.of(),
            Map.of(),
            "{\"ready\":\"é\"}".getBytes(ISO_8859_1),
            false,
            Map.of(),
            "id",
            null);
    assertThat(Requests.refusal(() -> RepositoryRequests.readIndex(latin)).message())
        .contains("not UTF-8");
  }

  private static void requireRefused(Refusal refusal, String field, String message) {
    assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
    assertThat(refusal.field()).hasValue(field);
    assertThat(refusal.message()).contains(message);
  }

  private static HttpRequest request(String path, String singleQuoted) {
    return Requests.post(path, InferBodies.json(singleQuoted));
  }
}
