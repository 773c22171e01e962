package dev.pilotlight.batch.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.s3.BatchException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

final class CsvLinesTest {
  private static final int MAX = 20;
  private static final String OPEN = "wrong a quote is opened and never closed;";
  private static final String EMPTY = "wrong the line is empty; accepted: a record of ";

  private static Arguments oddity(String content, String... lines) {
    return Arguments.of(content, List.of(lines));
  }

  // characters stand for the bytes of the same number
  static final List<Arguments> ODDITIES =
      List.of(
          oddity(""),
          oddity("\u00ef\u00bb\u00bf"),
          oddity("text"),
          oddity("text\r\n"),
          oddity("text\na\n\"b\"", "text a", "text b"),
          oddity("text\r\na\r\n\"b\"\r\n", "text a", "text b"),
          oddity("text\na\r\nb\r", "text a", "text b"),
          oddity("\u00ef\u00bb\u00bftext\na", "text a"),
          oddity("\u00ef\u00bb\u00bf\"text\"\na", "text a"),
          oddity("id,text\n1,a\n2,b", "text id=1 a", "text id=2 b"),
          oddity("text,id\na,1", "text id=1 a"),
          oddity("id,text\n,a\n\"\",b", "text a", "text b"),
          oddity("id,text\n1,\n", "wrong id=1 the text is empty;"),
          oddity("id,text\n1,\"\"\n", "wrong id=1 the text is empty;"),
          oddity("id,text\n1\n2,b", "wrong the record has 1 fields; accepted: 2", "text id=2 b"),
          oddity("id,text\n1,a,\n2,b", "wrong the record has 3 fields;", "text id=2 b"),
          oddity("text\n\na", EMPTY + "1 fields, for \"text\"", "text a"),
          oddity("text\n\r\n", EMPTY),
          oddity("text\n \n", "text  "),
          oddity("text\n a \n", "text  a "),
          oddity("text\n\"a\nb\"\nc", "text a\nb", "text c"),
          oddity("text\n\"a\r\nb\r\n\"\r\nc", "text a\r\nb\r\n", "text c"),
          oddity("text\n\"\n\n\"\nc", "text \n\n", "text c"),
          oddity("text\n\"a,b\"", "text a,b"),
          oddity("text\n\"a\"\"b\"", "text a\"b"),
          oddity("text\n\"\"\"\"", "text \""),
          oddity("text\n\"\"\"a\"\"\"\n", "text \"a\""),
          oddity("text\na\"b\n", "text a\"b"),
          oddity("text\na\"\"b\n", "text a\"\"b"),
          oddity("text\n \"a\"\n", "text  \"a\""),
          oddity("text\n5\"\nx", "text 5\"", "text x"),
          oddity("text\na\rb\n", "text a\rb"),
          oddity("x,text,y\n1,a,2\n\"1\",\"a\",\"2\"", "text a", "text a"),
          oddity("x,text,\n,a,\n", "text a"),
          oddity("\"te\"\"xt\",text\nb,a", "text a"),
          oddity("text\n\"a\"b\nc", "wrong field 1 has text after its closing quote;", "text c"),
          oddity("id,text\n1,\"a\" \n2,b", "wrong field 2 has text after", "text id=2 b"),
          oddity("text\n\"a\nb\nc", OPEN, "text b", "text c"),
          oddity("text\n\"a\n", OPEN),
          oddity("text\n\"", OPEN),
          oddity("text\na\n\"\"\"\nb", "text a", OPEN, "text b"),
          oddity("id,text\n1,\"a\n2,\"b\"\n3,c", OPEN, "text id=2 b", "text id=3 c"),
          oddity(
              "text\n\"a\n0123456789\n0123456789\nb\"\n",
              OPEN,
              "text 0123456789",
              "text 0123456789",
              "text b\""),
          oddity("text\n\"0123456789\n01234567\"\n", OPEN, "text 01234567\""),
          oddity("text\n\"0123456789\n0123456\"\n", "text 0123456789\n0123456"),
          oddity("text\n\"0123456789\r\n012345\"\r\nx", "text 0123456789\r\n012345", "text x"),
          oddity("text\n01234567890123456789\r\n", "text 01234567890123456789"),
          oddity("text\n0123456789012345678901\nx", "wrong the line has 22 bytes;", "text x"),
          oddity("text\n\"012345678901234567890123\nx", "wrong the line has 25 bytes;", "text x"),
          oddity(
              "id,text\n1,a\u00ff\n2,b",
              "wrong id=1 byte 2 of the text is not UTF-8;",
              "text id=2 b"),
          oddity("id,text\n\u00c3,a\n", "wrong byte 1 of the id is not UTF-8;"),
          oddity("x,text\n\u00ff,a\n", "text a"),
          oddity("text\n\u00f0\u009f\u0098\u0080\n", "text \ud83d\ude00"),
          oddity("text\na\u0000b", "text a\u0000b"));

