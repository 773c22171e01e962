package dev.pilotlight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Odd EXIF data, read as Pillow's `ImageFileDirectory_v2` reads it.
public final class OrientationTest {
  private static final byte[] XMP = "tiff:Orientation=\"3\"".getBytes(StandardCharsets.US_ASCII);

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          one short, 4d4d002a000000080001011200030000000100060000, 6
          two shorts, 4d4d002a000000080001011200030000000200060001, 6
          three shorts, 4d4d002a000000080001011200030000000300000016000600010001, 6
          a long, 4d4d002a000000080001011200040000000100000006, 6
          a signed short, 4d4d002a000000080001011200080000000100060000, 6
          a signed long, 4d4d002a000000080001011200090000000100000006, 6
          over 8, 4d4d002a000000080001011200030000000100090000, 1
          negative, 4d4d002a0000000800010112000900000001ffffffff, 1
          the last counts, 4d4d002a000000080002011200030000000100060000011200030000000100080000, 8
          other magic, 4d4d2a00000000080001011200030000000100060000, 6
          no value, 4d4d002a000000080001011200030000000000060000, 3
          unknown type, 4d4d002a000000080001011200630000000100060000, 3
          values lack, 4d4d002a0000000800010112000300000003000000160006, 3
          data lack before, 4d4d002a000000080002010f0002000000ff00000008011200030000000100080000, 3
          data lack after, 4d4d002a00000008000201120003000000010006000001320002000000ff00000008, 6
          """)
  void readsAsPillow(String name, String hex, int orientation) {
    assertThat(Orientation.find(List.of(bytes(hex)), XMP)).as(name).isEqualTo(orientation);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          a byte, 4d4d002a000000080001011200010000000106000000
          a rational, 4d4d002a0000000800010112000500000001000000160000000600000001
          a float, 4d4d002a0000000800010112000b0000000140c00000
          """)
  void refusesAnotherType(String name, String hex) {
    assertThatThrownBy(() -> Orientation.find(List.of(bytes(hex)), XMP))
        .as(name)
        .hasMessageContaining("EXIF orientation has the type");
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
