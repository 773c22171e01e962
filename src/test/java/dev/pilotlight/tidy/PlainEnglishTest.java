package dev.pilotlight.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each banned phrase is caught, and the plain sentence is not.
final class PlainEnglishTest {
  private static final List<String> SAMPLES =
      List.of(
          "What holds the claim clears up.",
          "Done. Whoever is last closes it.",
          "Of the last write.",
          "The header says how long it is.",
          "It does what it is told.",
          "A Redis that speaks TLS.",
          "The file is copied anew.",
          "Retry once it is mended.",
          "Answers are the same wherever they are from.",
          "Twice as dear as a hit.",
          "A text of its own.",
          "A number beside a row.",
          "Text behind the JSON.",
          "Such a request is no ping.");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The owner clears up. Then the batch is done.",
        "There is no store.",
        "It is no longer read.",
        "DynamoDB behind a TLS proxy.",
        "Of course it may fail.",
        "What is a lease? The time for which a claim is valid.",
        "Recommended: what users say.",
        "Who may call: iam or none."
      })
  void plainSentencesPass(String text) {
    assertThat(PlainEnglish.complaints(text)).isEmpty();
  }

  @Test
  void everyBannedPhraseIsCaughtWithItsPlainOne() {
    for (Map.Entry<Pattern, String> ban : PlainEnglish.BANNED.entrySet()) {
      assertThat(SAMPLES)
          .as(ban.getKey().pattern())
          .anySatisfy(
              sample ->
                  assertThat(PlainEnglish.complaints(sample))
                      .singleElement()
                      .asString()
                      .endsWith(": " + ban.getValue()));
    }
    assertThat(SAMPLES).allMatch(sample -> PlainEnglish.complaints(sample).size() == 1);
  }

  @Test
  void commentsOnConsecutiveLinesAreOneTextAndStringsAreNotComments() {
    String java =
        """
        /// Reads it
        /// anew, [Lease] too.
        ///
        /// @param a of `anew`
        class A {
          String url = "http://a // b"; // last
          char quote = '"'; // more
        }
        """;
    assertThat(Prose.comments(java))
        .containsExactly(
            new Prose(1, "Reads it anew, Lease too."),
            new Prose(4, "of x"),
            new Prose(6, "last"),
            new Prose(7, "more"));
    assertThat(Prose.strings(java)).containsExactly(new Prose(6, "http://a // b"));
  }

  @Test
  void pagesAreReadByParagraphAndCellWithoutCode() {
    String page =
        """
        # Head
        One
        line.
        - item `anew`
        ```
        anew
        ```
        | a | `b|c` |
        """;
    assertThat(Prose.paragraphs(page))
        .extracting(Prose::text)
        .containsExactly("Head One line.", "item x", "", "a", "x", "");
  }

  @Test
  void namesOfTestsAreReadAsSentences() {
    String java =
        """
        class A {
          @Test void readsItAnew() {}
          @ParameterizedTest(name = "x") void whatIsReadIsKept() {}
          @Test void readsANewFile() {}
          static A ofFile() {}
        }
        """;
    assertThat(PlainEnglish.namesOfTests(Map.of("A.java", java)))
        .hasSize(2)
        .anyMatch(c -> c.equals("A.java: readsItAnew: 'anew': again"))
        .anyMatch(c -> c.endsWith("'What is read is kept.': name the actor first"));
  }
}
