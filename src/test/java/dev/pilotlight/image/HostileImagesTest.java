package dev.pilotlight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Small files that would cost much time or memory.
public final class HostileImagesTest {
  private static final long PIXELS_MAX = 25_000_000;

  @Test
  @Timeout(value = 5, unit = TimeUnit.SECONDS)
  void refusesABaselineFileWithManyScans() {
    assertRefused(JpegBomb.baseline(103), Reason.INVALID, "several scans of one component");
    assertRefused(JpegBomb.baseline(2), Reason.UNSUPPORTED_MEDIA_TYPE, "lacks some of its scans");
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.SECONDS)
  void refusesAProgressiveFileWithManyScans() {
    assertRefused(JpegBomb.progressive(200), Reason.UNSUPPORTED_MEDIA_TYPE, "too many scans");

    assertThat(ImageHeader.read(JpegBomb.progressive(39), PIXELS_MAX).width()).isEqualTo(5000);
    assertRefused(JpegBomb.progressive(40), Reason.UNSUPPORTED_MEDIA_TYPE, "too many scans");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ffda0002", // no number of components
        "ffda00080101000001", // shorter than its length
        "ffda000801020000003f00", // more components than its length has
        "ffda0006ff000000", // 255 components
        "ffda000600003f00", // no component
        "ffda00080109000000003f00", // the frame has no component 9
        "ff02000cffda00080101000000" // a scan in the segment of an unknown marker
      })
  void refusesABrokenScan(String scan) {
    byte[] file = HexFormat.of().parseHex("ffd8ffc2000b080008000801011100" + scan);

    assertRefused(file, Reason.INVALID, "the JPEG file is not valid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"XML:com.adobe.xmp", "Raw profile type exif"})
  @Timeout(value = 5, unit = TimeUnit.SECONDS)
  void inflatesOnlyTheLastText(String key) {
    assertThat(ImageHeader.read(PngBomb.texts(key), PIXELS_MAX).orientation()).isEqualTo(1);
  }

  @Test
  void refusesALongSide() {
    assertRefused(PngBomb.of(65_536, 1), Reason.TOO_LARGE, "65536 × 1 pixels; a side has up to");
    assertRefused(PngBomb.of(1, 65_536), Reason.TOO_LARGE, "1 × 65536 pixels; a side has up to");

    assertThat(ImageHeader.read(PngBomb.of(65_535, 1), PIXELS_MAX).width()).isEqualTo(65_535);
  }

  private static void assertRefused(byte[] file, Reason reason, String message) {
    assertThatThrownBy(() -> ImageHeader.read(file, PIXELS_MAX))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason))
        .hasMessageContaining(message);
  }
}
