package dev.pilotlight.batch.input.parquet.zstd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.pilotlight.batch.input.parquet.zstd.ZstdFrames.Kind;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Damaged frames are refused, or have the bytes that libzstd makes of them. libzstd is more
/// tolerant in one place: its fast loop for literals in four streams does not check that each
/// stream ends with its last literal.
final class ZstdDamageTest {
  private int refused;
  private int decompressed;

  /// @param whole the bytes before the damage
  /// @param checksum whether the frame has one, so that no other bytes are accepted
  private void compare(String what, byte[] frame, byte[] whole, boolean checksum) {
    byte[] theirs = ZstdFrames.theirs(frame, whole.length);
    byte[] ours;
    try {
      ours = Zstd.decompress(frame, 0, whole.length);
    } catch (ZstdException e) {
      refused++;
      if (theirs != null) {
        assertThat(e).as(what).hasMessageStartingWith("a stream of literals ");
      }
      return;
    }
    decompressed++;
    if (!Arrays.equals(ours, theirs) || (checksum && !Arrays.equals(ours, whole))) {
      fail(what + " has other bytes");
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyByteOfASmallFrameMayBeDamaged(Kind kind) {
    for (int i = 0; i < 6; i++) {
      boolean checksum = i % 2 == 0;
      byte[] data = kind.bytes(new Random(i), 60 + 70 * i);
      byte[] frame = ZstdFrames.frame(data, 3 * i, checksum, i % 3 == 0);
      for (int place = 0; place < frame.length; place++) {
        for (int bit = 0; bit < Byte.SIZE; bit++) {
          byte[] damaged = frame.clone();
          damaged[place] ^= (byte) (1 << bit);
          compare("frame " + i + ", byte " + place + ", bit " + bit, damaged, data, checksum);
        }
        compare("frame " + i + " to " + place, Arrays.copyOf(frame, place), data, checksum);
      }
    }
    assertThat(refused).isPositive();
    assertThat(decompressed).isPositive();
  }

  @Test
  void severalBytesMayBeDamaged() {
    for (int seed = 0; seed < 250; seed++) {
      Random random = new Random(seed);
      byte[] data = Kind.ofSeed(seed).bytes(random, seed * 5);
      byte[] frame = ZstdFrames.frame(data, seed % 8, false, random.nextBoolean());
      for (int i = 0; i < 40; i++) {
        byte[] damaged = frame.clone();
        for (int hit = 0; hit <= i % 3; hit++) {
          // headers and tables are at the beginning
          int place = random.nextInt(i % 2 == 0 ? Math.min(60, frame.length) : frame.length);
          damaged[place] = (byte) random.nextInt();
        }
        compare("seed " + seed + ", damage " + i, damaged, data, false);
      }
    }
    assertThat(refused).isPositive();
    assertThat(decompressed).isPositive();
  }

  @Test
  void largeFramesMayBeDamaged() {
    for (int seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      byte[] data = Kind.ofSeed(seed).bytes(random, 300_000);
      byte[] frame = ZstdFrames.frame(data, 2, false, true);
      for (int i = 0; i < 8; i++) {
        byte[] damaged = frame.clone();
        damaged[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
        compare("seed " + seed + ", damage " + i, damaged, data, false);
      }
    }
    assertThat(refused).isPositive();
  }
}
