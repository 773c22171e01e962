package dev.pilotlight.batch.input;

import static dev.pilotlight.batch.input.HandPages.DELTAS;
import static dev.pilotlight.batch.input.HandPages.DELTA_LENGTHS;
import static dev.pilotlight.batch.input.HandPages.DELTA_PREFIXES;
import static dev.pilotlight.batch.input.HandPages.DICTIONARY;
import static dev.pilotlight.batch.input.HandPages.PLAIN;
import static dev.pilotlight.batch.input.HandPages.RLE;
import static dev.pilotlight.batch.input.HandPages.SPLIT;
import static dev.pilotlight.batch.input.HandPages.bytes;
import static dev.pilotlight.batch.input.HandPages.deltas;
import static dev.pilotlight.batch.input.HandPages.dictionary;
import static dev.pilotlight.batch.input.HandPages.joined;
import static dev.pilotlight.batch.input.HandPages.sized;
import static dev.pilotlight.batch.input.HandPages.snappy;
import static dev.pilotlight.batch.input.HandPages.texts;
import static dev.pilotlight.batch.input.HandPages.v1;
import static dev.pilotlight.batch.input.HandPages.v2;
import static dev.pilotlight.batch.input.TestParquet.BOOLEAN;
import static dev.pilotlight.batch.input.TestParquet.DOUBLE;
import static dev.pilotlight.batch.input.TestParquet.FLOAT;
import static dev.pilotlight.batch.input.TestParquet.INT32;
import static dev.pilotlight.batch.input.TestParquet.INT64;
import static dev.pilotlight.batch.input.TestParquet.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.pilotlight.batch.input.parquet.ColumnPages;
import dev.pilotlight.batch.input.parquet.ParquetFile;
import dev.pilotlight.batch.input.parquet.ReadMemory;
import dev.pilotlight.batch.s3.BatchException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Pages that the files of other tests do not have: each is made by hand, and has the values that
/// are written here, or is refused.
final class ParquetPagesTest {
  private static final int SNAPPY = 1;
  private static final int ZSTD = 6;
  private static final int UINT_32 = INT32 + 100 * (13 + 1);
  private static final int UINT_64 = INT64 + 100 * (14 + 1);

  /// One, none, one.
  private static final byte[] LEVELS = bytes(3, 0b101);

