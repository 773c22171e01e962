package dev.pilotlight.image;

/// Converts JPEG's luminance and chrominances to red, green and blue with libjpeg's integers.
///
/// Source: `jdcolor.c`, which libjpeg and libjpeg-turbo share.
final class YCbCr {
  private static final int BITS = 16;
  private static final int HALF = 1 << (BITS - 1);
  private static final int CENTRE = 128;
  private static final int LEVELS = 256;
  private static final int CR_RED = fix(1.40200);
  private static final int CB_BLUE = fix(1.77200);
  private static final int CR_GREEN = fix(0.71414);
  private static final int CB_GREEN = fix(0.34414);

  private YCbCr() {}

  private static int fix(double factor) {
    return (int) (factor * (1 << BITS) + 0.5);
  }

  /// Replaces the samples, three a pixel, by the colours.
  static void toRgb(byte[] samples) {
    int[] red = new int[LEVELS];
    int[] blue = new int[LEVELS];
    for (int i = 0; i < LEVELS; i++) {
      red[i] = (CR_RED * (i - CENTRE) + HALF) >> BITS;
      blue[i] = (CB_BLUE * (i - CENTRE) + HALF) >> BITS;
    }
    for (int at = 0; at < samples.length; at += Pixels.BANDS) {
      int y = samples[at] & 0xFF;
      int cb = samples[at + 1] & 0xFF;
      int cr = samples[at + 2] & 0xFF;
      int green = (HALF - CB_GREEN * (cb - CENTRE) - CR_GREEN * (cr - CENTRE)) >> BITS;
      samples[at] = clip(y + red[cr]);
      samples[at + 1] = clip(y + green);
      samples[at + 2] = clip(y + blue[cb]);
    }
  }

  private static byte clip(int value) {
    return (byte) Math.clamp(value, 0, LEVELS - 1);
  }
}
