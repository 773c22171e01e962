package dev.pilotlight.costs;

import java.util.Locale;

/// What a million lines of a batch cost, each a text of its own.
record BatchTable(Figures figures, StackFacts stack) {
  private static final double LINES = 1e6;
  private static final double MB_PER_GB = 1_024;
  private static final double UNIT_BYTES = 1_024;
  private static final double PART_BYTES = 8 * 1_024 * 1_024;
  private static final double ANSWER_BYTES = 4_400;

  /// @param known the share of the lines whose texts are known, 0 to 1
  double lambda(double known) {
    double seconds = LINES * (1 - known) / figures.row("batch.row");
    double gigabytes = stack.number("BatchMemorySize") / MB_PER_GB;
    return seconds * gigabytes * figures.of("lambda.gb-second.x86");
  }

  double dynamo(double known) {
    double units = Math.ceil(figures.of("item.bytes") / UNIT_BYTES);
    return LINES * figures.each("dynamodb.read-units.million") / 2
        + LINES * (1 - known) * units * figures.each("dynamodb.write-units.million");
  }

  double s3() {
    return LINES * ANSWER_BYTES / PART_BYTES * figures.of("s3.puts.thousand") / 1_000;
  }

  String table() {
    double minutes = LINES / figures.row("batch.row") / 60;
    return String.format(
        Locale.ROOT,
        """
        | | USD |
        |---|---|
        | the function: %.0f minutes of %,.0f MB | %.2f |
        | DynamoDB: a look-up and a write of two units for each | %.2f |
        | S3: %.1f GB of answers in 8 MiB parts | %.2f |
        | together | %.2f |
        """,
        minutes,
        stack.number("BatchMemorySize"),
        lambda(0),
        dynamo(0),
        LINES * ANSWER_BYTES / 1e9,
        s3(),
        lambda(0) + dynamo(0) + s3());
  }

  /// What it says of two thirds that are known.
  String known() {
    double known = 2.0 / 3;
    return String.format(Locale.ROOT, "about %.2f.", lambda(known) + dynamo(known) + s3());
  }
}
