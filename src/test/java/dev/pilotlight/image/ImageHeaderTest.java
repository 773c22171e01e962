package dev.pilotlight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The headers of files that are decoded, and of those that are not.
public final class ImageHeaderTest {
  private static final long PIXELS_MAX = 1 << 20;
  private static final int IHDR = 16;

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          image.gif,             the image is a GIF file
          image.bmp,             the image is a BMP file
          image.tiff,            the image is a TIFF file
          image.webp,            the image is a WebP file
          image.avif,            the image is a AVIF file
          cmyk.jpg,              four colours (CMYK or YCCK)
          arithmetic.jpg,        arithmetic-coded
          lossless.jpg,          lossless
          four-four-zero.jpg,    unusual sampling of colours
          without-last-scan.jpg, lacks some of its scans
          sixteen-bits.png,      16 bits a sample
          animated.png,          animated
          """)
  void refusesAnotherKindOfFile(String file, String message) throws IOException {
    assertRefused(GoldenImages.file("refused/" + file), Reason.UNSUPPORTED_MEDIA_TYPE, message);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          '',                                 INVALID,                the image is empty
          00,                                 UNSUPPORTED_MEDIA_TYPE, not of a known image format
          7b7d,                               UNSUPPORTED_MEDIA_TYPE, not of a known image format
          ffd8,                               UNSUPPORTED_MEDIA_TYPE, not of a known image format
          ffd8ff,                             INVALID,                ends before its first scan
          ffd8ffe0,                           INVALID,                longer than the file
          ffd8ffe0ffff,                       INVALID,                longer than the file
          ffd8ffe00001,                       INVALID,                longer than the file
          ffd8ffd9,                           INVALID,                ends before its first scan
          ffd8ffe000020000,                   INVALID,                does not begin with a marker
          ffd8ffda0002,                       INVALID,                no frame before its first scan
          ffd8ffc0000b0c0001000101011100ffda0002, UNSUPPORTED_MEDIA_TYPE, 12 bits a sample
          ffd8ffc0000b08000000010101110000,   INVALID,                ends before its first scan
          ffd8ffc0000b080000000101011100ffda0002, INVALID,            1 × 0 pixels
          ffd8ffc0000e0800010001020111000211 00ffda0002, UNSUPPORTED_MEDIA_TYPE, 2 colours
          89504e470d0a1a0a,                   INVALID,                truncated
          89504e470d0a1a0affffffff4948445200000000, INVALID,          truncated
          0000001c6674797068656963,           UNSUPPORTED_MEDIA_TYPE, HEIC
          0000001c667479706d696631,           UNSUPPORTED_MEDIA_TYPE, HEIF
          ff0a,                               UNSUPPORTED_MEDIA_TYPE, JPEG XL
          0000000c4a584c20,                   UNSUPPORTED_MEDIA_TYPE, JPEG XL
          ff4fff51,                           UNSUPPORTED_MEDIA_TYPE, JPEG 2000
          00000100,                           UNSUPPORTED_MEDIA_TYPE, ICO
          3c737667,                           UNSUPPORTED_MEDIA_TYPE, SVG
          255044462d,                         UNSUPPORTED_MEDIA_TYPE, PDF
          4d4d002a,                           UNSUPPORTED_MEDIA_TYPE, TIFF
          """)
  void refusesBytes(String hex, Reason reason, String message) {
    assertRefused(HexFormat.of().parseHex(hex.replace(" ", "")), reason, message);
  }

  @Test
  void refusesAPngFileThatWasChanged() throws IOException {
    byte[] png = GoldenImages.file("png/rgb.png");
    byte[] changed = png.clone();
    changed[IHDR]++;
    assertRefused(changed, Reason.INVALID, "checksum of a chunk IHDR");

    byte[] cut = Arrays.copyOf(png, png.length - 1);
    assertRefused(cut, Reason.INVALID, "truncated");
  }

  @Test
  void refusesMorePixelsThanTheLimit() throws IOException {
    byte[] png = GoldenImages.file("png/rgb.png");

    assertThat(ImageHeader.read(png, 19 * 13).width()).isEqualTo(19);
    assertThatThrownBy(() -> ImageHeader.read(png, 19 * 13 - 1))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Reason.TOO_LARGE))
        .hasMessageContaining("19 × 13 pixels");
  }

  private static void assertRefused(byte[] bytes, Reason reason, String message) {
    assertThatThrownBy(() -> ImageHeader.read(bytes, PIXELS_MAX))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason))
        .hasMessageContaining(message);
  }
}
