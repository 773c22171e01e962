package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.JobItem;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.claim.Progress.Counts;
import dev.pilotlight.batch.input.InputFormat;
import dev.pilotlight.batch.input.ObjectOptions;
import dev.pilotlight.batch.lines.CustomIds;
import dev.pilotlight.batch.output.OutputKeys;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.protocol.openai.NearMiss;
import dev.pilotlight.store.ItemSize;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Sums up a batch whose lines are all answered.
final class Summaries {
  /// Larger ones are in S3, unless the settings say otherwise.
  private static final long LARGEST_VALUE_BYTES = 358_400;

  private static final int COST_DIGITS = 6;

  private Summaries() {}

  /// @param ignored names of the object's metadata that have no effect
  static BatchSummary of(Lease lease, OutputKeys keys, List<String> ignored, Tools tools) {
    ObjectVersion version = lease.version();
    Progress progress = lease.progress();
    String bucket = tools.settings().outputBucket();
    Counts counts = progress.counts();
    long errorBytes = progress.errors().bytes();
    return new BatchSummary(
        input(version),
        new BatchSummary.Output(bucket, keys.out(), progress.out().bytes()),
        errorBytes == 0
            ? Optional.empty()
            : Optional.of(new BatchSummary.Output(bucket, keys.errors(), errorBytes)),
        new BatchSummary.Counts(
            counts.lines(),
            counts.failed(),
            counts.items(),
            counts.hits(),
            counts.runs(),
            counts.tokens(),
            lease.spent().millis(),
            lease.invocation()),
        models(progress.models()),
        ignored.stream().map(Summaries::ignored).toList(),
        allCustomIdsCompared(version, progress),
        cost(lease, tools),
        tools.release());
  }

  static BatchSummary.Input input(ObjectVersion version) {
    return new BatchSummary.Input(
        version.bucket(),
        version.key(),
        version.versionId(),
        version.eTag(),
        version.size(),
        version.sequencer());
  }

  /// Only lines of JSON have these ids.
  private static boolean allCustomIdsCompared(ObjectVersion version, Progress progress) {
    return InputFormat.of(version.key(), Map.of()).kind() != InputFormat.Kind.JSONL
        || CustomIds.rememberAll(progress.counts().lines(), progress.offset());
  }

  /// Of all invocations, failed ones included.
  private static BigDecimal cost(Lease lease, Tools tools) {
    JobItem.Spent spent = lease.spent();
    Progress progress = lease.progress();
    double usd =
        new BatchCost(tools.cost())
            .usd(
                new BatchCost.Usage(
                    spent.millis(),
                    lease.invocation(),
                    spent.hits(),
                    spent.runs(),
                    itemBytes(lease.version(), progress, tools),
                    BatchCost.puts(BatchCost.parts(progress)),
                    BatchCost.gets(progress.offset())));
    return BigDecimal.valueOf(usd).round(new MathContext(COST_DIGITS));
  }

  /// Of a result in the table, about.
  private static int itemBytes(ObjectVersion version, Progress progress, Tools tools) {
    Counts counts = progress.counts();
    if (counts.runs() == 0) {
      return 0;
    }
    long value = counts.runBytes() / counts.runs();
    String model = progress.models().keySet().stream().findFirst().orElse("");
    return ItemSize.of(
        Math.toIntExact(Math.min(value, Integer.MAX_VALUE / 2)),
        value > LARGEST_VALUE_BYTES,
        tools.tenants().apply(version.key()),
        model);
  }

  private static BatchSummary.IgnoredMetadata ignored(String name) {
    return new BatchSummary.IgnoredMetadata(name, NearMiss.of(name, ObjectOptions.KNOWN));
  }

  private static List<BatchSummary.ModelUsed> models(Map<String, String> digests) {
    return digests.entrySet().stream()
        .map(
            entry -> {
              int slash = entry.getKey().lastIndexOf('/');
              return new BatchSummary.ModelUsed(
                  entry.getKey().substring(0, slash),
                  entry.getKey().substring(slash + 1),
                  entry.getValue());
            })
        .sorted(Comparator.comparing(BatchSummary.ModelUsed::name))
        .toList();
  }
}
