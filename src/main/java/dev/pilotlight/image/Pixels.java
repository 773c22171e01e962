package dev.pilotlight.image;

/// An image as three bytes a pixel: red, green and blue, row by row.
///
/// @param rgb `[height, width, 3]`; the image's holder may change it
public record Pixels(int width, int height, byte[] rgb) {
  /// Bytes of a pixel.
  public static final int BANDS = 3;

  public Pixels {
    if (rgb.length != width * height * BANDS) {
      throw new IllegalArgumentException(
          "%d bytes are not %d × %d pixels".formatted(rgb.length, width, height));
    }
  }

  /// A black image.
  static Pixels black(int width, int height) {
    return new Pixels(width, height, new byte[width * height * BANDS]);
  }

  /// The place of a pixel's red byte.
  int at(int x, int y) {
    return (y * width + x) * BANDS;
  }

  void copyPixel(int from, Pixels to, int at) {
    to.rgb[at] = rgb[from];
    to.rgb[at + 1] = rgb[from + 1];
    to.rgb[at + 2] = rgb[from + 2];
  }

  /// Turns the image upright, as Pillow's `ImageOps.exif_transpose` does.
  ///
  /// @param orientation EXIF's; any value but 2–8 turns nothing
  public Pixels upright(int orientation) {
    if (orientation < 2 || orientation > 8) {
      return this;
    }
    boolean swapped = orientation > 4;
    Pixels turned = swapped ? black(height, width) : black(width, height);
    for (int y = 0; y < turned.height; y++) {
      for (int x = 0; x < turned.width; x++) {
        int right = width - 1;
        int bottom = height - 1;
        int from =
            switch (orientation) {
              case 2 -> at(right - x, y);
              case 3 -> at(right - x, bottom - y);
              case 4 -> at(x, bottom - y);
              case 5 -> at(y, x);
              case 6 -> at(y, bottom - x);
              case 7 -> at(right - y, bottom - x);
              default -> at(right - y, x);
            };
        copyPixel(from, turned, turned.at(x, y));
      }
    }
    return turned;
  }

  /// Cuts out the centre, as transformers' `center_crop` does: where the image is smaller, zeros
  /// surround it.
  public Pixels centre(int cropWidth, int cropHeight) {
    if (cropWidth == width && cropHeight == height) {
      return this;
    }
    int left = Math.floorDiv(width - cropWidth, 2);
    int top = Math.floorDiv(height - cropHeight, 2);
    Pixels crop = black(cropWidth, cropHeight);
    int from = Math.max(0, left);
    int pixels = Math.min(width, left + cropWidth) - from;
    for (int y = 0; y < cropHeight; y++) {
      int row = y + top;
      if (row >= 0 && row < height) {
        System.arraycopy(rgb, at(from, row), crop.rgb, crop.at(from - left, y), pixels * BANDS);
      }
    }
    return crop;
  }
}
