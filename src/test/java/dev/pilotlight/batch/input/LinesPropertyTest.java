package dev.pilotlight.batch.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reading from any line's end gives exactly the lines after it, for random objects.
final class LinesPropertyTest {
  private static final int ROUNDS = 400;
  private static final String[] PIECES = {
    "a", "b", "é", "😀", ",", ",", "\"", "\"", "\"\"", "\n", "\n", "\r\n", "\r", " ", "{}", "\ufeff"
  };

  @ParameterizedTest
  @ValueSource(strings = {"a.txt", "a.jsonl", "a.csv", "a.txt.gz", "a.jsonl.gz", "a.csv.gz"})
  void readingFromAnyLineEndGivesExactlyTheOtherLines(String key) {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      byte[] bytes = soup(random, key.contains(".csv") ? "text,id\n" : "");
      InputFormat format = InputFormat.of(key, Map.of());
      byte[] stored = format.gzip() ? Stored.gzip(bytes) : bytes;
      int lineBytesMax = random.nextInt(1, 40) + 8;
      List<Line> all = new Stored(stored).lines(format, 0, 0, lineBytesMax);
      for (int i = 0; i < all.size(); i++) {
        Line cut = all.get(i);
        Stored rest = new Stored(stored, random.nextInt(1, 20));
        assertThat(Stored.exact(rest.lines(format, cut.end(), cut.number(), lineBytesMax)))
            .as("seed %d, after line %d", seed, cut.number())
            .isEqualTo(Stored.exact(all.subList(i + 1, all.size())));
      }
      if (!all.isEmpty()) {
        assertThat(all.getLast().end()).as("seed %d", seed).isEqualTo(bytes.length);
      }
    }
  }

  private static byte[] soup(Random random, String header) {
    StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "\ufeff" : "").append(header);
    for (int i = random.nextInt(60); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.txt", "a.txt.gz"})
  void linesAreSplitAtLineEnds(String key) {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      List<String> texts = new ArrayList<>();
      StringBuilder object = new StringBuilder();
      for (int i = random.nextInt(20); i > 0; i--) {
        String text = randomText(random, "ab,\"é😀\t ") + "x";
        texts.add("text " + text);
        object.append(text).append(random.nextBoolean() ? "\n" : "\r\n");
      }
      byte[] bytes = object.toString().getBytes(StandardCharsets.UTF_8);
      Stored stored =
          new Stored(key.endsWith(".gz") ? Stored.gzip(bytes) : bytes, random.nextInt(1, 50));
      assertThat(stored.lines(key, 1000)).extracting(Stored::shown).isEqualTo(texts);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n"})
  void recordsRoundTrip(String lineEnd) {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      List<String> expected = new ArrayList<>();
      StringBuilder csv = new StringBuilder("note,\"text\",id").append(lineEnd);
      for (int i = random.nextInt(20); i > 0; i--) {
        String text = "x" + randomText(random, "ab,\"\n\ré😀 ");
        String id = "n" + randomText(random, "12,\"\n");
        expected.add("text id=%s %s".formatted(id, text));
        csv.append(field(random, randomText(random, "q,\"\r\n"))).append(',');
        csv.append(field(random, text)).append(',').append(field(random, id)).append(lineEnd);
      }
      byte[] bytes = csv.toString().getBytes(StandardCharsets.UTF_8);
      assertThat(new Stored(bytes, random.nextInt(1, 50)).lines("a.csv", 1000))
          .as("seed %d", seed)
          .extracting(Stored::shown)
          .isEqualTo(expected);
    }
  }

  private static String randomText(RandomGenerator random, String alphabet) {
    int[] points = alphabet.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return text.toString();
  }

  private static String field(RandomGenerator random, String text) {
    boolean quote = text.matches("(?s).*[,\"\r\n].*") || random.nextBoolean();
    return quote ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
