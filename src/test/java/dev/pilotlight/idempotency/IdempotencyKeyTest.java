package dev.pilotlight.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pilotlight.domain.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IdempotencyKeyTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = '|',
      textBlock =
          """
          8e03978e-40d5-43dd-bc93-6894a57f9324   | 8e03978e-40d5-43dd-bc93-6894a57f9324
          "8e03978e-40d5-43dd-bc93-6894a57f9324" | 8e03978e-40d5-43dd-bc93-6894a57f9324
          '  a  '                                | a
          stainless-node-retry-1:/?#[]@!$&()*;=~ | stainless-node-retry-1:/?#[]@!$&()*;=~
          '"order 7, part 2"'                    | 'order 7, part 2'
          '"a \\" quote"'                        | 'a " quote'
          '"a \\\\ backslash"'                   | 'a \\ backslash'
          """)
  void bothFormsOfAKeyAreTheSameKey(String header, String key) {
    assertThat(IdempotencyKey.of(header)).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "\"\"",
        "\"",
        "\"a",
        "\"a\\\"",
        "\"a\"b\"",
        "\"a\", \"b\"",
        "\"a\";v=1",
        "a,b",
        "a b",
        "a\"b",
        "a\\b",
        "\"a\\nb\"",
        "é",
        "\"é\"",
        "a\tb",
        "a\u0000b",
        "\"a\u007f\""
      })
  void refusesEveryOtherValueByName(String header) {
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> IdempotencyKey.of(header));
    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID);
    assertThat(refusal.field()).contains("idempotency-key");
    assertThat(refusal.message()).contains("idempotency-key", "accepted: one header of 1 to 255");
  }

  @Test
  void has255CharactersAtMostWithoutItsQuotes() {
    String longest = "k".repeat(255);
    assertThat(IdempotencyKey.of(longest)).isEqualTo(longest);
    assertThat(IdempotencyKey.of('"' + longest + '"')).isEqualTo(longest);
    for (String longer : new String[] {longest + "k", '"' + longest + "k\""}) {
      assertThat(catchThrowableOfType(Refusal.class, () -> IdempotencyKey.of(longer)))
          .hasMessageContaining("has 256 characters");
    }
  }
}
