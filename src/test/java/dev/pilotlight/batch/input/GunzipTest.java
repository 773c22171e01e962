package dev.pilotlight.batch.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.s3.BatchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

final class GunzipTest {
  private static final byte[] A = "one\ntwo\n".repeat(50).getBytes(StandardCharsets.UTF_8);
  private static final byte[] B = "three\n".repeat(30).getBytes(StandardCharsets.UTF_8);

  private static byte[] gunzip(byte[] stored, int pieceBytes) throws IOException {
    try (Gunzip gunzip = new Gunzip(new Stored(stored, pieceBytes).apply(0))) {
      return gunzip.readAllBytes();
    }
  }

  @Test
  void severalMembersAreOneText() throws IOException {
    byte[] stored =
        Stored.concat(Stored.gzip(A), Stored.gzip(new byte[0]), Stored.gzip(B), Stored.gzip(A));
    for (int pieceBytes : new int[] {1, 2, 7, 100_000}) {
      assertThat(gunzip(stored, pieceBytes)).isEqualTo(Stored.concat(A, B, A));
    }
  }

  @Test
  void textThatIsLargerThanTheBuffersIsRead() throws IOException {
    byte[] large = new byte[1_000_000];
    new Random(1).nextBytes(large);
    assertThat(gunzip(Stored.concat(Stored.gzip(large), Stored.gzip(B)), 100_000))
        .isEqualTo(Stored.concat(large, B));
  }

  @Test
  void nothingIsAnEmptyText() throws IOException {
    assertThat(gunzip(new byte[0], 1)).isEmpty();
    assertThat(gunzip(Stored.gzip(new byte[0]), 1)).isEmpty();
  }

  @Test
  void zerosAfterTheLastMemberArePadding() throws IOException {
    assertThat(gunzip(Stored.concat(Stored.gzip(A), new byte[1000]), 10)).isEqualTo(A);
  }

  @Test
  void allFieldsOfAHeaderArePassedOver() throws IOException {
    byte[] plain = Stored.gzip(A);
    byte[] head = Stored.bytes(0x1f, 0x8b, 8, 0x1f, 1, 2, 3, 4, 0, 3, 3, 0, 'x', 'y', 'z');
    byte[] names = "file.txt\0a comment\0".getBytes(StandardCharsets.US_ASCII);
    byte[] rest = Arrays.copyOfRange(plain, 10, plain.length);
    CRC32 crc = new CRC32();
    crc.update(head);
    crc.update(names);
    byte[] check = Stored.bytes((int) crc.getValue(), (int) (crc.getValue() >> 8));
    assertThat(gunzip(Stored.concat(head, names, check, rest), 3)).isEqualTo(A);
  }

  @Test
  void truncatedDataIsRefusedAtEveryLength() {
    byte[] second = Stored.gzip(B);
    byte[] whole = Stored.concat(Stored.gzip(A), second);
    int boundary = whole.length - second.length;
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      if (length == boundary) {
        assertThatCode(() -> gunzip(cut, 10)).doesNotThrowAnyException();
        continue;
      }
      assertThatThrownBy(() -> gunzip(cut, 10))
          .as("cut to %d bytes", length)
          .isInstanceOf(BatchException.Unreadable.class)
          .hasMessageMatching(
              length == 1
                  ? "the object is not gzip.*|.*"
                  : ".* truncated at byte %d of .*|.* continues after its end, .*"
                      .formatted(length));
    }
  }

  @Test
  void whicheverByteIsDamagedNoOtherTextIsGiven() {
    byte[] whole = Stored.concat(Stored.gzip(A), Stored.gzip(B));
    byte[] expected = Stored.concat(A, B);
    for (int i = 0; i < whole.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = whole.clone();
        damaged[i] ^= (byte) (1 << bit);
        try {
          // times and names in a header change nothing
          assertThat(gunzip(damaged, 10)).as("byte %d, bit %d", i, bit).isEqualTo(expected);
        } catch (BatchException.Unreadable | IOException e) {
          assertThat(e)
              .isInstanceOf(BatchException.Unreadable.class)
              .hasMessageMatching("the object('s gzip data .* at byte \\d+ | is not gzip).*");
        }
      }
    }
  }

  @Test
  void dataAfterTheLastMemberIsRefused() {
    byte[] gzip = Stored.gzip(A);
    assertThatThrownBy(() -> gunzip(Stored.concat(gzip, B), 10))
        .isInstanceOf(BatchException.Unreadable.class)
        .hasMessageContaining("continues after its end, at byte " + (gzip.length + 1));
    assertThatThrownBy(() -> gunzip(Stored.concat(gzip, new byte[5], gzip), 10))
        .isInstanceOf(BatchException.Unreadable.class)
        .hasMessageContaining("continues after its end");
  }

  @Test
  void theFirstTextIsGivenBeforeTheDamageIsMet() throws IOException {
    byte[] whole = Stored.concat(Stored.gzip(A), Stored.gzip(B));
    try (Gunzip gunzip = new Gunzip(new Stored(Arrays.copyOf(whole, whole.length - 1)).apply(0))) {
      assertThat(gunzip.readNBytes(A.length + B.length)).isEqualTo(Stored.concat(A, B));
      assertThatThrownBy(gunzip::read).isInstanceOf(BatchException.Unreadable.class);
    }
  }
}
