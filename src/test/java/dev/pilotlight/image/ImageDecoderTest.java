package dev.pilotlight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Refusal.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipException;
import javax.imageio.IIOException;
import org.junit.jupiter.api.Test;

/// Failures and odd files of the JDK's decoders.
public final class ImageDecoderTest {
  @Test
  void aLackOfMemoryIsNotTheFilesFault() {
    OutOfMemoryError error = new OutOfMemoryError("Java heap space");
    IIOException wrapped = new IIOException("Error reading PNG image data", error);
    IIOException libjpeg = new IIOException("Insufficient memory (case 4)");

    assertThatThrownBy(() -> ImageDecoder.refusal(wrapped, ImageFormat.PNG)).isSameAs(error);
    assertThatThrownBy(() -> ImageDecoder.refusal(libjpeg, ImageFormat.JPEG))
        .isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void aColourThatThePaletteLacksIsBlack() {
    byte[] file = PngBomb.palette(new byte[] {1, 2, 3, 4, 5, 6}, (byte) 1, (byte) 200);

    Pixels pixels = ImageFiles.decode(file, ImageHeader.read(file, 2));

    assertThat(pixels.rgb()).containsExactly(4, 5, 6, 0, 0, 0);
  }

  @Test
  void refusesHalfAColourOfAPalette() {
    byte[] file = PngBomb.palette(new byte[] {1, 2, 3, 4}, (byte) 0);
    ImageHeader header = ImageHeader.read(file, 2);

    assertThatThrownBy(() -> ImageFiles.decode(file, header))
        .hasMessageContaining("its palette has 4 bytes");
  }

  @Test
  void ignoresADamagedProfile() throws IOException {
    byte[] plain = GoldenImages.file("jpg/420.jpg");
    byte[] name = "ICC_PROFILE\0\1\1".getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer file = ByteBuffer.allocate(plain.length + 4 + name.length + 200);
    int second = 4 + ByteBuffer.wrap(plain).getShort(4); // JFIF's segment is the first
    file.put(plain, 0, second).putShort((short) 0xFFE2).putShort((short) (2 + name.length + 200));
    file.put(name).position(file.position() + 200).put(plain, second, plain.length - second);

    Pixels pixels =
        ImageFiles.decode(file.array(), ImageHeader.read(file.array(), Integer.MAX_VALUE));

    assertThat(pixels.rgb()).isEqualTo(GoldenImages.pixels("jpg/420.jpg").rgb());
  }

  @Test
  void damagedDataIsTheFilesFault() {
    IIOException damaged =
        new IIOException("Error reading PNG image data", new ZipException("invalid block type"));

    assertThat(ImageDecoder.refusal(damaged, ImageFormat.PNG).reason()).isEqualTo(Reason.INVALID);
  }
}
