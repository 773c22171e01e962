package dev.pilotlight.batch.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.pilotlight.batch.s3.BatchException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LinesTest {
  private static final int MAX = 10;
  private static final String EMPTY_TEXT =
      "wrong the line is empty; accepted: a text of at least one character";
  private static final String EMPTY_JSON = "wrong the line is empty; accepted: a JSON object";

  private static Arguments oddity(String key, String content, String... lines) {
    return Arguments.of(key, content, List.of(lines));
  }

  // characters stand for the bytes of the same number
  static final List<Arguments> ODDITIES =
      List.of(
          oddity("a.txt", ""),
          oddity("a.jsonl", ""),
          oddity("a.txt", "one\ntwo\n", "text one", "text two"),
          oddity("a.txt", "one\ntwo", "text one", "text two"),
          oddity("a.txt", "one\r\ntwo\r\n", "text one", "text two"),
          oddity("a.txt", "one\r\ntwo\r", "text one", "text two"),
          oddity("a.txt", "one\r\r\ntwo", "text one\r", "text two"),
          oddity("a.txt", "one\rtwo\n", "text one\rtwo"),
          oddity("a.txt", "\n", EMPTY_TEXT),
          oddity("a.txt", "\r\n", EMPTY_TEXT),
          oddity("a.txt", "\r", EMPTY_TEXT),
          oddity("a.txt", "\n\n", EMPTY_TEXT, EMPTY_TEXT),
          oddity("a.txt", "a\n\nb\n", "text a", EMPTY_TEXT, "text b"),
          oddity("a.txt", "a\r\n\r\nb", "text a", EMPTY_TEXT, "text b"),
          oddity("a.txt", " \n\t", "text  ", "text \t"),
          oddity("a.txt", "\u00ef\u00bb\u00bfone\ntwo", "text one", "text two"),
          oddity("a.txt", "\u00ef\u00bb\u00bf"),
          oddity("a.txt", "\u00ef\u00bb\u00bf\n", EMPTY_TEXT),
          oddity("a.txt", "\u00ef\u00bbone", "wrong byte 1 of the line is not UTF-8;"),
          oddity("a.txt", "a\n\u00ef\u00bb\u00bfb", "text a", "text \ufeffb"),
          oddity("a.txt", "a\u0000b\n", "text a\u0000b"),
          oddity("a.txt", "a\u000bb\u000cc\u001dd", "text a\u000bb\u000cc\u001dd"),
          oddity("a.txt", "a\u00c2\u0085b", "text a\u0085b"),
          oddity("a.txt", "a\u00e2\u0080\u00a8b", "text a\u2028b"),
          oddity("a.txt", "\u00f0\u009f\u0098\u0080\n", "text \ud83d\ude00"),
          oddity("a.txt", "ab\u00ffc\nok", "wrong byte 3 of the line is not UTF-8;", "text ok"),
          oddity("a.txt", "ab\u00c3\nok", "wrong byte 3 of the line is not UTF-8;", "text ok"),
          oddity("a.txt", "\u00c0\u0080\n", "wrong byte 1 of the line is not UTF-8;"),
          oddity("a.txt", "x\u00ed\u00a0\u0080\n", "wrong byte 2 of the line is not UTF-8;"),
          oddity("a.txt", "x\u00f4\u0090\u0080\u0080", "wrong byte 2 of the line is not UTF-8;"),
          oddity("a.txt", "\u00ef\u00bf\u00bd\n", "text \ufffd"),
          oddity("a.txt", "\"quoted\",x\n", "text \"quoted\",x"),
          oddity("a.txt", "0123456789\nx", "text 0123456789", "text x"),
          oddity("a.txt", "0123456789\r\nx", "text 0123456789", "text x"),
          oddity("a.txt", "0123456789", "text 0123456789"),
          oddity("a.txt", "0123456789\r", "text 0123456789"),
          oddity("a.txt", "0123456789a\nx", "wrong the line has 11 bytes; up to 10 are", "text x"),
          oddity("a.txt", "0123456789ab\r\nx", "wrong the line has 12 bytes;", "text x"),
          oddity("a.txt", "0123456789\r\r\nx", "wrong the line has 11 bytes;", "text x"),
          oddity("a.txt", "0123456789abcdefgh\rx", "wrong the line has 20 bytes;"),
          oddity("a.txt", "0123456789a\r", "wrong the line has 11 bytes;"),
          oddity("a.txt", "\u00ef\u00bb\u00bf0123456789\n", "text 0123456789"),
          oddity("a.jsonl", "{}\n[]\r\n{", "json {}", "json []", "json {"),
          oddity("a.jsonl", "\u00ef\u00bb\u00bf{}", "json {}"),
          oddity("a.jsonl", "{}\n\u00ef\u00bb\u00bf{}", "json {}", "json \u00ef\u00bb\u00bf{}"),
          oddity("a.jsonl", " \t\n\r\n{}", EMPTY_JSON, EMPTY_JSON, "json {}"),
          oddity("a.jsonl", "\r \n", EMPTY_JSON),
          oddity("a.jsonl", " {} \n", "json  {} "),
          oddity("a.jsonl", "\u00ff\n", "json \u00ff"),
          oddity("a.jsonl", "{\"a\":1234}\n", "json {\"a\":1234}"),
          oddity("a.jsonl", "{\"a\":12345}\n{}", "wrong the line has 11 bytes;", "json {}"));

  @ParameterizedTest
  @FieldSource("ODDITIES")
  void anOddityHasItsLines(String key, String content, List<String> expected) {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    for (int pieceBytes : new int[] {1, 2, 3, 5, 8192}) {
      List<Line> lines = new Stored(bytes, pieceBytes).lines(key, MAX);
      assertMatches(lines, expected);
      assertThat(exact(Stored.gzip(bytes), key + ".gz", pieceBytes)).isEqualTo(Stored.exact(lines));
    }
  }

  private static List<String> exact(byte[] bytes, String key, int pieceBytes) {
    return Stored.exact(new Stored(bytes, pieceBytes).lines(key, MAX));
  }

  static void assertMatches(List<Line> lines, List<String> expected) {
    assertThat(lines).extracting(Stored::shown).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      String shown = Stored.shown(lines.get(i));
      if (shown.startsWith("wrong ")) {
        assertThat(shown).startsWith(expected.get(i)).contains("accepted");
      } else {
        assertThat(shown).isEqualTo(expected.get(i));
      }
      assertThat(lines.get(i).number()).isEqualTo(i + 1);
    }
  }

  @Test
  void lineEndIsPartOfTheLine() {
    byte[] bytes = "\u00ef\u00bb\u00bfa\r\nbc\n\nd".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(new Stored(bytes).lines("a.txt", MAX))
        .extracting(Line::end)
        .containsExactly(6L, 9L, 10L, 11L);
  }

  static Stream<Arguments> notText() {
    byte[] utf16 = Stored.bytes(0xff, 0xfe, 'a', 0);
    byte[] gzip = Stored.gzip("a\n".getBytes(StandardCharsets.UTF_8));
    return Stream.of(
        Arguments.of("a.txt", utf16, "the object is UTF-16; UTF-8 is accepted"),
        Arguments.of("a.csv", Stored.bytes(0xfe, 0xff, 0, 'a'), "the object is UTF-16;"),
        Arguments.of("a.jsonl.gz", Stored.gzip(utf16), "the object is UTF-16;"),
        Arguments.of("a.txt", gzip, "the object is gzip, but its key does not end in .gz"),
        Arguments.of("a.txt.gz", Stored.gzip(gzip), "the object is gzipped twice;"),
        Arguments.of(
            "a.txt.gz", Stored.bytes('a', '\n'), "the object is not gzip, though its key"));
  }

  @ParameterizedTest
  @MethodSource("notText")
  void binaryObjectIsUnreadable(String key, byte[] bytes, String reason) {
    assertThatThrownBy(() -> new Stored(bytes).lines(key, MAX))
        .isInstanceOf(BatchException.Unreadable.class)
        .hasMessageStartingWith(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.txt", "a.jsonl", "a.csv"})
  void aLineOfAnyLengthTakesNoMoreMemoryThanTheLimit(String key) {
    int lineBytesMax = 1024 * 1024;
    long size = 200L * 1024 * 1024;
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    try (Lines lines =
        Lines.open(
            offset -> longLine(size, "text\n"),
            InputFormat.of(key, Map.of()),
            0,
            0,
            lineBytesMax)) {
      if (!key.endsWith(".csv")) {
        assertThat(lines.next()).isPresent(); // where a CSV has its header
      }
      assertThat(Stored.shown(lines.next().orElseThrow()))
          .startsWith("wrong the line has %d bytes; up to %d are".formatted(size, lineBytesMax));
      assertThat(lines.next().orElseThrow().end()).isEqualTo(size + "text\n\nend\n".length());
      assertThat(lines.next()).isEmpty();
    }

    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(8L * lineBytesMax);
  }

  private static InputStream longLine(long size, String before) {
    InputStream middle =
        new InputStream() {
          private long left = size;

          @Override
          public int read() {
            return left-- > 0 ? 'x' : -1;
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            int count = (int) Math.min(left, length);
            Arrays.fill(into, offset, offset + count, (byte) 'x');
            left -= count;
            return count == 0 ? -1 : count;
          }
        };
    return new SequenceInputStream(
        new SequenceInputStream(Stored.of(before).apply(0), middle), Stored.of("\nend\n").apply(0));
  }

  @Test
  void storedPlaceIsThatOfTheLastLineNotOfReadAhead() {
    StringBuilder text = new StringBuilder();
    Random random = new Random(5);
    for (int i = 0; i < 600; i++) {
      text.append("line %d %d\n".formatted(i, random.nextLong()));
    }
    byte[] plain = text.toString().getBytes(StandardCharsets.UTF_8);
    requirePlaceOfASixth(plain, "a.txt");
    requirePlaceOfASixth(Stored.gzip(plain), "a.txt.gz");
  }

  private static void requirePlaceOfASixth(byte[] stored, String key) {
    InputFormat format = InputFormat.of(key, Map.of());
    try (Lines lines = Lines.open(new Stored(stored), format, 0, 0, 1_000)) {
      for (int i = 0; i < 100; i++) {
        assertThat(lines.next()).isPresent();
      }
      assertThat((double) lines.stored() / stored.length).isBetween(1 / 6.6, 1 / 5.4);
      while (lines.next().isPresent()) {}
      assertThat(lines.stored()).isBetween(stored.length - 8L, (long) stored.length);
    }
  }
}