  private static List<@Nullable String> read(int rows, TestParquet file, String column) {
    byte[] bytes = file.rows(rows).write();
    ParquetFile opened =
        ParquetFile.open(
            (offset, length) -> Arrays.copyOfRange(bytes, (int) offset, (int) offset + length),
            bytes.length);
    int place = opened.find(column).orElseThrow();
    ParquetFile.Group group = opened.groups().getFirst();
    ColumnPages pages = opened.pages(opened.columns().get(place), group, ReadMemory.ofHeap());
    List<@Nullable String> values = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      byte[] value = pages.next();
      values.add(value == null ? null : new String(value, StandardCharsets.UTF_8));
    }
    pages.requireOver();
    return values;
  }

  private static List<@Nullable String> read(
      int rows, int type, boolean optional, byte[]... pages) {
    return read(rows, new TestParquet().pages("a", type, optional, 0, pages), "a");
  }

  private static void refused(int rows, boolean optional, String reason, byte[]... pages) {
    assertThatThrownBy(() -> read(rows, TEXT, optional, pages))
        .isInstanceOf(BatchException.Unreadable.class)
        .hasMessageContaining(reason);
  }

  private static ByteBuffer numbers(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void pageOfVersion2HasItsLevelsOutsideOfTheCompression() {
    byte[] body = texts("a", "b");
    byte[] packed = v2(PLAIN, 3, 1, LEVELS, true, body.length, snappy(body));
    byte[] plain = v2(PLAIN, 3, 1, LEVELS, false, body.length, body);
    byte[] ofNulls = v2(PLAIN, 3, 3, bytes(6, 0), true, 0, new byte[0]);
    byte[] ofPackedNulls = v2(PLAIN, 3, 3, bytes(6, 0), true, 0, bytes(0));
    TestParquet file =
        new TestParquet().pages("a", TEXT, true, SNAPPY, packed, ofNulls, plain, ofPackedNulls);
    assertThat(read(12, file, "a"))
        .containsExactly("a", null, "b", null, null, null, "a", null, "b", null, null, null);
    TestParquet gzip = new TestParquet().pages("a", TEXT, true, 2, ofNulls);
    assertThat(read(3, gzip, "a")).containsExactly(null, null, null);
  }

  @Test
  void pagesOfZstdAreWholeOrRefused() {
    byte[] body = texts("a", "b");
    byte[] frame = Zstd.compress(body);
    byte[] ofNulls = v2(PLAIN, 3, 3, bytes(6, 0), true, 0, new byte[0]);
    byte[] ofFrameOfNulls = v2(PLAIN, 3, 3, bytes(6, 0), true, 0, Zstd.compress(new byte[0]));
    byte[] packed = v2(PLAIN, 3, 1, LEVELS, true, body.length, frame);
    byte[] plain = v2(PLAIN, 3, 1, LEVELS, false, body.length, body);
    TestParquet file =
        new TestParquet().pages("a", TEXT, true, ZSTD, packed, ofNulls, plain, ofFrameOfNulls);
    assertThat(read(12, file, "a"))
        .containsExactly("a", null, "b", null, null, null, "a", null, "b", null, null, null);
    byte[] version1 = v1(PLAIN, 2, body.length, frame);
    assertThat(read(2, new TestParquet().pages("a", TEXT, false, ZSTD, version1), "a"))
        .containsExactly("a", "b");
    for (int size : new int[] {0, body.length - 1, body.length + 1}) {
      TestParquet wrong =
          new TestParquet().pages("a", TEXT, false, ZSTD, v1(PLAIN, 2, size, frame));
      assertThatThrownBy(() -> read(2, wrong, "a"))
          .isInstanceOf(BatchException.Unreadable.class)
          .hasMessageContaining("a page has broken ZSTD: ");
    }
    TestParquet lz4 = new TestParquet().pages("a", TEXT, false, 5, version1);
    assertThatThrownBy(() -> read(2, lz4, "a"))
        .isInstanceOf(BatchException.Unreadable.class)
        .hasMessageContaining("\"a\" is compressed with LZ4; accepted: UNCOMPRESSED, SNAPPY, GZIP");
  }

  @Test
  void textsOfDeltasAreWhole() {
    assertThat(
            read(
                3,
                TEXT,
                false,
                v1(
                    DELTA_LENGTHS,
                    3,
                    joined(deltas(1, 1, 1), "abcdef".getBytes(StandardCharsets.US_ASCII)))))
        .containsExactly("a", "bc", "def");
    byte[] shared = deltas(0, 2, 1);
    byte[] lengths = deltas(3, 0, 1);
    byte[] rest = "abcxyzklmn".getBytes(StandardCharsets.US_ASCII);
    assertThat(read(3, TEXT, false, v1(DELTA_PREFIXES, 3, joined(shared, lengths, rest))))
        .containsExactly("abc", "abxyz", "abxklmn");
    assertThat(read(1, TEXT, false, v1(DELTA_LENGTHS, 1, joined(deltas(2), bytes('h', 'i')))))
        .containsExactly("hi");
  }

  private static byte[] texts3() {
    return "abcdef".getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void numbersHaveTheirSignsAndBooleansTheirRuns() {
    byte[] ints = numbers(8).putInt(-1).putInt(7).array();
    assertThat(read(2, INT32, false, v1(PLAIN, 2, ints))).containsExactly("-1", "7");
    assertThat(read(2, UINT_32, false, v1(PLAIN, 2, ints))).containsExactly("4294967295", "7");
    byte[] longs = numbers(16).putLong(-1).putLong(7).array();
    assertThat(read(2, UINT_64, false, v1(PLAIN, 2, longs)))
        .containsExactly("18446744073709551615", "7");
    assertThat(read(3, INT64, false, v1(DELTAS, 3, deltas(5, 100, 0))))
        .containsExactly("5", "105", "105");
    assertThat(read(2, UINT_32, false, dictionary(2, ints), v1(DICTIONARY, 2, bytes(1, 3, 0b01))))
        .containsExactly("7", "4294967295");
    byte[] split = bytes(0, 0, 0, 0, 0x80, 0, 0x3f, 0x40);
    assertThat(read(2, FLOAT, false, v1(SPLIT, 2, split))).containsExactly("1.0", "2.0");
    byte[] doubles = numbers(16).putDouble(0.5).putDouble(-2).array();
    assertThat(read(2, DOUBLE, false, v1(PLAIN, 2, doubles))).containsExactly("0.5", "-2.0");
    assertThat(read(3, BOOLEAN, false, v1(RLE, 3, sized(bytes(4, 1, 2, 0)))))
        .containsExactly("true", "true", "false");
    assertThat(read(3, BOOLEAN, false, v1(PLAIN, 3, bytes(0b110))))
        .containsExactly("false", "true", "true");
  }

  @Test
  void dictionaryHasTextsAndItsPlacesMayBeFilledUp() {
    byte[] words = dictionary(2, texts("yes", "no"));
    byte[] filled = bytes(1, 9, 0b101, 0, 7, 0); // 32 places, of which 4 are meant
    assertThat(read(4, TEXT, false, words, v1(DICTIONARY, 4, filled)))
        .containsExactly("no", "yes", "no", "yes");
    refused(3, false, "does not have", words, v1(DICTIONARY, 3, bytes(2, 6, 2)));
    refused(3, false, "second dictionary", words, words, v1(DICTIONARY, 3, bytes(1, 6, 1)));
    refused(3, false, "has no dictionary", v1(DICTIONARY, 3, bytes(1, 6, 1)));
  }

  @Test
  void columnsAreFoundByTheirPathsAndNotByTheirPlaceAlone() {
    byte[] wrong = v1(PLAIN, 1, texts("another column's"));
    byte[] right = v1(PLAIN, 1, texts("right"));
    TestParquet nested =
        new TestParquet().pages("group.a", TEXT, false, 0, wrong).pages("a", TEXT, false, 0, right);
    assertThat(read(1, nested, "a")).containsExactly("right");
    TestParquet empty =
        new TestParquet()
            .emptyGroup("s")
            .pages("a", TEXT, false, 0, right)
            .pages("b", TEXT, false, 0, wrong);
    assertThat(read(1, empty, "a")).containsExactly("right");
    TestParquet swapped =
        new TestParquet()
            .pages("a", TEXT, false, 0, right)
            .pages("b", TEXT, false, 0, wrong)
            .swapped();
    assertThatThrownBy(() -> read(1, swapped, "a"))
        .isInstanceOf(BatchException.Unreadable.class)
        .hasMessageContaining("at the place of column \"a\" a row group has column \"b\"");
  }

  @Test
  void pageWithOtherValuesThanItsHeaderIsRefused() {
    byte[] three = texts("a", "b", "c");
    String others = "has a page with other values than its header";
    refused(2, false, others, v1(PLAIN, 2, three));
    refused(2, false, "has more values than rows", v1(PLAIN, 3, three));
    refused(2, false, "has more values than rows", v1(PLAIN, 2, texts("a", "b")), v1(0, 3, three));
    refused(4, false, "has fewer values than rows", v1(PLAIN, 3, three));
    // a value too many, which would be the next row's
    refused(3, true, others, v1(PLAIN, 3, joined(sized(LEVELS), three)));
    // a run of levels that is too long
    refused(2, true, others, v1(PLAIN, 2, joined(sized(bytes(6, 1)), texts("a", "b"))));
    refused(3, true, others, v2(PLAIN, 3, 2, LEVELS, false, 10, texts("a", "b")));
    refused(2, false, others, dictionary(1, texts("a")), v1(DICTIONARY, 2, bytes(1, 8, 0)));
    refused(2, false, others, v1(DELTA_LENGTHS, 2, joined(deltas(1, 0), texts3())));
    refused(3, true, "has a level of 9", v1(PLAIN, 3, joined(sized(bytes(6, 9)), three)));
  }

  @Test
  void checksumIsVerifiedIfThereIsOne() {
    byte[] body = texts("a", "b");
    assertThat(read(2, TEXT, false, HandPages.checked(2, body, 0))).containsExactly("a", "b");
    refused(2, false, "checksum is wrong", HandPages.checked(2, body, 1));
  }

  @Test
  void pageOfManyWindowsIsReadWhole() {
    String large = "x".repeat(3_500_000) + "y";
    byte[] small = v1(PLAIN, 1, texts("a"));
    assertThat(read(4, TEXT, false, small, v1(PLAIN, 2, texts(large, "b")), small))
        .containsExactly("a", large, "b", "a");
  }

  @Test
  void columnThatNeedsTooMuchMemoryIsNamed() {
    long heap = Runtime.getRuntime().maxMemory();
    int count = (int) Math.min(16 << 20, heap / 4 / Long.BYTES);
    byte[] header =
        joined(bytes(0x80, 1, 4), varint(count), bytes(0)); // deltas of equal numbers: no bytes
    refused(count, false, "column \"a\" needs", v1(DELTA_PREFIXES, count, header));
  }

  private static byte[] varint(int value) {
    return bytes(
        (value & 0x7f) | 0x80,
        ((value >>> 7) & 0x7f) | 0x80,
        ((value >>> 14) & 0x7f) | 0x80,
        value >>> 21);
  }

  @Test
  void deepMetadataAreRefused() {
    byte[] lists = new byte[1 << 20];
    Arrays.fill(lists, (byte) 0x19); // a list with a list
    byte[] magic = "PAR1".getBytes(StandardCharsets.US_ASCII);
    byte[] file = joined(magic, lists, TestParquet.int32(lists.length), magic);
    assertThatThrownBy(
            () ->
                ParquetFile.open(
                    (offset, length) ->
                        Arrays.copyOfRange(file, (int) offset, (int) offset + length),
                    file.length))
        .isInstanceOf(BatchException.Unreadable.class)
        .hasMessageContaining("nested too deeply");
  }
}
