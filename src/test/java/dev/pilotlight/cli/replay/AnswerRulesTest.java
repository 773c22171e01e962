package dev.pilotlight.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/// The rules by which two answers are equal or differ.
final class AnswerRulesTest {
  private static final AnswerRules RULES =
      new AnswerRules(0.9999, 0.001, AnswerRules.ALWAYS_IGNORED);

  @ParameterizedTest
  @CsvFileSource(resources = "/cli/answers.txt", delimiter = '|', quoteCharacter = '`')
  void answersAreComparedByValue(String first, String second, String reason) {
    assertThat(RULES.compare(json(first), json(second)).reason()).isEqualTo(reason);
  }

  @Test
  void rowsOfATensorAreVectorsEachOnItsOwn() {
    String first = tensor(0.5, 0.5);
    assertThat(RULES.compare(json(first), json(tensor(0.5001, 0.5001))).equal()).isTrue();
    // the second row is small: over both rows at once the cosine would still be high
    AnswerRules.Verdict verdict = RULES.compare(json(tensor(9, 0.01)), json(tensor(9, -0.01)));
    assertThat(verdict.reason()).startsWith("outputs[0].data[1]: cosine -");
    assertThat(verdict.lowestCosine()).isNegative();
  }

  @Test
  void rowsOfWholeNumbersAreComparedByValue() {
    List<Integer> ids = new ArrayList<>(IntStream.range(1_000, 1_064).boxed().toList());
    String first = "{\"datatype\":\"INT64\",\"shape\":[1,64],\"data\":" + ids + "}";
    ids.set(5, ids.get(5) + 40);
    String second = "{\"datatype\":\"INT64\",\"shape\":[1,64],\"data\":" + ids + "}";

    assertThat(RULES.compare(json(first), json(first)).equal()).isTrue();
    assertThat(RULES.compare(json(first), json(second)).reason())
        .isEqualTo("data[5]: 1005 and 1045");
  }

  @Test
  void logitsWithAnotherBestClassDiffer() {
    String first = logits(9.0, 8.6);
    String swapped = logits(8.7, 8.9);

    assertThat(RULES.compare(json(first), json(swapped)).reason())
        .isEqualTo("outputs[0].data[0]: the greatest number is at another place");
    assertThat(RULES.compare(json(first), json(logits(8.9, 8.6))).equal()).isTrue();
    // a tie within the tolerance
    assertThat(RULES.compare(json(logits(9.0, 8.995)), json(logits(8.995, 9.0))).equal()).isTrue();
  }

  private static String logits(double one, double two) {
    String others =
        IntStream.range(0, 998)
            .mapToObj(i -> Double.toString(2.5 + i % 7 * 0.3))
            .collect(Collectors.joining(","));
    return "{\"outputs\":[{\"shape\":[1,1000],\"data\":[%s,%s,%s]}]}".formatted(one, two, others);
  }

  @Test
  void aLongListAloneIsNotAVector() {
    String first = numbers(64, 0.5);
    String second = numbers(64, 0.6);

    assertThat(RULES.compare(json(first), json(second)).reason()).isEqualTo("[0]: 0.5 and 0.6");
    assertThat(RULES.compare(json("[" + first + "]"), json("[" + second + "]")).equal()).isTrue();
  }

  @Test
  void statusesAndBytesCount() {
    assertThat(RULES.compare(json("{}"), new Reply(404, "", "", -1, true, bytes("{}"))).reason())
        .isEqualTo("status: 200 and 404");
    assertThat(RULES.compare(plain("a"), plain("a")).equal()).isTrue();
    assertThat(RULES.compare(plain("a"), plain("b")).reason()).isEqualTo("body: the bytes differ");
    assertThat(RULES.compare(json("{}"), plain("{ }")).reason()).startsWith("body: ");
  }

  @Test
  void base64OfTheSameVectorHasTheCosineOfTheNumbers() {
    ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putFloat(0.25f).putFloat(-0.5f).putFloat(0.125f);
    String base64 = Base64.getEncoder().encodeToString(bytes.array());
    AnswerRules.Verdict verdict =
        RULES.compare(
            json("{\"data\":[{\"embedding\":\"" + base64 + "\"}]}"),
            json("{\"data\":[{\"embedding\":[0.25,-0.5,0.126]}]}"));

    assertThat(verdict.equal()).isTrue();
    assertThat(verdict.lowestCosine()).isBetween(0.9999, 0.999999);
  }

  private static String tensor(double first, double second) {
    String values = numbers(64, first).replace("]", ",") + numbers(64, second).substring(1);
    return "{\"outputs\":[{\"shape\":[2,64],\"data\":" + values + "}]}";
  }

  private static String numbers(int count, double value) {
    return IntStream.range(0, count)
        .mapToObj(_ -> Double.toString(value))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static Reply json(String text) {
    return new Reply(200, "", "", -1, true, bytes(text));
  }

  private static Reply plain(String text) {
    return new Reply(200, "", "", -1, false, bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
