package dev.pilotlight.batch.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.ParquetFileReader;
import dev.pilotlight.batch.input.Line.Content;
import dev.pilotlight.batch.input.parquet.ByteSource;
import dev.pilotlight.batch.input.parquet.ColumnPages;
import dev.pilotlight.batch.input.parquet.ParquetColumn;
import dev.pilotlight.batch.input.parquet.ParquetColumn.Form;
import dev.pilotlight.batch.input.parquet.ParquetFile;
import dev.pilotlight.batch.input.parquet.ReadMemory;
import dev.pilotlight.batch.s3.BatchException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rows of Parquet files, compared with what Hardwood reads.
final class ParquetLinesTest {
  private static final int MAX = 1000;
  private static final Path FILES = Path.of("src/test/resources");

  private static ByteSource source(byte[] file) {
    return (offset, length) ->
        Arrays.copyOfRange(
            file, Math.toIntExact(offset), Math.addExact(Math.toIntExact(offset), length));
  }

  private static List<Line> read(byte[] file, Map<String, String> metadata, long after) {
    List<Line> lines = new ArrayList<>();
    InputFormat format = InputFormat.of("a.parquet", metadata);
    try (Lines rows = ParquetLines.after(source(file), file.length, format, after, MAX)) {
      for (Optional<Line> line = rows.next(); line.isPresent(); line = rows.next()) {
        lines.add(line.get());
      }
    }
    return lines;
  }

  private static List<Line> read(byte[] file) {
    return read(file, Map.of(), 0);
  }

