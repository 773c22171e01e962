package dev.pilotlight.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.pilotlight.domain.Refusal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\"",
        "application/json; profile=x",
      })
  void jsonIsTakenByEveryEndpoint(String type) {
    HttpRequest request = Requests.withHeader("content-type", type);
    assertThatCode(() -> MediaTypes.requireJson(request)).doesNotThrowAnyException();
    assertThatCode(() -> MediaTypes.requireInfer(request)).doesNotThrowAnyException();
  }

  @Test
  void noContentTypeIsTaken() {
    HttpRequest request = Requests.of("POST", "/v2");
    assertThatCode(() -> MediaTypes.requireJson(request)).doesNotThrowAnyException();
    assertThatCode(() -> MediaTypes.requireInfer(request)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonl",
        "application/octet-stream",
        "application/json; charset=iso-8859-1",
        "application/json, text/plain",
      })
  void otherTypesAreRefusedNamingWhatIsAccepted(String type) {
    HttpRequest request = Requests.withHeader("content-type", type);
    Refusal json = Requests.refusal(() -> MediaTypes.requireJson(request));
    assertThat(json.reason()).isEqualTo(Refusal.Reason.UNSUPPORTED_MEDIA_TYPE);
    assertThat(json.message()).contains(type, "accepted: application/json");
    Refusal infer = Requests.refusal(() -> MediaTypes.requireInfer(request));
    assertThat(infer.message()).contains("application/octet-stream");
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, application/json",
    "Application/JSON; charset=utf-8, application/json",
    "' multipart/form-data; boundary=aB', multipart/form-data; boundary=aB",
    "image/png, image/png",
    "'', ''",
  })
  void theMeaningOfABodyDependsOnParametersUnlessItIsJson(String type, String meaning) {
    assertThat(MediaTypes.meaning(Requests.withHeader("content-type", type))).isEqualTo(meaning);
  }

  @Test
  void octetsNeedTheBinaryExtension() {
    HttpRequest request =
        Requests.of(
            "POST",
            "/v2",
            Map.of(
                "content-type",
                "application/octet-stream",
                "inference-header-content-length",
                "12"),
            "");
    assertThatCode(() -> MediaTypes.requireInfer(request)).doesNotThrowAnyException();
    assertThat(Requests.refusal(() -> MediaTypes.requireJson(request))).isNotNull();
  }
}
