package dev.pilotlight.cli.audit.score;

import java.util.Optional;

/// A criterion of the score.
///
/// @param points full, half or none of the most; empty if the data cannot say
/// @param most the points of a full criterion
/// @param value what was found, or why it is left out
/// @param bounds for the full and for half of the points
public record Criterion(
    String name, Optional<Double> points, double most, String value, String bounds) {

  static Criterion leftOut(String name, double most, String why, String bounds) {
    return new Criterion(name, Optional.empty(), most, why, bounds);
  }

  static Criterion of(String name, double most, Grade grade, String value, String bounds) {
    return new Criterion(name, Optional.of(most * grade.share), most, value, bounds);
  }

  /// The step of a criterion.
  enum Grade {
    FULL(1),
    HALF(0.5),
    NONE(0);

    private final double share;

    Grade(double share) {
      this.share = share;
    }

    static Grade over(double value, double full, double half) {
      return value > full ? FULL : value > half ? HALF : NONE;
    }

    static Grade under(double value, double full, double half) {
      return value < full ? FULL : value < half ? HALF : NONE;
    }
  }
}
