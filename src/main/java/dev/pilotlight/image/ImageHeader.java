package dev.pilotlight.image;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import java.util.function.Supplier;

/// The properties of an image file that its header declares, read without decoding a pixel.
///
/// @param width in pixels, as stored: before any rotation
/// @param height in pixels, as stored
/// @param orientation EXIF's, 1–8; any other value turns nothing
public record ImageHeader(
    ImageFormat format, int width, int height, Colours colours, int orientation) {
  /// How a file stores its colours.
  public enum Colours {
    GREY,
    RGB,
    /// JPEG's luminance and two chrominances.
    YCBCR,
    PALETTE
  }

  /// The most pixels of a side, as JPEG has them: resizing takes memory by the side as well.
  private static final int SIDE_MAX = 65_535;

  private static final String ACCEPTED = "JPEG and PNG files are accepted";

  /// Reads the header of a file and checks that it can be decoded exactly as Pillow decodes it.
  ///
  /// @param pixelsMax the most pixels that are decoded
  /// @throws Refusal `UNSUPPORTED_MEDIA_TYPE` for another format and for kinds of JPEG and PNG that
  ///   are not decoded, `TOO_LARGE` for too many pixels in all or on a side, `INVALID` for a broken
  ///   header
  public static ImageHeader read(byte[] bytes, long pixelsMax) {
    if (bytes.length == 0) {
      throw Refusal.invalid(Item.FIELD, "the image is empty; " + ACCEPTED);
    }
    ImageFormat format =
        ImageFormat.of(bytes)
            .orElseThrow(
                () -> unsupported("the bytes are not of a known image format; " + ACCEPTED));
    ImageHeader header =
        switch (format) {
          case JPEG -> JpegHeader.read(bytes);
          case PNG -> PngHeader.read(bytes);
          default ->
              throw unsupported("the image is a %s file; %s".formatted(format.label(), ACCEPTED));
        };
    requireSize(
        header.width,
        header.height,
        pixelsMax,
        () -> "the image has %d × %d pixels".formatted(header.width, header.height));
    return header;
  }

  /// Refuses a size that would take too much time or memory.
  ///
  /// @param image its size in words, for the refusal
  /// @throws Refusal `TOO_LARGE` for too many pixels in all or on a side
  public static void requireSize(int width, int height, long pixelsMax, Supplier<String> image) {
    if ((long) width * height > pixelsMax) {
      throw Refusal.tooLarge(
          Item.FIELD,
          image.get() + "; PILOTLIGHT_IMAGE_PIXELS_MAX is %d pixels".formatted(pixelsMax));
    }
    if (Math.max(width, height) > SIDE_MAX) {
      throw Refusal.tooLarge(Item.FIELD, image.get() + "; a side has up to %d".formatted(SIDE_MAX));
    }
  }

  static Refusal unsupported(String message) {
    return Refusal.of(Reason.UNSUPPORTED_MEDIA_TYPE, Item.FIELD, message);
  }

  /// Refuses a file whose content contradicts its format.
  static Refusal broken(ImageFormat format, String what) {
    return Refusal.invalid(
        Item.FIELD, "the %s file is not valid: %s".formatted(format.label(), what));
  }
}
