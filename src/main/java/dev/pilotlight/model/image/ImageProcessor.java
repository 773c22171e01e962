package dev.pilotlight.model.image;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.image.Pixels;
import dev.pilotlight.image.Resampling;
import dev.pilotlight.image.Resize;
import dev.pilotlight.support.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// Pixels to a graph's input as transformers' image processors compute it: resize, crop the centre,
/// rescale and normalise.
///
/// @param resize absent if the image keeps its size
/// @param crop absent if nothing is cut off
/// @param levels by colour, the value of each of the 256 levels
public record ImageProcessor(
    Optional<Target> resize, Resampling filter, Optional<Size> crop, Levels levels) {
  /// Width and height in pixels.
  public record Size(int width, int height) {
    public long pixels() {
      return (long) width * height;
    }

    @Override
    public String toString() {
      return width + " × " + height;
    }
  }

  /// The size that an image is resized to.
  public sealed interface Target {
    Size of(int width, int height);
  }

  /// The same size for every image.
  public record Exactly(Size size) implements Target {
    @Override
    public Size of(int width, int height) {
      return size;
    }

    @Override
    public String toString() {
      return size.toString();
    }
  }

  /// A size that keeps the proportions.
  public record Shortest(int edge) implements Target {
    @Override
    public Size of(int width, int height) {
      int shorter = Math.min(width, height);
      long longer = (long) ((double) ((long) edge * Math.max(width, height)) / shorter);
      int other = (int) Math.min(longer, Integer.MAX_VALUE);
      return width <= height ? new Size(edge, other) : new Size(other, edge);
    }

    @Override
    public String toString() {
      return "shortest edge " + edge;
    }
  }

  /// The size that an image is resized to, before it is cropped.
  public Size resized(int width, int height) {
    return resize.isPresent() ? resize.get().of(width, height) : new Size(width, height);
  }

  /// The size of the graph's input, if it is the same for every image.
  public Optional<Size> size() {
    return crop.isPresent()
        ? crop
        : resize.flatMap(
            target -> target instanceof Exactly(Size size) ? Optional.of(size) : Optional.empty());
  }

  /// The graph's input for an image: `[1, 3, height, width]` in FP32.
  public Tensor input(String name, Pixels image) {
    Size target = resized(image.width(), image.height());
    Pixels resized = Resize.to(image, target.width(), target.height(), filter);
    return levels.apply(
        name, crop.isPresent() ? resized.centre(crop.get().width(), crop.get().height()) : resized);
  }

  /// The arithmetic on one value, as numpy does it in float32.
  ///
  /// @param factor absent without `do_rescale`
  /// @param offset whether 1 is subtracted after rescaling
  /// @param mean by colour; empty without `do_normalize`
  /// @param deviation by colour
  /// @param twice whether the result is divided by the deviation again
  public record Levels(
      Optional<Double> factor, boolean offset, float[] mean, float[] deviation, boolean twice) {
    private static final int LEVELS = 256;

    /// SHA-256 over the value of every level, hex: processors that rescale and normalise to the
    /// same values have the same one.
    public String digest() {
      ByteBuffer values = ByteBuffer.allocate(Pixels.BANDS * LEVELS * Float.BYTES);
      for (int band = 0; band < Pixels.BANDS; band++) {
        for (float value : table(band)) {
          values.putFloat(value);
        }
      }
      return Sha256.hex(values.array());
    }

    Tensor apply(String name, Pixels image) {
      byte[] rgb = image.rgb();
      ByteBuffer data =
          ByteBuffer.allocate(rgb.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (int band = 0; band < Pixels.BANDS; band++) {
        float[] table = table(band);
        for (int at = band; at < rgb.length; at += Pixels.BANDS) {
          data.putFloat(table[rgb[at] & 0xFF]);
        }
      }
      long[] shape = {1, Pixels.BANDS, image.height(), image.width()};
      return new Tensor(name, Datatype.FP32, shape, data.array());
    }

    private float[] table(int band) {
      float[] table = new float[LEVELS];
      for (int level = 0; level < LEVELS; level++) {
        float value = factor.isPresent() ? (float) (level * factor.get()) : level;
        value = offset ? value - 1 : value;
        value = mean.length > 0 ? (value - mean[band]) / deviation[band] : value;
        table[level] = twice ? value / deviation[band] : value;
      }
      return table;
    }
  }
}
