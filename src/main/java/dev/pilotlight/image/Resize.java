package dev.pilotlight.image;

import java.util.Arrays;

/// Resizes an image to the same bytes as Pillow's `Image.resize` does for images of 8 bits: along
/// the rows first, then along the columns, by weights in fixed point.
///
/// Source: `Resample.c`, `Geometry.c` and `Image.resize` of Pillow 12.3. Pillow's weights come from
/// the C library's sine; Java's may differ from it in the last bit of a double, which the 22 bits
/// of a weight do not show unless it lies on the edge between two of them.
public final class Resize {
  private static final int BITS = 32 - 8 - 2;
  private static final int HALF = 1 << (BITS - 1);
  private static final int TALL = 100;

  private Resize() {}

  public static Pixels to(Pixels image, int width, int height, Resampling filter) {
    if (width == image.width() && height == image.height()) {
      return image;
    }
    if (filter == Resampling.NEAREST) {
      return nearest(image, width, height);
    }
    if ((long) image.height() > (long) image.width() * TALL && height < image.height()) {
      return horizontal(vertical(image, height, filter), width, filter);
    }
    return vertical(horizontal(image, width, filter), height, filter);
  }

  private static Pixels nearest(Pixels image, int width, int height) {
    Pixels resized = Pixels.black(width, height);
    int[] columns = places(image.width(), width);
    int[] rows = places(image.height(), height);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        if (columns[x] >= 0 && rows[y] >= 0) {
          image.copyPixel(image.at(columns[x], rows[y]), resized, resized.at(x, y));
        }
      }
    }
    return resized;
  }

  /// The pixel that each of `to` pixels shows; the position is summed up as in Pillow.
  private static int[] places(int from, int to) {
    int[] places = new int[to];
    double step = (double) from / to;
    double position = step * 0.5;
    for (int i = 0; i < to; i++) {
      places[i] = (int) position < from ? (int) position : -1;
      position += step;
    }
    return places;
  }

  private static Pixels horizontal(Pixels image, int width, Resampling filter) {
    if (width == image.width()) {
      return image;
    }
    Weights weights = Weights.of(image.width(), width, filter);
    Pixels resized = Pixels.black(width, image.height());
    byte[] from = image.rgb();
    byte[] to = resized.rgb();
    int out = 0;
    for (int y = 0; y < image.height(); y++) {
      int row = image.at(0, y);
      for (int x = 0; x < width; x++) {
        int in = row + weights.from[x] * Pixels.BANDS;
        int end = weights.begin[x + 1];
        int red = HALF;
        int green = HALF;
        int blue = HALF;
        for (int k = weights.begin[x]; k < end; k++) {
          int weight = weights.values[k];
          red += (from[in] & 0xFF) * weight;
          green += (from[in + 1] & 0xFF) * weight;
          blue += (from[in + 2] & 0xFF) * weight;
          in += Pixels.BANDS;
        }
        to[out] = clip(red);
        to[out + 1] = clip(green);
        to[out + 2] = clip(blue);
        out += Pixels.BANDS;
      }
    }
    return resized;
  }

  private static Pixels vertical(Pixels image, int height, Resampling filter) {
    if (height == image.height()) {
      return image;
    }
    Weights weights = Weights.of(image.height(), height, filter);
    Pixels resized = Pixels.black(image.width(), height);
    byte[] from = image.rgb();
    byte[] to = resized.rgb();
    int rowBytes = image.width() * Pixels.BANDS;
    int[] sums = new int[rowBytes];
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, HALF);
      int in = weights.from[y] * rowBytes;
      for (int k = weights.begin[y]; k < weights.begin[y + 1]; k++) {
        int weight = weights.values[k];
        for (int i = 0; i < rowBytes; i++) {
          sums[i] += (from[in + i] & 0xFF) * weight;
        }
        in += rowBytes;
      }
      for (int i = 0; i < rowBytes; i++) {
        to[y * rowBytes + i] = clip(sums[i]);
      }
    }
    return resized;
  }

  private static byte clip(int sum) {
    return (byte) Math.clamp(sum >> BITS, 0, 255);
  }

  /// The weights of one direction.
  private static final class Weights {
    private final int[] from;
    private final int[] begin;
    private final int[] values;

    /// @param from by pixel of the result, the first pixel that has a weight
    /// @param begin by pixel of the result, the place of its first weight; and the end of all
    private Weights(int[] from, int[] begin, int[] values) {
      this.from = from;
      this.begin = begin;
      this.values = values;
    }

    static Weights of(int inSize, int outSize, Resampling filter) {
      double scale = (double) inSize / outSize;
      double filterScale = Math.max(scale, 1);
      double support = filter.support() * filterScale;
      double inverse = 1 / filterScale;
      int[] from = new int[outSize];
      int[] begin = new int[outSize + 1];
      int[] values = new int[outSize * ((int) Math.ceil(support) * 2 + 1)];
      double[] weights = new double[(int) Math.ceil(support) * 2 + 1];
      for (int x = 0; x < outSize; x++) {
        double center = (x + 0.5) * scale;
        int first = Math.max(0, (int) (center - support + 0.5));
        int count = Math.min(inSize, (int) (center + support + 0.5)) - first;
        double sum = 0;
        for (int i = 0; i < count; i++) {
          weights[i] = filter.weight((i + first - center + 0.5) * inverse);
          sum += weights[i];
        }
        for (int i = 0; i < count; i++) {
          double weight = sum != 0 ? weights[i] / sum : weights[i];
          values[begin[x] + i] = fixed(weight);
        }
        from[x] = first;
        begin[x + 1] = begin[x] + count;
      }
      return new Weights(from, begin, values);
    }

    private static int fixed(double weight) {
      double scaled = weight * (1 << BITS);
      return (int) (weight < 0 ? scaled - 0.5 : scaled + 0.5);
    }
  }
}
