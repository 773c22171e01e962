package dev.pilotlight.image;

import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import org.jspecify.annotations.Nullable;

/// Collects a reader's warnings: a JPEG file that ends early gets grey pixels and only a warning.
final class Warnings implements IIOReadWarningListener {
  // some cameras write them; they change no pixel
  private static final String EXTRANEOUS = "extraneous bytes before marker";

  private @Nullable String first;

  @Override
  public void warningOccurred(ImageReader source, String warning) {
    if (first == null && !warning.contains(EXTRANEOUS)) {
      first = warning;
    }
  }

  /// @throws dev.pilotlight.domain.Refusal `INVALID` if there was any
  void refuse(ImageFormat format) {
    if (first != null) {
      throw ImageHeader.broken(format, first);
    }
  }
}
