package dev.pilotlight.batch;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// What is told of a batch that is complete. Empty texts are things unknown.
///
/// @param errors absent if there were none
/// @param allCustomIdsCompared whether each line's `custom_id` was compared with those of all lines
///   before it
/// @param estimatedCostUsd of all invocations, failed ones included: time, reads and writes
/// @param version Pilotlight's own
public record BatchSummary(
    Input input,
    Output output,
    Optional<Output> errors,
    Counts counts,
    List<ModelUsed> models,
    List<IgnoredMetadata> ignoredMetadata,
    boolean allCustomIdsCompared,
    BigDecimal estimatedCostUsd,
    String version) {
  public BatchSummary {
    models = List.copyOf(models);
    ignoredMetadata = List.copyOf(ignoredMetadata);
  }

  /// The object of lines.
  ///
  /// @param bytes negative if unknown
  public record Input(
      String bucket, String key, String versionId, String eTag, long bytes, String sequencer) {}

  /// An object of answers.
  public record Output(String bucket, String key, long bytes) {}

  /// What was done.
  ///
  /// @param lines all, of which `failed` have an error for an answer
  /// @param items what the others held: a line may hold several texts
  /// @param hits items whose answer was known; `runs` those that were run
  /// @param milliseconds of all invocations together, failed ones included
  public record Counts(
      long lines,
      long failed,
      long items,
      long hits,
      long runs,
      long tokens,
      long milliseconds,
      long invocations) {}

  /// User metadata of the object that have no effect.
  ///
  /// @param near the name that may have been meant
  public record IgnoredMetadata(String name, Optional<String> near) {}

  /// A model that answered.
  public record ModelUsed(String name, String version, String digest) {}
}
