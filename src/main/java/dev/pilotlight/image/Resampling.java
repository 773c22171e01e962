package dev.pilotlight.image;

import java.util.Optional;

/// The filters of Pillow's `Image.resize`, with its numbers in `resample`.
public enum Resampling {
  /// The pixel at the place itself.
  NEAREST(0, 0),
  LANCZOS(1, 3),
  BILINEAR(2, 1),
  BICUBIC(3, 2),
  BOX(4, 0.5),
  HAMMING(5, 1);

  private static final double CUBIC = -0.5;
  // floats in Pillow's source
  private static final double HAMMING_MEAN = 0.54f;
  private static final double HAMMING_SWING = 0.46f;

  private final int code;
  private final double support;

  Resampling(int code, double support) {
    this.code = code;
    this.support = support;
  }

  public static Optional<Resampling> ofCode(long code) {
    for (Resampling filter : values()) {
      if (filter.code == code) {
        return Optional.of(filter);
      }
    }
    return Optional.empty();
  }

  /// How far a pixel's influence reaches, in pixels of the smaller image.
  double support() {
    return support;
  }

  /// The weight at a distance.
  double weight(double x) {
    return switch (this) {
      case NEAREST -> throw new IllegalStateException("the nearest pixel has no weights");
      case BOX -> x > -support && x <= support ? 1 : 0;
      case BILINEAR -> Math.max(0, 1 - Math.abs(x));
      case HAMMING -> hamming(Math.abs(x));
      case BICUBIC -> bicubic(Math.abs(x));
      case LANCZOS -> x >= -support && x < support ? sinc(x) * sinc(x / support) : 0;
    };
  }

  private static double hamming(double x) {
    if (x == 0) {
      return 1;
    }
    if (x >= 1) {
      return 0;
    }
    double angle = x * Math.PI;
    return Math.sin(angle) / angle * (HAMMING_MEAN + HAMMING_SWING * Math.cos(angle));
  }

  private static double bicubic(double x) {
    if (x < 1) {
      return ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * CUBIC : 0;
  }

  private static double sinc(double x) {
    if (x == 0) {
      return 1;
    }
    double angle = x * Math.PI;
    return Math.sin(angle) / angle;
  }
}
