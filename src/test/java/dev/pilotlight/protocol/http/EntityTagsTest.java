package dev.pilotlight.protocol.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `ETag` and `If-None-Match` by RFC 9110, sections 8.8.3, 13.1.2 and 15.4.5.
final class EntityTagsTest {
  private static final String PATH = "/v1/results/x";

  @Test
  void tagIsADigestOfTheBody() {
    HttpResponse one = answer("{\"a\":1}", "");
    assertThat(one.status()).isEqualTo(200);
    // printf '{"a":1}' | openssl dgst -sha256 -binary | basenc --base64url | tr -d =
    assertThat(one.headers())
        .containsEntry("etag", "W/\"AVq9f1zFei3ZS3WQ8ErYCEJzkF7jPsXOvq5iJ2qX-GI\"")
        .containsEntry("cache-control", "private, no-cache")
        .containsEntry("vary", "accept-encoding")
        .containsEntry("content-type", "application/json");
    assertThat(answer("{\"a\":1}", "").headers()).isEqualTo(one.headers());
    assertThat(answer("{\"a\":2}", "").headers().get("etag"))
        .isNotEqualTo(one.headers().get("etag"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "*                   | true",
        "` * `| true",
        "\"a\"               | true",
        "W/\"a\"             | true",
        "\"b\", \"a\"        | true",
        "\"b\",W/\"a\"       | true",
        "\"b\" ,\t\"a\", \"c\" | true",
        ", , \"a\",          | true",
        "\"x,y\", \"a\"      | true",
        "\"\", \"a\"         | true",
        "\"b\"               | false",
        "\"A\"               | false",
        "\"a \"              | false",
        "\"a                 | false",
        "a                   | false",
        "w/\"a\"             | false",
        "W/a                 | false",
        "W/                  | false",
        "W/ \"a\"            | false",
        "\"b\", a            | false",
        "x\"a\"              | false",
        "*, \"b\"            | false",
        "\"b, \"a\"          | false",
        "\"*\"               | false",
        "``| false",
        ",                   | false",
      })
  void tagsAreComparedWeaklyInLists(String header, boolean matches) {
    assertThat(EntityTags.matches(header, "\"a\"")).isEqualTo(matches);
  }

  @Test
  void answerThatTheClientHasIsNotSentAgain() {
    HttpResponse full = answer("{}", "");
    HttpResponse same = answer("{}", String.valueOf(full.headers().get("etag")));
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(same.binary()).isFalse();
    assertThat(same.headers()).isEqualTo(full.headers());
    assertThat(answer("{} ", String.valueOf(full.headers().get("etag"))).status()).isEqualTo(200);
    assertThat(answer("{}", "").status()).isEqualTo(200);
  }

  @Test
  void onlyAnswersOf200AreTagged() {
    HttpResponse refused = HttpResponse.json(404, "{}".getBytes(UTF_8));
    HttpRequest any = Requests.of("GET", PATH, Map.of("if-none-match", "*"), "");
    assertThat(EntityTags.conditional(refused, any)).isSameAs(refused);
  }

  private static HttpResponse answer(String body, String known) {
    Map<String, String> headers = known.isEmpty() ? Map.of() : Map.of("if-none-match", known);
    return EntityTags.conditional(
        HttpResponse.json(200, body.getBytes(UTF_8)), Requests.of("GET", PATH, headers, ""));
  }
}