  private static Content text(@Nullable String id, String text) {
    return new Content.Text(new Line.Row(Optional.ofNullable(id), Map.of()), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bills/cur2-snappy",
        "bills/cur2-zstd",
        "bills/focus-gzip",
        "bills/focus-plain",
        "parquet/reviews-polars"
      })
  void everyColumnHasTheValuesThatHardwoodReads(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(FILES.resolve(name + ".parquet"));
    ParquetFile file = ParquetFile.open(source(bytes), bytes.length);
    int compared = 0;
    try (ParquetFileReader hardwood =
        ParquetFileReader.open(InputFile.of(ByteBuffer.wrap(bytes)))) {
      for (ParquetColumn column : file.columns()) {
        if (column.form().isEmpty()) {
          continue;
        }
        assertThat(ours(file, column)).as(column.toString()).isEqualTo(theirs(hardwood, column));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(5);
  }

  private static List<@Nullable String> ours(ParquetFile file, ParquetColumn column) {
    List<@Nullable String> values = new ArrayList<>();
    for (ParquetFile.Group group : file.groups()) {
      ColumnPages pages = file.pages(column, group, ReadMemory.ofHeap());
      for (long row = 0; row < group.rows(); row++) {
        byte[] value = pages.next();
        values.add(value == null ? null : new String(value, StandardCharsets.UTF_8));
      }
      pages.requireOver();
    }
    return values;
  }

  private static List<@Nullable String> theirs(ParquetFileReader file, ParquetColumn column) {
    List<@Nullable String> values = new ArrayList<>();
    try (ColumnReader reader = file.columnReader(column.name())) {
      while (reader.nextBatch()) {
        for (int i = 0; i < reader.getRecordCount(); i++) {
          values.add(
              reader.getLeafValidity().isNull(i)
                  ? null
                  : switch (column.form().orElseThrow()) {
                    case TEXT -> reader.getStrings()[i];
                    case INT32 -> Integer.toString(reader.getInts()[i]);
                    case INT64 -> Long.toString(reader.getLongs()[i]);
                    case DOUBLE -> Double.toString(reader.getDoubles()[i]);
                    case FLOAT -> Float.toString(reader.getFloats()[i]);
                    case BOOLEAN -> Boolean.toString(reader.getBooleans()[i]);
                    case UINT32, UINT64 -> "unsigned";
                  });
        }
      }
    }
    return values;
  }

  @Test
  void fileOfPolarsHasItsRows() throws IOException {
    byte[] bytes = Files.readAllBytes(FILES.resolve("parquet/reviews-polars.parquet"));
    List<Line> lines = read(bytes, Map.of("fields", "carry"), 0);
    assertThat(lines).hasSize(3_000);
    for (int i = 0; i < lines.size(); i++) {
      String id = "r" + i;
      if (i % 97 == 13) {
        Content.Wrong none = (Content.Wrong) lines.get(i).content();
        assertThat(none.reason()).startsWith("the text is null");
        assertThat(none.row().id()).contains(id);
      } else {
        Content.Text text = (Content.Text) lines.get(i).content();
        assertThat(text.text()).startsWith("review " + i + ": ");
        assertThat(text.row().id()).contains(id);
        assertThat(text.row().others().get("seen")).isEqualTo(i % 3 > 0 ? "true" : "false");
      }
    }
    assertThat(read(bytes, Map.of("fields", "carry"), 1_999))
        .isEqualTo(lines.subList(1_999, 3_000));
  }

  @Test
  void readingBeginsAfterAnyRow() throws IOException {
    byte[] bytes = Files.readAllBytes(FILES.resolve("bills/cur2-snappy.parquet"));
    Map<String, String> metadata =
        Map.of("text-column", "line_item_usage_type", "id-column", "identity_line_item_id");
    List<Line> all = read(bytes, metadata, 0);
    assertThat(all).hasSizeGreaterThan(100);
    Random random = new Random(7);
    for (int i = 0; i < 40; i++) {
      int after = random.nextInt(all.size() + 1);
      assertThat(read(bytes, metadata, after)).isEqualTo(all.subList(after, all.size()));
    }
    assertThatThrownBy(() -> read(bytes, metadata, all.size() + 1))
        .isInstanceOf(BatchException.Gone.class);
  }

  @Test
  void anyCutIntoGroupsAndPagesGivesTheSameRows() {
    TestParquet file = new TestParquet();
    String[] texts = new String[37];
    Long[] ids = new Long[texts.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = i % 5 == 0 ? null : i % 7 == 0 ? "" : "text ü " + i;
      ids[i] = i % 3 == 0 ? null : (long) i - 5;
    }
    file.texts("text", texts).longs("id", ids);
    List<Line> all = read(file.write());
    assertThat(all).hasSize(texts.length);
    assertThat(all.get(1)).isEqualTo(new Line(2, 2, text("-4", "text ü 1")));
    assertThat(((Content.Wrong) all.get(0).content()).reason())
        .isEqualTo("the text is null; accepted: at least one character");
    assertThat(((Content.Wrong) all.get(7).content()).reason())
        .isEqualTo("the text is empty; accepted: at least one character");
    for (int group : new int[] {1, 2, 10, 36, 37, 50}) {
      for (int page : new int[] {1, 3, 100}) {
        byte[] cut = file.cut(group, page).write();
        for (int after = 0; after <= texts.length; after += 4) {
          assertThat(read(cut, Map.of(), after)).isEqualTo(all.subList(after, texts.length));
        }
      }
    }
  }

  @Test
  void textsThatCannotBeAnsweredAreErrorsOfTheirRows() {
    byte[] file =
        new TestParquet()
            .bytes(
                "text",
                List.of(
                    new byte[] {'a', (byte) 0xff},
                    "x".repeat(MAX + 1).getBytes(StandardCharsets.US_ASCII),
                    new byte[] {'b'}))
            .texts("id", "1", "2", "")
            .write();
    List<Line> lines = read(file);
    assertThat(((Content.Wrong) lines.get(0).content()).reason()).startsWith("byte 2 of the text");
    assertThat(((Content.Wrong) lines.get(0).content()).row().id()).contains("1");
    assertThat(((Content.Wrong) lines.get(1).content()).reason())
        .isEqualTo("the text has 1001 bytes; up to 1000 are accepted");
    assertThat(lines.get(2).content()).isEqualTo(text(null, "b"));
  }

  @Test
  void otherColumnsAreCarriedButNulls() {
    byte[] file =
        new TestParquet()
            .texts("review", "good", "bad")
            .texts("shop", "a", null)
            .longs("stars", 5L, -1L)
            .write();
    List<Line> lines = read(file, Map.of("text-column", "review", "fields", "carry"), 0);
    assertThat(lines.get(0).content())
        .isEqualTo(
            new Content.Text(
                new Line.Row(Optional.empty(), Map.of("shop", "a", "stars", "5")), "good"));
    assertThat(lines.get(1).content())
        .isEqualTo(new Content.Text(new Line.Row(Optional.empty(), Map.of("stars", "-1")), "bad"));
  }

  @Test
  void fileWithoutRowsHasNoLines() {
    assertThat(read(new TestParquet().texts("text").write())).isEmpty();
  }

  @Test
  void filesThatAreNotUnderstoodAreRefused() throws IOException {
    byte[] file = new TestParquet().texts("review", "a").longs("n", 1L).write();
    refused(file, Map.of(), "has no column \"text\", but \"review\", \"n\"");
    refused(file, Map.of("text-column", "n"), "is INT64; accepted: a column of strings");
    refused(file, Map.of("text-column", "review", "id-column", "x"), "has no column \"x\"");
    refused(new byte[0], Map.of(), "is not a Parquet file");
    refused(
        "PAR1 is a long text".getBytes(StandardCharsets.US_ASCII), Map.of(), "is not a Parquet");
    refused(
        new TestParquet().texts("text", "a").texts("text", "b").write(), Map.of(), "two columns");
    refused(
        Files.readAllBytes(FILES.resolve("bills/focus-plain.parquet")),
        Map.of("text-column", "ServiceName", "fields", "carry"),
        "accepted with fields=carry: strings, whole numbers");
    assertThatThrownBy(() -> InputFormat.of("a.parquet.gz", Map.of()))
        .hasMessageContaining("accepted: .parquet, whose pages may be gzip");
  }

  private static void refused(byte[] file, Map<String, String> metadata, String reason) {
    assertThatThrownBy(() -> read(file, metadata, 0))
        .isInstanceOf(BatchException.Unreadable.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bills/cur2-snappy", "bills/cur2-zstd", "bills/focus-gzip", "bills/focus-plain"})
  void damagedFileIsRefusedAndNeverABug(String name) throws IOException {
    byte[] whole = Files.readAllBytes(FILES.resolve(name + ".parquet"));
    Random random = new Random(name.hashCode());
    int refused = 0;
    for (int i = 0; i < 90; i++) {
      byte[] file = whole.clone();
      if (i % 3 == 0) { // metadata, where damage does most
        for (int hit = 0; hit < 3; hit++) {
          file[file.length - 9 - random.nextInt(6_000)] = (byte) random.nextInt();
        }
      } else {
        file[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        ParquetFile opened = ParquetFile.open(source(file), file.length);
        for (ParquetColumn column : opened.columns()) {
          if (column.form().filter(form -> form == Form.TEXT || form.isWhole()).isPresent()) {
            var _ = ours(opened, column);
          }
        }
      } catch (BatchException.Unreadable e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }
}
