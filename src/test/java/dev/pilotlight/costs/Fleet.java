package dev.pilotlight.costs;

/// Machines that are paid for by the hour, whatever they do.
record Fleet(double machines, double vcpus, double use, double hourUsd, double monthHours) {
  private static final double HOUR_MILLIS = 3_600_000;

  static Fleet of(Figures figures) {
    return new Fleet(
        figures.of("fleet.machines"),
        figures.of("fleet.vcpus"),
        figures.of("fleet.use"),
        figures.of("ec2.m5.2xlarge.hour"),
        figures.of("month.hours"));
  }

  double monthUsd() {
    return machines * hourUsd * monthHours;
  }

  /// How many inferences a month make it as busy as it is, if each keeps a vCPU busy for so long
  /// and nothing else does.
  double inferences(double computedMs) {
    return machines * vcpus * use * monthHours * HOUR_MILLIS / computedMs;
  }
}
