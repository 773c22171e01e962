package dev.pilotlight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Refusal.Reason;
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
  void damagedDataIsTheFilesFault() {
    IIOException damaged =
        new IIOException("Error reading PNG image data", new ZipException("invalid block type"));

    assertThat(ImageDecoder.refusal(damaged, ImageFormat.PNG).reason()).isEqualTo(Reason.INVALID);
  }
}
