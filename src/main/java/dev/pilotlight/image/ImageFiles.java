package dev.pilotlight.image;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;

/// Decodes image files to the pixels that Pillow gives for `ImageOps.exif_transpose(image)
/// .convert("RGB")`.
public final class ImageFiles {
  /// The module of the JDK that has the decoders.
  private static final boolean DECODES = ModuleLayer.boot().findModule("java.desktop").isPresent();

  private ImageFiles() {}

  /// Whether this Java runtime can decode images.
  public static boolean areDecoded() {
    return DECODES;
  }

  /// Refuses an image if this Java runtime cannot decode any.
  ///
  /// @throws Refusal `NOT_IMPLEMENTED`
  public static void requireDecoder() {
    if (!DECODES) {
      throw Refusal.of(
          Reason.NOT_IMPLEMENTED,
          null,
          "this package was built without images; build it with mvn package"
              + " -Dpilotlight.images=true");
    }
  }

  /// Decodes a file.
  ///
  /// @param header of these bytes
  /// @throws Refusal `INVALID` if the file is truncated or its pixels are not valid,
  ///   `NOT_IMPLEMENTED` if this Java runtime cannot decode images
  public static Pixels decode(byte[] bytes, ImageHeader header) {
    requireDecoder();
    return ImageDecoder.decode(bytes, header).upright(header.orientation());
  }
}
