package dev.pilotlight.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.http.Requests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

  /// `{"texts":[…strings…],"n":1..9,"on":bool,"any":…}`, flattened.
  private static List<Object> read(byte[] body) {
    return JsonReader.read(body, 0, body.length, JsonReaderTest::document);
  }

  private static List<Object> document(JsonReader json) throws IOException {
    List<Object> found = new ArrayList<>();
    json.object(
        name -> {
          switch (name) {
            case "texts" -> json.array(i -> found.add(json.string()));
            case "n" -> found.add(json.integer(1, 9));
            case "on" -> found.add(json.bool());
            case "any" -> json.skip();
            case "inner" -> json.object(n -> json.array(i -> found.add(json.string())));
            default -> throw json.unknownField("texts, n, on, any, inner");
          }
        });
    return found;
  }

  private static Refusal refused(String body) {
    return refused(body.getBytes(UTF_8));
  }

  private static Refusal refused(byte[] body) {
    return Requests.refusal(() -> read(body));
  }

  @Test
  void aDocumentIsReadInOrder() {
    assertThat(
            read(
                "{\"texts\":[\"a\",\"😀\"],\"n\":3,\"on\":true,\"any\":{\"x\":[1]}}"
                    .getBytes(UTF_8)))
        .containsExactly("a", "😀", 3L, true);
  }

  @Test
  void onlyTheGivenRangeIsRead() {
    byte[] body = "xx{\"n\":4}yy".getBytes(UTF_8);
    assertThat(JsonReader.<List<Object>>read(body, 2, body.length - 4, JsonReaderTest::document))
        .containsExactly(4L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"texts\":[\"a\",1]}        | texts[1]          | is a number; accepted: a string",
        "{\"texts\":[\"a\",1.5]}      | texts[1]          | is a decimal number",
        "{\"texts\":{}}               | texts             | is an object; accepted: an array",
        "{\"texts\":null}             | texts             | is null; accepted: an array",
        "{\"n\":10} | n | n is 10; accepted: a whole number from 1",
        "{\"n\":1.0}                  | n                 | is a decimal number",
        "{\"n\":99999999999999999999} | n                 | accepted: a whole number from 1 to 9",
        "{\"n\":\"1\"}                | n                 | is a string",
        "{\"on\":1}                   | on                | accepted: true or false",
        "{\"inner\":{\"b\":[\"\",[]]}}| inner.b[1]        | is an array; accepted: a string",
        "{\"nope\":1}                 | nope              | not a known field; accepted: texts, n",
        "[]                           | body              | is an array; accepted: an object",
        "\"{}\"                       | body              | is a string; accepted: an object",
        "{} {}                        | body              | continues after the JSON document",
        "{}x                          | body              | not valid JSON at byte 2",
        "{\"n\":1,\"n\":2}            | body              | Duplicate field 'n'",
        "{\"texts\":[\"a\"            | texts             | not valid JSON",
        "{\"n\":01}                   | n                 | not valid JSON",
        "{\"n\":NaN}                  | n                 | not valid JSON",
        "{'n':1}                      | body              | not valid JSON",
        "{\"n\":1,}                   | body              | not valid JSON",
        "{\"texts\":[\"\\x\"]}        | texts[0]          | not valid JSON",
        "{\"texts\":[\"\\ud83d\"]}    | texts[0]          | half of a surrogate pair",
        "{\"texts\":[\"\\ude00a\"]}   | texts[0]          | half of a surrogate pair",
      })
  void wrongFieldIsNamed(String body, String field, String message) {
    Refusal refusal = refused(body);
    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID);
    assertThat(refusal.field()).hasValue(field);
    assertThat(refusal.message()).contains(message);
  }

  @Test
  void positionsCountFromTheStartOfTheDocument() {
    byte[] body = "xxxx{}yz".getBytes(UTF_8);
    Refusal refusal =
        Requests.refusal(() -> JsonReader.read(body, 4, body.length - 4, JsonReaderTest::document));
    assertThat(refusal.message()).contains("at byte 2");
  }

  @Test
  void anEmptyBodyIsRefused() {
    assertThat(refused("").message()).contains("empty");
    assertThat(refused("  \n").message()).contains("empty");
  }

  @Test
  void nestingIsReadToItsLimitAndNotBeyond() {
    int depth = JsonReader.DEPTH_MAX - 1;
    assertThat(read(nested(depth).getBytes(UTF_8))).isEmpty();
    assertThat(refused(nested(depth + 1)).message()).contains("nesting up to 32");
    assertThat(refused(nested(100_000)).message()).contains("nesting up to 32");
  }

  private static String nested(int arrays) {
    return "{\"any\":" + "[".repeat(arrays) + "]".repeat(arrays) + "}";
  }

  @Test
  void numbersAndNamesHaveALength() {
    assertThat(refused("{\"any\":" + "1".repeat(65) + "}").message()).contains("over a limit");
    assertThat(refused("{\"" + "n".repeat(2000) + "\":1}").message()).contains("over a limit");
  }

  @Test
  void longNamesAreShortenedInMessages() {
    Refusal refusal = refused("{\"" + "n".repeat(900) + "\":1}");
    assertThat(refusal.field().orElseThrow()).startsWith("nnn").hasSizeLessThan(100);
    assertThat(refusal.message()).hasSizeLessThan(300);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c080", // overlong U+0000
        "c1bf", // overlong
        "e08080", // overlong
        "eda080", // an encoded surrogate
        "eda0bdedb880", // a surrogate pair, each half encoded
        "f4908080", // over U+10FFFF
        "80", // a continuation on its own
        "e282", // cut off
        "ff",
      })
  void bytesThatAreNotUtf8AreRefused(String hex) {
    byte[] start = "{\"texts\":[\"".getBytes(UTF_8);
    byte[] middle = HexFormat.of().parseHex(hex);
    byte[] end = "\"]}".getBytes(UTF_8);
    byte[] body = new byte[start.length + middle.length + end.length];
    System.arraycopy(start, 0, body, 0, start.length);
    System.arraycopy(middle, 0, body, start.length, middle.length);
    System.arraycopy(end, 0, body, start.length + middle.length, end.length);
    assertThat(refused(body).message()).contains("not UTF-8");
  }

  @Test
  void utf16IsNotGuessed() {
    assertThat(refused("{\"n\":1}".getBytes(UTF_16LE)).message()).contains("not UTF-8");
  }

  @Test
  void longTextOverSeveralChunksIsUtf8() {
    String text = "ä😀中".repeat(20_000);
    assertThat(read(("{\"texts\":[\"" + text + "\"]}").getBytes(UTF_8))).containsExactly(text);
  }
}
