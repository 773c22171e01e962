package dev.pilotlight.batch.input.parquet.zstd;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Data of several kinds, and frames that libzstd makes of them.
final class ZstdFrames {
  /// The kinds of data.
  enum Kind {
    WORDS,
    RANDOM,
    /// A few bytes again and again.
    REPEATED,
    /// Random bytes that occur once more, far away.
    FAR,
    /// Few small numbers of unequal frequency.
    DIGITS,
    /// Whole numbers of 8 bytes.
    NUMBERS,
    /// Bytes of unequal frequency, with matches of any distance.
    MIXED;

    private static final List<Kind> ALL = List.of(values());

    static Kind ofSeed(int seed) {
      return ALL.get(seed % ALL.size());
    }

    byte[] bytes(Random random, int size) {
      byte[] bytes = new byte[size];
      int period = this == FAR ? Math.max(1, size * 2 / 3) : 1 + random.nextInt(20);
      byte[] some = new byte[this == WORDS ? 900 : period];
      random.nextBytes(some);
      for (int i = 0; i < size; i++) {
        bytes[i] =
            switch (this) {
              case RANDOM -> (byte) random.nextInt();
              case REPEATED, FAR -> some[i % period];
              case DIGITS -> (byte) ("1132147".charAt(random.nextInt(7)) & 7);
              case NUMBERS -> i % Long.BYTES < 2 ? (byte) random.nextInt(50) : 0;
              case WORDS, MIXED -> (byte) Math.abs(random.nextGaussian() * 20);
            };
      }
      if (this == WORDS) {
        writeWords(random, bytes, some);
      } else if (this == MIXED) {
        repeatParts(random, bytes);
      }
      return bytes;
    }

    private static void writeWords(Random random, byte[] bytes, byte[] letters) {
      int place = 0;
      while (place < bytes.length) {
        int word = (int) (Math.abs(random.nextGaussian()) * 60) % 100 * 9;
        int length = Math.min(bytes.length - place, 2 + (letters[word] & 7));
        for (int i = 1; i < length; i++) {
          bytes[place++] = (byte) ('a' + (letters[word + i - 1] & 0xff) % 26);
        }
        bytes[place++] = ' ';
      }
    }

    private static void repeatParts(Random random, byte[] bytes) {
      int place = 10;
      while (place < bytes.length) {
        int offset = 1 + random.nextInt(place);
        int end = Math.min(bytes.length, place + 3 + random.nextInt(200));
        for (; place < end; place++) {
          bytes[place] = bytes[place - offset];
        }
        place += random.nextInt(40);
      }
    }
  }

  private ZstdFrames() {}

  /// One frame.
  static byte[] frame(byte[] data, int level, boolean checksum, boolean hasSize) {
    try (ZstdCompressCtx compressor = new ZstdCompressCtx()) {
      return compressor
          .setLevel(level)
          .setChecksum(checksum)
          .setContentSize(hasSize)
          .compress(data);
    }
  }

  /// Frames of a stream that is flushed now and then. They do not state their size.
  ///
  /// @param several whether a flush ends a frame, and not only a block
  static byte[] stream(byte[] data, Random random, boolean several) {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    try (ZstdOutputStream stream = new ZstdOutputStream(frames, random.nextInt(10) - 5)) {
      stream.setChecksum(random.nextBoolean());
      stream.setCloseFrameOnFlush(several);
      int place = 0;
      while (place < data.length) {
        int count = Math.min(data.length - place, 1 + random.nextInt(data.length));
        stream.write(data, place, count);
        stream.flush();
        place += count;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return frames.toByteArray();
  }

  /// Decompresses by libzstd; null if it refuses, or has another number of bytes.
  static byte @Nullable [] theirs(byte[] frames, int size) {
    byte[] out = new byte[size];
    try {
      long count =
          com.github.luben.zstd.Zstd.decompressByteArray(out, 0, size, frames, 0, frames.length);
      return count == size ? out : null;
    } catch (com.github.luben.zstd.ZstdException e) {
      return null;
    }
  }
}
