package dev.pilotlight.costs;

import java.util.List;
import java.util.Locale;

/// The cost of a million lines of a batch, each a different text.
record BatchTable(Figures figures, StackFacts stack) {
  private static final double LINES = 1e6;
  private static final double MB_PER_GB = 1_024;
  private static final double MEASURED_MB = 2 * 1_769; // two vCPUs
  private static final double UNIT_BYTES = 1_024;
  private static final double PART_BYTES = 8 * 1_024 * 1_024;
  private static final double ANSWER_BYTES = 4_400;
  private static final double S3_GB_MONTH = 0.023; // of S3 Standard; the function has no use for it
  private static final double OBJECTS_PER_LIST = 1_000;

  /// @param known the hit rate, 0 to 1
  double lambda(double known) {
    double seconds = LINES * (1 - known) / linesPerSecond();
    double gigabytes = stack.number("BatchMemorySize") / MB_PER_GB;
    return seconds * gigabytes * figures.of("lambda.gb-second.x86");
  }

  /// As measured on two vCPUs; with less memory Lambda gives as much less of them.
  private double linesPerSecond() {
    double share = Math.min(1, stack.number("BatchMemorySize") / MEASURED_MB);
    return figures.row("batch.row") * share;
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
    double minutes = LINES / linesPerSecond() / 60;
    return String.format(
        Locale.ROOT,
        """
        | | USD |
        |---|---|
        | the function: %.0f minutes of %,.0f MB | %.2f |
        | DynamoDB: a look-up and a write of two units a line | %.2f |
        | S3: %.1f GB of answers in 8 MiB parts | %.2f |
        | total | %.2f |
        """,
        minutes,
        stack.number("BatchMemorySize"),
        lambda(0),
        dynamo(0),
        LINES * ANSWER_BYTES / 1e9,
        s3(),
        total());
  }

  double total() {
    return lambda(0) + dynamo(0) + s3();
  }

  /// The same lines by where their results are kept: `PILOTLIGHT_BATCH_STORE`.
  String stores() {
    double reads = dynamo(1);
    double packs = 2 * s3(); // one for each part, at most two
    return String.format(
        Locale.ROOT,
        """
        | `BatchStore` | the function | DynamoDB | S3 | total |
        |---|---|---|---|---|
        | `table` | %1$.2f | %2$.2f | %3$.3f | %4$.2f |
        | `packed` | %1$.2f | %5$.2f | %6$.3f | %7$.2f |
        | `off` | %1$.2f | %5$.2f | %3$.3f | %8$.2f |
        | `none` | %1$.2f | 0.00 | %3$.3f | %9$.2f |
        """,
        lambda(0),
        dynamo(0),
        s3(),
        total(),
        reads,
        s3() + packs,
        lambda(0) + reads + s3() + packs,
        lambda(0) + reads + s3(),
        lambda(0) + s3());
  }

  /// The page's figures about the results of the lines, kept for a month.
  List<String> storage() {
    double gigabytes = LINES * figures.of("item.bytes") / 1e9;
    double table = gigabytes * figures.of("dynamodb.gb-month");
    double recovery = gigabytes * figures.of("dynamodb.point-in-time-recovery.gb-month");
    return List.of(
        text("take %.1f GB", gigabytes),
        text("costs %.2f USD in the table", table),
        text("%.2f with point-in-time recovery", table + recovery),
        text("%.2f in packs", gigabytes * S3_GB_MONTH));
  }

  /// What the page has about requests for packed results: a list, and two reads.
  String packedRequests() {
    double thousand = figures.of("s3.puts.thousand") + 2 * figures.of("s3.gets.thousand");
    return text("%.3f USD a thousand", thousand);
  }

  /// The cost of listing a million objects, as `docs/cli.md` has it.
  String listOfObjects() {
    double calls = LINES / OBJECTS_PER_LIST;
    double usd = calls * figures.of("s3.puts.thousand") / 1_000;
    return text("%.3f USD for a million objects", usd);
  }

  /// The cost of reading the batches of a million objects: two items and two objects each.
  String readOfBatches() {
    double usd =
        LINES
            * 2
            * (figures.each("dynamodb.read-units.million")
                + figures.of("s3.gets.thousand") / 1_000);
    return text("of a million objects costs about %.0f USD", usd);
  }

  /// Share and cost of a batch that is done, as `pilotlight batches list` prints them.
  String totalInList() {
    return text("100 %% %12.2f", total());
  }

  private static String text(String format, double number) {
    return String.format(Locale.ROOT, format, number);
  }

  /// The total if two thirds are hits, as the page has it.
  String known() {
    double known = 2.0 / 3;
    return String.format(Locale.ROOT, "about %.2f.", lambda(known) + dynamo(known) + s3());
  }
}
