package dev.pilotlight.batch.lines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.batch.input.FurtherFields;
import dev.pilotlight.batch.input.FurtherFields.Rule;
import dev.pilotlight.batch.lines.BatchLine.Form;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Lines of a batch with a second text.
final class PairLinesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'text':'a','text_pair':'b'}",
        "{'text_pair':'b','id':7,'text':'a','truncate':true}"
      })
  void twoTextsAreAPair(String line) {
    BatchLine.Texts pair = (BatchLine.Texts) read(line);

    assertThat(pair.items()).containsExactly(new Item.Pair("a", "b", false));
    assertThat(pair.field(0)).isEqualTo("text");
    assertThat(pair.listed()).isFalse();
  }

  @Test
  void nullIsOneTextOnly() {
    assertThat(((BatchLine.Texts) read("{'text':'a','text_pair':null}")).items())
        .containsExactly(new Item.Text("a", false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'id':'x','text':'a','text_pair':''} | text_pair | text_pair is empty",
        "{'id':'x','text':'a','text_pair':['b']} | text_pair | is an array",
        "{'id':'x','text_pair':'b'} | text_pair | the line has no first one",
        "{'id':'x','text_pair':'b','inputs':'a'} | text_pair | the line has inputs",
        "{'id':'x','text_pair':'b','inputs':['a']} | text_pair | the line has inputs",
        "{'id':'x','text_pair':'b','inputs':[{}]} | text_pair | the line has inputs",
        "{'id':'x','text':'a','text_pairs':'b'} | text_pairs | did you mean text_pair?",
        "{'id':'x','text':'a','textpair':'b'} | textpair | did you mean text_pair?",
      })
  void faultOfAPairIsNamedAndTheIdIsKept(String line, String field, String message) {
    BatchLine.Wrong wrong = (BatchLine.Wrong) read(line);

    assertThat(wrong.form()).isEqualTo(Form.SIMPLE);
    assertThat(wrong.id()).isEqualTo(new LineId("x", false));
    assertThat(wrong.refusal().reason()).isEqualTo(Reason.INVALID);
    assertThat(wrong.refusal().field()).hasValue(field);
    assertThat(wrong.refusal().message()).contains(message);
  }

  private static BatchLine read(String singleQuoted) {
    byte[] line = singleQuoted.replace('\'', '"').getBytes(UTF_8);
    return BatchLineReader.read(line, 3, new FurtherFields(Rule.NAME));
  }
}
