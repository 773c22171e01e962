package dev.pilotlight.protocol.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.task.Labels.Scoring;
import dev.pilotlight.domain.text.TokenJoiner;
import dev.pilotlight.protocol.door.Entities.Entity;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The grouping of tokens, by the cases and expected values of transformers' own tests.
///
/// Source: `tests/pipelines/test_pipelines_token_classification.py` of
/// <https://github.com/huggingface/transformers>
final class EntitiesTest {
  private static final List<String> CONLL =
      List.of("O", "B-MISC", "I-MISC", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC");
  private static final List<String> PLAIN = List.of("O", "MISC", "PER", "ORG", "LOC");
  private static final float TINY = 1e-9f;
  private static final TokenJoiner WORDPIECE = new TokenJoiner.WordPiece("##", true);

  @ParameterizedTest
  @CsvSource({
    "NONE,   I-PER 0.997 En 0-2; I-PER 0.996 ##zo 2-4; B-ORG 0.999 UN 11-13",
    "SIMPLE, PER 0.996 Enzo 0-4; ORG 0.999 UN 11-13",
    "FIRST,  PER 0.997 Enzo 0-4; ORG 0.999 UN 11-13",
    "MAX,    PER 0.997 Enzo 0-4; ORG 0.999 UN 11-13",
    "AVERAGE, PER 0.996 Enzo 0-4; ORG 0.999 UN 11-13"
  })
  void neighboursOfOneTagAreAGroup(Aggregation aggregation, String expected) {
    List<LabelledToken> tokens =
        List.of(
            token(1, "En", 0, 2, false, 4, 0.99681664f),
            token(2, "##zo", 2, 4, true, 4, 0.9957636f),
            token(7, "UN", 11, 13, false, 5, 0.9986497f));
    assertThat(shown(entities(CONLL, aggregation).of(tokens))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "NONE,   LOC 0.997 En 0-2; LOC 0.996 ##zo 2-4; ORG 0.999 UN 11-13",
    "SIMPLE, LOC 0.996 Enzo 0-4; ORG 0.999 UN 11-13"
  })
  void labelsNeedNoPrefix(Aggregation aggregation, String expected) {
    List<LabelledToken> tokens =
        List.of(
            token(1, "En", 0, 2, false, 4, 0.99681664f),
            token(2, "##zo", 2, 4, true, 4, 0.9957636f),
            token(7, "UN", 11, 13, false, 3, 0.9986497f));
    assertThat(shown(entities(PLAIN, aggregation).of(tokens))).isEqualTo(expected);
  }

  /// The average is highest for a label that none of the word's tokens has.
  @ParameterizedTest
  @CsvSource({
    "NONE,   B-MISC 0.550 Ra 0-2; B-LOC 0.800 ##ma 2-4; I-ORG 0.600 ##zotti 11-13",
    "FIRST,  MISC 0.550 Ramazotti 0-13",
    "MAX,    LOC 0.800 Ramazotti 0-13",
    "AVERAGE, PER 0.350 Ramazotti 0-13"
  })
  void tokensOfAWordAgree(Aggregation aggregation, String expected) {
    List<LabelledToken> tokens =
        List.of(
            new LabelledToken("Ra", scores(1, 0.55f, 3, 0.45f), 0, 2, 1, false),
            new LabelledToken("##ma", scores(3, 0.2f, 7, 0.8f), 2, 4, 2, true),
            new LabelledToken("##zotti", scores(3, 0.4f, 6, 0.6f), 11, 13, 3, true));
    assertThat(shown(entities(CONLL, aggregation).of(tokens))).isEqualTo(expected);
  }

  /// Whether two words of the labels are one group.
  @ParameterizedTest
  @CsvSource({
    "B-PER, B-PER, PER; PER",
    "B-PER, I-PER, PER",
    "I-PER, I-PER, PER",
    "I-PER, B-PER, PER; PER",
    "B-PER, I-ORG, PER; ORG",
    "PER,   I-PER, PER",
    "PER,   B-PER, PER; PER",
    "I-PER, PER,   PER",
    "PER,   PER,   PER",
    "O,     O,     O",
    // a group's name begins after the first hyphen, even for labels without prefix
    "X-PER, X-PER, PER",
    "X-PER, PER,   PER; PER",
    "I-A-B, B-A-B, A-B; A-B",
    "A-,    A-,    ''"
  })
  void prefixesDecideWhereAGroupBegins(String first, String second, String groups) {
    List<String> names = Stream.of(first, second, "other").distinct().toList();
    List<LabelledToken> tokens =
        List.of(
            one(names, names.indexOf(first), "a", 0), one(names, names.indexOf(second), "b", 2));
    Entities entities = new Entities(labels(names), WORDPIECE, Aggregation.SIMPLE, Set.of());
    assertThat(String.join("; ", entities.of(tokens).stream().map(Entity::label).toList()))
        .isEqualTo(groups);
  }

  @Test
  void ignoredLabelsAreLeftOutWithoutJoiningTheirNeighbours() {
    List<LabelledToken> tokens =
        List.of(
            token(1, "a", 0, 1, false, 4, 0.9f),
            token(2, "b", 2, 3, false, 0, 0.8f),
            token(3, "c", 4, 5, false, 4, 0.7f));
    assertThat(shown(with(Aggregation.SIMPLE, Set.of("O")).of(tokens)))
        .isEqualTo("PER 0.900 a 0-1; PER 0.700 c 4-5");
    // a group has its tag's name, a token its label's
    assertThat(shown(with(Aggregation.SIMPLE, Set.of("PER")).of(tokens)))
        .isEqualTo("O 0.800 b 2-3");
    assertThat(with(Aggregation.SIMPLE, Set.of("I-PER")).of(tokens)).hasSize(3);
    assertThat(with(Aggregation.NONE, Set.of("PER")).of(tokens)).hasSize(3);
    assertThat(shown(with(Aggregation.NONE, Set.of("I-PER")).of(tokens)))
        .isEqualTo("O 0.800 b 2-3");
  }

  @ParameterizedTest
  @EnumSource(Aggregation.class)
  void emptyTextHasNoEntities(Aggregation aggregation) {
    assertThat(entities(CONLL, aggregation).of(List.of())).isEmpty();
  }

  /// A text cut on the left may begin within a word.
  @Test
  void subwordAtTheBeginningBeginsAWord() {
    List<LabelledToken> tokens =
        List.of(token(1, "##zo", 0, 2, true, 4, 0.9f), token(2, "##ra", 2, 4, true, 5, 0.8f));
    assertThat(shown(entities(CONLL, Aggregation.FIRST).of(tokens)))
        .isEqualTo("PER 0.900 ##zora 0-4");
  }

  @Test
  void firstOfEqualScoresCounts() {
    List<LabelledToken> tokens =
        List.of(
            new LabelledToken("a", scores(3, 0.5f, 7, 0.5f), 0, 1, 1, false),
            new LabelledToken("##b", scores(5, 0.5f, 7, 0.5f), 1, 2, 2, true));
    assertThat(shown(entities(CONLL, Aggregation.MAX).of(tokens))).isEqualTo("PER 0.500 ab 0-2");
    assertThat(shown(entities(CONLL, Aggregation.AVERAGE).of(tokens)))
        .isEqualTo("LOC 0.500 ab 0-2");
  }

  /// NumPy adds up to seven floats in order, and more in eight sums: 2^24 + 1 is 2^24 in float.
  @Test
  void scoresOfAGroupAreAddedAsNumPyDoes() {
    float large = 1 << 24;
    List<LabelledToken> few = Stream.of(large, 1f, 1f).map(it -> token(4, it)).toList();
    assertThat(entities(CONLL, Aggregation.SIMPLE).of(few).getFirst().score()).isEqualTo(large / 3);
    List<LabelledToken> many =
        Stream.of(large, 1f, 1f, 1f, TINY, TINY, TINY, TINY).map(it -> token(4, it)).toList();
    assertThat(entities(CONLL, Aggregation.SIMPLE).of(many).getFirst().score())
        .isEqualTo((large + 2) / 8);
  }

  @Test
  void sharesAreTheSoftmaxInFloat() {
    float[] shares = labels(CONLL.subList(0, 3)).shares(new float[] {1, 2, 1002});
    assertThat(shares).containsExactly(0, 0, 1);
    assertThat(labels(CONLL.subList(0, 2)).shares(new float[] {0, 1})[1])
        .isCloseTo((float) (1 / (1 + Math.exp(-1))), within(1e-7f));
    Labels probabilities = new Labels(CONLL.subList(0, 2), Scoring.PROBABILITIES);
    assertThat(probabilities.shares(new float[] {0.25f, 0.5f})).containsExactly(0.25f, 0.5f);
    assertThat(Labels.best(new float[] {0, Float.NaN, 2})).isEqualTo(1);
    assertThat(Labels.best(new float[] {1, 2, 2})).isEqualTo(1);
  }

  private static Entities entities(List<String> names, Aggregation aggregation) {
    return new Entities(labels(names), WORDPIECE, aggregation, Set.of());
  }

  private static Entities with(Aggregation aggregation, Set<String> ignored) {
    return new Entities(labels(CONLL), WORDPIECE, aggregation, ignored);
  }

  private static Labels labels(List<String> names) {
    return new Labels(names, Scoring.SOFTMAX);
  }

  private static LabelledToken token(
      int index, String word, int start, int end, boolean subword, int label, float score) {
    return new LabelledToken(word, scores(label, score, label, score), start, end, index, subword);
  }

  private static LabelledToken token(int label, float score) {
    return new LabelledToken("a", scores(label, score, label, score), 0, 1, 1, false);
  }

  private static LabelledToken one(List<String> names, int label, String word, int start) {
    float[] scores = new float[names.size()];
    scores[label] = 1;
    return new LabelledToken(word, scores, start, start + 1, start, false);
  }

  private static float[] scores(int one, float score, int other, float otherScore) {
    float[] scores = new float[CONLL.size()];
    scores[one] = score;
    scores[other] = otherScore;
    return scores;
  }

  private static String shown(List<Entity> entities) {
    return String.join(
        "; ",
        entities.stream()
            .map(
                it ->
                    "%s %.3f %s %d-%d"
                        .formatted(it.label(), it.score(), it.word(), it.start(), it.end()))
            .toList());
  }
}