  @ParameterizedTest
  @FieldSource("ODDITIES")
  void anOddityHasItsLines(String content, List<String> expected) {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    for (int pieceBytes : new int[] {1, 2, 3, 5, 8192}) {
      List<Line> lines = new Stored(bytes, pieceBytes).lines("a.csv", MAX);
      LinesTest.assertMatches(lines, expected);
      assertThat(Stored.exact(new Stored(Stored.gzip(bytes), pieceBytes).lines("a.csv.gz", MAX)))
          .isEqualTo(Stored.exact(lines));
    }
  }

  static final List<Arguments> HEADERS =
      List.of(
          Arguments.of("id,review\n1,a\n", "has no column \"text\", but \"id\", \"review\";"),
          Arguments.of("id;text\n1;a\n", "has no column \"text\", but \"id;text\"; accepted: colu"),
          Arguments.of("Text\na\n", "has no column \"text\", but \"Text\";"),
          Arguments.of("\na\n", "has no column \"text\", but \"\";"),
          Arguments.of("\"a\r\nb\tc\"\n", "has no column \"text\", but \"a  b c\";"),
          Arguments.of("text,id,text\n", "names two columns \"text\""),
          Arguments.of("text,,\n", "names two columns \"\""),
          Arguments.of("\"text\nid\n", "opens a quote that is never closed"),
          Arguments.of("\"text\"x\n", "has text after a closing quote"),
          Arguments.of("text,0123456789abcdef\n", "is longer than the 20 bytes that are accepted"),
          Arguments.of("text,0123456789abcdefg\n", "is longer than the 20 bytes"),
          Arguments.of("text,\u00ff\n", "is not UTF-8 in column 2"));

