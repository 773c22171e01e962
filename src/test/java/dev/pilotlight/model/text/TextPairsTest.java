package dev.pilotlight.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.repository.Repositories;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Two texts as the tokens of one run, with a tokenizer of BERT's kind.
@ParameterizedClass
@EnumSource
final class TextPairsTest {
  private static final Path FILE = Repositories.SAMPLE.resolve("tokenizer.json");
  private static final int LIMIT = 15;
  private static final int SPECIAL = 3;

  private final Tokenizer tokenizer;

  TextPairsTest(Encoder encoder) {
    tokenizer = Tokenizer.of(encoder.open(FILE), LIMIT, false);
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  /// The example of Hugging Face's course (chapter 3, "Processing the data"): the printed answer of
  /// transformers for bert-base-uncased, whose vocabulary the sample has.
  @Test
  void idsAndTypesAreThoseOfTransformers() {
    TokenIds pair =
        tokenizer.encode("This is the first sentence.", "This is the second one.", false);

    assertThat(pair.ids())
        .containsExactly(
            101, 2023, 2003, 1996, 2034, 6251, 1012, 102, 2023, 2003, 1996, 2117, 2028, 1012, 102);
    assertThat(pair.typeIds()).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1);
    assertThat(pair.truncated()).isFalse();
  }

  @Test
  void pairOverTheLimitIsRefusedWithItsTokens() {
    String second = "This is the second one!!";

    assertThatThrownBy(() -> tokenizer.encode("This is the first sentence.", second, false))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.field()).hasValue(Item.FIELD))
        .hasMessageContaining("the two texts have 16 tokens together; the model takes 15");
  }

  @Test
  void longerTextLosesItsEndFirst() {
    TokenIds pair = tokenizer.encode("hello world", "hello ".repeat(30), true);

    assertThat(pair.ids())
        .hasSize(LIMIT)
        .startsWith(101, 7592, 2088, 102, 7592)
        .endsWith(7592, 102);
    assertThat(pair.typeIds()).containsExactly(0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    assertThat(pair.truncated()).isTrue();
  }

  @Test
  void textsOfNoTokensAreAPairOfSpecialTokens() {
    assertThat(tokenizer.encode(" ", "\n", false).ids()).containsExactly(101, 102, 102);
    assertThat(tokenizer.encode(" ", "hello", false).typeIds()).containsExactly(0, 0, 1, 1);
  }

  @Test
  void separatorInATextDoesNotBecomeASpecialToken() {
    TokenIds pair = tokenizer.encode("a [SEP] b", "[CLS] c [SEP] ".repeat(10), true);

    // [CLS] a [SEP] b [SEP], then nine of the second text's own tokens, then [SEP]
    assertThat(pair.ids()).hasSize(LIMIT).startsWith(101, 1037, 102, 1038, 102, 101, 1039, 102);
    assertThat(pair.typeIds()).containsExactly(0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
  }

  @Test
  void limitOfTheSpecialTokensLeavesNoRoomForAPair() {
    Tokenizer small = tokenizer.limitedTo(SPECIAL);

    assertThat(small.encode("hello", true).ids()).containsExactly(101, 7592, 102);
    assertThatThrownBy(() -> small.encode("hello", "world", true))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("takes 3 tokens, 3 of them special: no room for two texts");
    assertThat(tokenizer.limitedTo(SPECIAL + 1).encode("hello", "world", true).ids())
        .containsExactly(101, 102, 2088, 102);
  }

  /// The rest of a text that is not read cannot change the tokens that a pair keeps.
  @Test
  void hugeTextIsReadAsFarAsItCounts() {
    String huge = "hello ".repeat(40_000);

    assertThat(tokenizer.encode("world", huge, true).ids())
        .isEqualTo(tokenizer.encode("world", "hello ".repeat(100), true).ids());
    assertThat(tokenizer.encode(huge, "world", true).ids())
        .isEqualTo(tokenizer.encode("hello ".repeat(100), "world", true).ids());
    assertThatThrownBy(() -> tokenizer.encode("world", huge, false))
        .hasMessageContaining("have more than 16");
  }

  /// With an odd room the longer text has the last place, so the whole lengths decide.
  @Test
  void twoHugeTextsAreRefusedIfTheirLengthsDecide() {
    String huge = "hello ".repeat(40_000);
    Tokenizer odd = tokenizer.limitedTo(SPECIAL + 5);

    assertThat(tokenizer.encode(huge, huge, true).ids())
        .hasSize(LIMIT)
        .isEqualTo(tokenizer.encode("hello ".repeat(50), "hello ".repeat(50), true).ids());
    assertThatThrownBy(() -> odd.encode(huge, huge, true))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("the two texts have 240000 and 240000 characters");
    assertThat(odd.encode(huge, "hello ".repeat(50), true).ids()).hasSize(SPECIAL + 5);
  }
}
