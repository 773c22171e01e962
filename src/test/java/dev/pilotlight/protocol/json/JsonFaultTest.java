package dev.pilotlight.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.batch.input.FurtherFields;
import dev.pilotlight.batch.lines.BatchLineReader;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.http.Requests;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFaultTest {
  /// The library's words for programmers, which are of no use to a caller.
  private static final String[] ADVICE = {
    "enable", "JsonReadFeature", "StreamReadFeature", "REDACTED", "Source", "jackson", "(code"
  };

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"a\":01}            | a number that is not written as JSON writes it",
        "{\"a\":+1}            | a number that is not written as JSON writes it",
        "{\"a\":.5}            | unexpected '.'; accepted: a value",
        "{\"a\":1.}            | a number that is not written as JSON writes it",
        "{\"a\":1e}            | a number that is not written as JSON writes it",
        "{\"a\":-}             | a number that is not written as JSON writes it",
        "{\"a\":NaN}           | \"NaN\" is not JSON; accepted: finite numbers",
        "{\"a\":-INF}          | is not JSON; accepted: finite numbers",
        "{\"a\":Infinity}      | \"Infinity\" is not JSON; accepted: finite numbers",
        "{'a':1}               | unexpected '''; accepted: a field's name in double quotes",
        "{a:1}                 | unexpected 'a'; accepted: a field's name in double quotes",
        "{\"a\" 1}             | unexpected '1'; accepted: a colon after the field's name",
        "{\"a\":1 \"b\":2}     | unexpected '\"'; accepted: a comma, or the end",
        "{\"a\":[1 2]}         | unexpected '2'; accepted: a comma, or the end",
        "{\"a\":[1}            | unexpected \"}\"",
        "{\"a\":1]             | unexpected \"]\"",
        "{\"a\":1,}            | unexpected '}'; accepted: a field's name in double quotes",
        "{\"a\":[1,]}          | unexpected ']'",
        "{\"a\":[,1]}          | unexpected ','",
        "{\"a\":}              | unexpected '}'",
        "{\"a\":'x'}           | unexpected '''",
        "{\"a\":tru}           | unexpected \"tru\"",
        "{\"a\":None}          | unexpected \"None\"",
        "{\"a\":undefined}     | unexpected \"undefined\"",
        "{\"a\":1 /* c */}     | unexpected '/'",
        "{\"a\":1} // c        | unexpected '/'",
        "# c                   | unexpected '#'",
        "{\"a\":\"\\x\"}       | an unknown escape in a string",
        "{\"a\":\"\\u12\"}     | not valid JSON at byte",
        "{\"a\":\"TAB\"}       | a control character in a string",
        "{\"a\":1,\"a\":2}     | Duplicate field 'a'",
        "{\"a\":\"x            | it is truncated",
        "{\"a\":[              | it is truncated",
        "{\"a\":tr             | not valid JSON at byte",
        "BELL                  | not valid JSON at byte",
        "hello                 | unexpected \"hello\"",
        "=                     | unexpected '='",
      })
  void aFaultIsNamedInOurWordsWithItsPlace(String json, String expected) {
    String text = json.replace("TAB", "\t").replace("BELL", "\u0007");
    Refusal refusal = Requests.refusal(() -> skipped(text));
    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID);
    assertThat(refusal.message()).contains("not valid JSON", expected).doesNotContain(ADVICE);
    assertThat(batchError(text)).doesNotContain(ADVICE);
  }

  private static Object skipped(String json) {
    byte[] utf8 = json.getBytes(UTF_8);
    return JsonReader.read(
        utf8,
        0,
        utf8.length,
        reader -> {
          reader.skip();
          return json;
        });
  }

  /// The error of the same text as a line of a batch.
  private static String batchError(String json) {
    FurtherFields further = new FurtherFields(FurtherFields.Rule.NAME);
    return BatchLineReader.read(json.getBytes(UTF_8), 8, further).toString();
  }
}
