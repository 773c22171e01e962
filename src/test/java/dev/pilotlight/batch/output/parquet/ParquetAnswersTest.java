package dev.pilotlight.batch.output.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.output.parquet.ParquetRows.Row;
import dev.pilotlight.support.json.JsonBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Files of answers, read by Hardwood.
final class ParquetAnswersTest {
  private static final float[] ODD = {
    0f, -0f, Float.MIN_VALUE, -Float.MIN_NORMAL, Float.MAX_VALUE, 1f / 3, 1.0E10f, 9.9E-4f
  };

  /// Makes a file of lines of JSON, with so many lines in a row group.
  private static byte[] file(List<String> lines, int groupRows) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(Footer.start());
    List<GroupSizes> groups = new ArrayList<>();
    for (int from = 0; from < lines.size(); from += groupRows) {
      RowGroup group = new RowGroup();
      for (String line : lines.subList(from, Math.min(lines.size(), from + groupRows))) {
        byte[] padded = ("xx" + line + "x").getBytes(UTF_8);
        group.add(AnswerRow.read(padded, 2, padded.length - 1));
      }
      groups.add(group.writeTo(file));
    }
    file.writeBytes(Footer.end(groups));
    return file.toByteArray();
  }

  private static String embedding(long line, @Nullable String id, float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    JsonBytes json = new JsonBytes().object().field("line", line).field("id", id);
    json.field("model", "größer").name("embedding").base64(bytes.array());
    return new String(
        json.field("tokens", line + 7).field("result_id", "r" + line).endObject().toByteArray(),
        UTF_8);
  }

  private static Row embedded(long line, @Nullable String id, float... values) {
    List<Integer> bits = new ArrayList<>();
    for (float value : values) {
      bits.add(Float.floatToRawIntBits(value));
    }
    return new Row(line, id, "größer", bits, null, null, line + 7, "r" + line, null, null);
  }

  private static Row failed(long line, @Nullable String id, @Nullable String fields) {
    return new Row(line, id, null, null, null, null, null, null, fields, null);
  }

  @Test
  void fileWithoutRowsHasAllColumns() {
    byte[] file = file(List.of(), 1);
    assertThat(ParquetRows.read(file)).isEmpty();
    assertThat(ParquetRows.groups(file)).isZero();
  }

  @Test
  void embeddingKeepsEveryBit() {
    assertThat(ParquetRows.read(file(List.of(embedding(1, "ü \ud83d\ude00\"", ODD)), 9)))
        .containsExactly(embedded(1, "ü \ud83d\ude00\"", ODD));
  }

  @Test
  void labelsAndScoresHaveTheirColumns() {
    List<String> lines = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    for (float score : ODD) {
      lines.add(
          "{\"line\":3,\"id\":17,\"model\":\"m\",\"label\":\"gut\",\"score\":%s,\"tokens\":4}"
              .formatted(Float.toString(score)));
      int bits = Float.floatToRawIntBits(score);
      rows.add(new Row(3, "17", "m", null, "gut", bits, 4L, null, null, null));
    }
    assertThat(ParquetRows.read(file(lines, 3))).isEqualTo(rows);
  }

  @Test
  void linesThatFailedHaveTheirNumbersAndIds() {
    assertThat(
            ParquetRows.read(
                file(
                    List.of(
                        "{\"line\":1,\"id\":null,\"error\":{\"message\":\"no\",\"x\":[1]}}",
                        "{\"line\":2,\"id\":\"b\",\"error\":{},\"fields\":{\"a\":[1, {}]}}",
                        "{\"line\":3,\"id\":null,\"custom_id\":\"c\",\"response\":null,"
                            + "\"error\":{}}",
                        "{\"id\":\"batch_req_1\",\"custom_id\":\"d\",\"line\":4,"
                            + "\"response\":{\"body\":{\"error\":1}},\"error\":null}"),
                    10)))
        .containsExactly(
            failed(1, null, null),
            failed(2, "b", "{\"a\":[1, {}]}"),
            failed(3, "c", null),
            failed(4, "d", null));
  }

  @Test
  void fieldsAreCopiedAsTheyAre() {
    String deep = "[".repeat(200) + "]".repeat(200);
    String fields = "{\"ü\":\"\\u00fc }\",\"n\":%s,\"d\":%s}".formatted("1".repeat(2_000), deep);
    String start = "{\"line\":1,\"id\":null,\"model\":\"m\",\"label\":\"a\",\"score\":1.0,";
    List<Row> rows =
        ParquetRows.read(
            file(
                List.of(
                    start + "\"tokens\":1,\"fields\":" + fields + "}",
                    start + "\"tokens\":1,\"ignored\":[\"é\",\"… and 1 more\"]}"),
                2));
    assertThat(rows.getFirst().fields()).isEqualTo(fields);
    assertThat(rows.getLast().ignored()).isEqualTo("[\"é\",\"… and 1 more\"]");
  }

  @Test
  void anyCutIntoRowGroupsHasTheSameRows() {
    Random random = new Random(5);
    List<String> lines = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    for (int i = 1; i <= 60; i++) {
      String id = i % 3 == 0 ? null : "é".repeat(random.nextInt(20));
      if (i % 7 < 2) {
        lines.add("{\"line\":%d,\"id\":null,\"error\":{\"message\":\"bad\"}}".formatted(i));
        rows.add(failed(i, null, null));
      } else {
        float[] values = new float[1 + random.nextInt(40)];
        for (int j = 0; j < values.length; j++) {
          values[j] = Float.intBitsToFloat(random.nextInt());
          values[j] = Float.isNaN(values[j]) ? 0 : values[j];
        }
        lines.add(embedding(i, id, values));
        rows.add(embedded(i, id, values));
      }
    }
    for (int groupRows : new int[] {1, 7, 59, 60, 61}) {
      byte[] file = file(lines, groupRows);
      assertThat(ParquetRows.groups(file)).isEqualTo((59 + groupRows) / groupRows);
      assertThat(ParquetRows.read(file)).isEqualTo(rows);
    }
  }

  @Test
  void columnsOfSeveralPagesRoundTrip() {
    float[] values = new float[400];
    List<String> lines = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    for (int i = 1; i <= 2_000; i++) {
      values[i % 400] = i;
      lines.add(i == 1_000 ? "{\"line\":1000,\"error\":{}}" : embedding(i, "x", values));
      rows.add(i == 1_000 ? failed(i, null, null) : embedded(i, "x", values));
    }
    assertThat(ParquetRows.read(file(lines, 5_000))).isEqualTo(rows);
  }

  @Test
  void otherAnswersAreRefused() {
    for (String line :
        List.of(
            "",
            "[]",
            "{\"line\":1,\"id\":null,\"model\":\"m\",\"embeddings\":[]}",
            "{\"line\":1,\"id\":null,\"model\":\"m\",\"tokens\":1}",
            "{\"id\":null,\"model\":\"m\",\"label\":\"a\"}",
            "{\"line\":1,\"label\":\"a\",\"error\":{}}",
            "{\"line\":1,\"embedding\":[1.0]}",
            "{\"line\":1,\"label\":\"a\"")) {
      byte[] bytes = line.getBytes(UTF_8);
      assertThatThrownBy(() -> AnswerRow.read(bytes, 0, bytes.length))
          .as(line)
          .isInstanceOf(IllegalStateException.class);
    }
    String base64 = Base64.getEncoder().encodeToString(new byte[5]);
    byte[] bytes = "{\"line\":1,\"embedding\":\"%s\"}".formatted(base64).getBytes(UTF_8);
    assertThatThrownBy(() -> AnswerRow.read(bytes, 0, bytes.length))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void stateSurvivesEncodeAndDecode() {
    GroupSizes.Chunk chunk = new GroupSizes.Chunk(1L << 40, 7);
    GroupSizes group = new GroupSizes(3, Collections.nCopies(Column.values().length, chunk));
    ConversionState state =
        new ConversionState("s", "u", List.of("a", "b"), 1L << 41, 99, List.of(group, group), true);
    assertThat(ConversionState.decode(state.encode())).contains(state);
    assertThat(ConversionState.decode(new byte[] {9})).isEmpty();
    assertThat(ConversionState.decode(new byte[0])).isEmpty();
  }

  @Test
  void groupsGrowWithTheLines() {
    assertThat(ParquetConversion.groupBytes(0)).isEqualTo(16 << 20);
    assertThat(ParquetConversion.groupBytes(9_000L * (20 << 20))).isEqualTo(20 << 20);
    assertThat(ParquetConversion.groupBytes(Long.MAX_VALUE)).isEqualTo(64 << 20);
  }
}