  @ParameterizedTest
  @FieldSource("HEADERS")
  void headerWithoutAColumnOfTextsIsUnreadable(String content, String reason) {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> new Stored(bytes).lines("a.csv", MAX))
        .isInstanceOf(BatchException.Unreadable.class)
        .hasMessageStartingWith("the CSV's header " + reason);
  }

  @Test
  void theMetadataNameTheColumns() {
    Stored stored = Stored.of("id,text,nr,review\n1,a,7,good\n");
    InputFormat both = InputFormat.of("a.csv", Map.of("text-column", "review", "id-column", "nr"));
    assertThat(stored.lines(both, 0, 0, MAX))
        .extracting(Stored::shown)
        .containsExactly("text id=7 good");
    InputFormat one = InputFormat.of("a.csv", Map.of("text-column", "review"));
    assertThat(stored.lines(one, 0, 0, MAX))
        .extracting(Stored::shown)
        .containsExactly("text id=1 good");
  }

  @Test
  void aColumnThatTheMetadataNameMustBeThere() {
    InputFormat format = InputFormat.of("a.csv", Map.of("id-column", "nr"));
    assertThatThrownBy(() -> Stored.of("id,text\n1,a\n").lines(format, 0, 0, MAX))
        .isInstanceOf(BatchException.Unreadable.class)
        .hasMessageContainingAll("has no column \"nr\", but \"id\", \"text\";", "id-column");
  }

  @Test
  void onlyTheFirstOfManyColumnsAreNamed() {
    StringBuilder header = new StringBuilder("c0");
    for (int i = 1; i < 1000; i++) {
      header.append(",c").append(i);
    }
    assertThatThrownBy(() -> Stored.of(header.toString()).lines("a.csv", 10_000))
        .hasMessageContaining("\"c0\", \"c1\",")
        .hasMessageContaining("\"c19\" and 980 more;");
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES) // it takes a second; in quadratic time, hours
  void manyStrayQuotesTakeLinearTime() {
    String stray = "\"a\nb\n".repeat(200_000);
    assertThat(Stored.of("text\n" + stray).lines("a.csv", 8 * 1024 * 1024)).hasSize(400_000);
  }

  @Test
  void recordWithoutTextKeepsItsId() {
    assertThat(shown("a.csv", "id,text\nx,\n,\n", Map.of()))
        .containsExactly(
            "wrong id=x the text is empty; accepted: at least one character",
            "wrong the text is empty; accepted: at least one character");
  }

  @Test
  void recordWhoseTextIsNotUtf8KeepsItsId() {
    List<Line> lines =
        new Stored("id,text\nx,\u00fc\n".getBytes(StandardCharsets.ISO_8859_1)).lines("a.csv", 100);
    assertThat(lines.stream().map(Stored::shown))
        .containsExactly("wrong id=x byte 1 of the text is not UTF-8; accepted: text in UTF-8");
  }

  @Test
  void tabsSetTheColumnsOfATsvApart() {
    assertThat(shown("a.TSV", "id\ttext\tmore\nx\ta, b\t\ny\t\"a\tb\"\tc\nz\ta\n", Map.of()))
        .containsExactly(
            "text id=x a, b",
            "text id=y a\tb",
            "wrong the record has 2 fields; accepted: 3 fields, for \"id\", \"text\", \"more\"");
    assertThatThrownBy(() -> shown("a.tsv", "id,text\nx,a\n", Map.of()))
        .isInstanceOf(BatchException.Unreadable.class)
        .hasMessageContaining("columns set apart by tabs");
  }

  @Test
  void otherColumnsAreCarriedIfWanted() {
    String csv = "stars,id,text,who\n5,x,a,\"b,c\"\n";
    assertThat(shown("a.csv", csv, Map.of("fields", "carry")))
        .containsExactly("text id=x {stars=5, who=b,c} a");
    assertThat(shown("a.csv", csv, Map.of())).containsExactly("text id=x a");
  }

  @Test
  void otherColumnsOfAnInvalidRecordAreCarriedToo() {
    assertThat(shown("a.csv", "stars,id,text,who\n5,x,,b\n", Map.of("fields", "carry")))
        .containsExactly(
            "wrong id=x {stars=5, who=b} the text is empty; accepted: at least one character");
    byte[] latin = "stars,id,text,who\n\u00fc,x,a,b\n".getBytes(StandardCharsets.ISO_8859_1);
    InputFormat carry = InputFormat.of("a.csv", Map.of("fields", "carry"));
    assertThat(new Stored(latin).lines(carry, 0, 0, 100).stream().map(Stored::shown))
        .containsExactly(
            "wrong id=x {who=b} byte 1 of the column 1 is not UTF-8; accepted: text in UTF-8");
  }

  private static List<String> shown(String key, String content, Map<String, String> metadata) {
    return new Stored(content.getBytes(StandardCharsets.UTF_8))
        .lines(InputFormat.of(key, metadata), 0, 0, 100).stream().map(Stored::shown).toList();
  }
}
