package dev.pilotlight.cli.audit.score;

import java.util.List;

/// The score out of 20.
///
/// @param criteria all nine, also those left out
public record Score(List<Criterion> criteria) {
  /// The highest score.
  public static final double MOST = 20;

  /// Whether a criterion could not be judged.
  public boolean leavesOut(String name) {
    return criteria.stream().anyMatch(each -> each.name().equals(name) && each.points().isEmpty());
  }

  /// The number of criteria that the data could answer.
  public long counted() {
    return criteria.stream().filter(each -> each.points().isPresent()).count();
  }

  /// The points of those that counted.
  public double points() {
    return criteria.stream().mapToDouble(each -> each.points().orElse(0.0)).sum();
  }

  /// The most points that those that counted could have.
  public double possible() {
    return criteria.stream()
        .filter(each -> each.points().isPresent())
        .mapToDouble(Criterion::most)
        .sum();
  }

  /// The points, rescaled to 20; 0 if nothing counted.
  public double outOf20() {
    return possible() > 0 ? points() / possible() * MOST : 0;
  }
}
