package dev.pilotlight.batch.input.parquet.zstd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDictTrainer;
import dev.pilotlight.batch.input.parquet.zstd.ZstdFrames.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Frames that libzstd compresses have their bytes again.
final class ZstdTest {
  private static final int LEVEL_MIN = -7;
  private static final int LEVEL_MAX = 22;

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static void requireSame(String what, byte[] frames, byte[] data) throws ZstdException {
    assertThat(Arrays.equals(Zstd.decompress(frames, 0, data.length), data)).as(what).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void everyLevelIsDecompressed(Kind kind) throws ZstdException {
    for (int level = LEVEL_MIN; level <= LEVEL_MAX; level++) {
      Random random = new Random(level);
      byte[] data = kind.bytes(random, random.nextInt(20_000));
      byte[] frame = ZstdFrames.frame(data, level, random.nextBoolean(), random.nextBoolean());
      requireSame("level %d, %d bytes".formatted(level, data.length), frame, data);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everySmallSizeAndThoseOfFullBlocksAreDecompressed(Kind kind) throws ZstdException {
    for (int size = 0; size < 300; size++) {
      byte[] data = kind.bytes(new Random(size), size);
      requireSame(size + " bytes", ZstdFrames.frame(data, 3, size % 2 == 0, size % 3 == 0), data);
    }
    for (int size : new int[] {65_535, 65_791, 65_792, (128 << 10) - 1, 128 << 10, 131_073}) {
      byte[] data = kind.bytes(new Random(size), size);
      requireSame(size + " bytes", ZstdFrames.frame(data, 1, true, size % 2 == 0), data);
    }
  }

  @ParameterizedTest
  @EnumSource
  void blocksUseBytesAndTablesOfEarlierOnes(Kind kind) throws ZstdException {
    byte[] data = kind.bytes(new Random(5), 500_000); // FAR repeats what is 333,333 bytes away
    for (int level : new int[] {-7, 1, 3, 6, 12, 17}) {
      byte[] frame = ZstdFrames.frame(data, level, true, false);
      requireSame("level " + level, frame, data);
      if (kind == Kind.FAR && level > 0) {
        assertThat(frame).hasSizeLessThan(400_000);
      }
    }
  }

  @Test
  void streamsOfAnyCutAreDecompressed() throws ZstdException {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      Kind kind = Kind.ofSeed(seed);
      byte[] data = kind.bytes(random, 1 + random.nextInt(seed % 10 == 0 ? 300_000 : 3_000));
      requireSame("seed " + seed, ZstdFrames.stream(data, random, seed % 4 == 0), data);
    }
  }

  @Test
  void skippableFramesAreSkipped() throws ZstdException {
    byte[] first = ZstdFrames.frame(new byte[] {1, 2, 3}, 3, true, true);
    byte[] second = ZstdFrames.frame(new byte[] {4}, 3, false, false);
    byte[] none = ZstdFrames.frame(new byte[0], 3, true, false);
    byte[] skipped = skippable(5, 5, new byte[5]);
    byte[] frames = joined(skipped, first, none, skippable(0, 0, new byte[0]), second, skipped);
    requireSame("frames", frames, new byte[] {1, 2, 3, 4});
    requireSame("no bytes", joined(none, skipped), new byte[0]);
    refused(joined(first, skippable(0, 6, new byte[5])), 3, "end too early");
    refused(joined(first, skippable(0, -1, new byte[5])), 3, "end too early");
  }

  @Test
  void fewBytesMayBeManySequencesOrLiterals() throws ZstdException {
    byte[] head = HexFormat.of().parseHex("28b52ffd" + "0038" + "200000" + "61626364");
    // no literals, 32,517 sequences of 3 bytes without bits; their offsets are 4 and 1 by turns
    byte[] sequences = HexFormat.of().parseHex("4d0000" + "00" + "ff0500" + "54000000" + "01");
    byte[] data =
        Objects.requireNonNull(ZstdFrames.theirs(joined(head, sequences), 4 + 3 * 32_517));
    assertThat(data).startsWith('a', 'b', 'c', 'd', 'a', 'b', 'c', 'c', 'c', 'c');
    requireSame("sequences", joined(head, sequences), data);
    refused(joined(head, sequences), 97_000, "more bytes than the page's size");
    for (int size : new int[] {31, 32, 4_095, 4_096, 131_072}) {
      int header = size < 32 ? size << 3 | 1 : size << 4 | (size < 4_096 ? 5 : 13);
      int bytes = size < 32 ? 1 : size < 4_096 ? 2 : 3;
      byte[] literals =
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(header).array();
      byte[] block = joined(Arrays.copyOf(literals, bytes), new byte[] {'z', 0});
      byte[] frame = joined(head, new byte[] {(byte) (block.length << 3 | 5), 0, 0}, block);
      byte[] run = ("abcd" + "z".repeat(size)).getBytes(StandardCharsets.US_ASCII);
      assertThat(ZstdFrames.theirs(frame, run.length)).isEqualTo(run);
      requireSame(size + " literals", frame, run);
    }
  }

  private static byte[] skippable(int kind, int size, byte[] content) {
    ByteBuffer head = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    return joined(head.putInt(0x184d2a50 + kind).putInt(size).array(), content);
  }

  private static void refused(byte[] frames, int size, String reason) {
    assertThatThrownBy(() -> Zstd.decompress(frames, 0, size))
        .isInstanceOf(ZstdException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void otherSizesThanThePageStatesAreRefused() {
    byte[] data = Kind.WORDS.bytes(new Random(1), 2_000);
    for (boolean hasSize : new boolean[] {true, false}) {
      byte[] frame = ZstdFrames.frame(data, 3, false, hasSize);
      refused(frame, 2_001, "fewer bytes than the page's size");
      String tooMany = hasSize ? "larger than the page's size" : "more ";
      refused(frame, 1_999, tooMany);
      refused(joined(frame, frame), 2_000, tooMany);
      refused(joined(frame, new byte[] {0}), 2_000, "end too early");
      refused(joined(frame, new byte[4]), 2_000, "bytes outside of a frame");
    }
    refused(new byte[0], 1, "fewer bytes");
  }

  /// Frames without a checksum, byte by byte after the magic number.
  @ParameterizedTest
  @CsvSource({
    "20 00 01 00 00, a block of, 0, ''",
    "20 02 11 00 00 61 62, a raw block, 2, ab",
    "20 02 13 00 00 61, a run, 2, aa",
    "20 02 12 00 00 61 01 00 00, a run and an empty last block, 2, aa",
    "20 02 17 00 00 61, a block of a reserved kind, 2,",
    "28 02 13 00 00 61, a frame with a reserved bit, 2,",
    "21 00 02 13 00 00 61, a dictionary 0 is none, 2, aa",
    "21 07 02 13 00 00 61, a frame that needs a dictionary, 2,",
    "20 02 1b 00 00 61, a block larger than its frame's window, 2,",
    "00 a8 13 00 00 61, a window of 2 GB, 2, aa",
    "00 b0 13 00 00 61, a window of more than 4 GB, 2,",
    "00 38 c3 5d 00 61, more bytes than the page's size, 2000,",
    "e0 ff ff ff ff ff ff ff 7f 13 00 00 61, a frame larger than the page's size, 2,",
    "e0 00 00 00 00 00 00 00 80 13 00 00 61, a frame larger than the page's size, 2,",
    "20 03 13 00 00 61, a frame of another size than its header, 3,",
    "20 02 12 00 00 61, data that end too early, 2,",
    "20 02 11 00 00, data that end too early, 2,",
    // three literals, and no sequences
    "00 00 25 00 00 18 61 62 63, data that end too early, 3,",
    "00 00 2d 00 00 18 61 62 63 00, literals, 3, abc",
    "20 03 35 00 00 18 61 62 63 00 00, a block larger than its frame's window, 3,",
    "00 00 35 00 00 18 61 62 63 00 00, a block with bytes after its data, 3,",
    "00 00 1d 00 00 19 61 00, literals of a run, 3, aaa",
    "00 00 2d 00 00 1b 00 00 00 00, literals without a table of Huffman codes, 3,",
    "00 00 35 00 00 18 61 62 63 01 01, sequences with a reserved bit, 6,",
    "00 00 35 00 00 18 61 62 63 01 fc, sequences without a table, 6,",
    "00 00 45 00 00 18 61 62 63 01 54 24 00, a sequence with an unknown symbol, 6,",
  })
  void handmadeFramesAreUnderstoodOrRefused(
      String hex, String what, int size, @Nullable String text) throws ZstdException {
    byte[] rest = HexFormat.of().parseHex(hex.replace(" ", ""));
    byte[] frame = joined(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd}, rest);
    if (text == null) {
      refused(frame, size, what);
      assertThat(ZstdFrames.theirs(frame, size)).isNull();
    } else {
      byte[] data = text.getBytes(StandardCharsets.US_ASCII);
      requireSame(what, frame, data);
      assertThat(ZstdFrames.theirs(frame, data.length)).isEqualTo(data);
    }
  }

  /// RFC 8878 forbids them. libzstd refuses them in streams, but not in whole arrays.
  @Test
  void runsLargerThanTheirWindowAreRefused() {
    byte[] frame = HexFormat.of().parseHex("28b52ffd" + "0000" + "132000" + "61");
    assertThat(ZstdFrames.theirs(frame, 1_026)).isNotNull();
    refused(frame, 1_026, "a block larger than its frame's window");
  }

  @Test
  void framesThatNeedADictionaryAreRefused() {
    byte[] data = Kind.WORDS.bytes(new Random(1), 20_000);
    ZstdDictTrainer trainer = new ZstdDictTrainer(100_000, 2_000);
    for (int i = 0; i + 100 <= data.length; i += 100) {
      trainer.addSample(Arrays.copyOfRange(data, i, i + 100));
    }
    byte[] trained = trainer.trainSamples();
    byte[] part = Arrays.copyOfRange(data, 3_000, 4_000);
    try (ZstdCompressCtx compressor = new ZstdCompressCtx().loadDict(trained)) {
      refused(compressor.compress(part), part.length, "needs a dictionary");
    }
    try (ZstdCompressCtx compressor = new ZstdCompressCtx().loadDict(data)) { // without a number
      refused(compressor.compress(part), part.length, "a match before the beginning");
    }
  }
}
