package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.BatchRun;
import dev.pilotlight.batch.BatchTenant;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.claim.Progress.Counts;
import dev.pilotlight.batch.claim.Progress.Form;
import dev.pilotlight.batch.claim.Progress.Phase;
import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.input.InputFormat;
import dev.pilotlight.batch.input.InputObject;
import dev.pilotlight.batch.input.Lines;
import dev.pilotlight.batch.input.ObjectOptions;
import dev.pilotlight.batch.lines.CustomIds;
import dev.pilotlight.batch.lines.EarlierIds;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.model.repository.ModelRepository;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Cuts a claimed object into shards, and writes them for the state machine. An invocation whose
/// time is up leaves the shards that it has cut to the next one.
final class Planner {
  /// S3 joins at most 10,000 parts; answers of more than 5 GiB are several.
  static final int SHARDS_MAX = 9_900;

  private final Attempt attempt;
  private final Lease lease;
  private final InputObject input;
  private final InputFormat format;
  private final ObjectOptions options;
  private final ShardObjects objects;
  private List<Shard> shards;

  /// @throws BatchException.Unreadable if the object's key or metadata are not accepted
  Planner(Attempt attempt, Lease lease, InputObject input) {
    this.attempt = attempt;
    this.lease = lease;
    this.input = input;
    this.format = InputFormat.of(input.version().key(), input.metadata());
    this.options = ObjectOptions.of(input.metadata(), format);
    this.objects = new ShardObjects(attempt.out(), lease.version());
    this.shards = lease.progress().out().tail().map(objects::list).orElse(List.of());
  }

  /// How many shards there are so far.
  int shards() {
    return shards.size();
  }

  /// Checks the model that the object's metadata name, before a shard needs it.
  ///
  /// @throws BatchException.Unreadable if there is none, or the tenant may not use it
  void requireModel(BatchTenant tenant) {
    try (ModelRepository.Use _ = attempt.services().useModels().apply(attempt.deadline())) {
      options.model().ifPresent(name -> BatchRun.requireModel(name, tenant));
    }
  }

  /// The plan of a batch that was cancelled: its shard answers no line.
  Progress planOfCancelled() {
    shards = List.of(Shard.WHOLE);
    return planned(0);
  }

  /// Cuts until the object's end, or until the time is up.
  ///
  /// @param isCancelled whether the batch was cancelled meanwhile
  /// @return the progress to hand over: PLANNED if all shards are cut
  /// @throws BatchException.Unavailable if not even one more shard could be cut
  /// @throws BatchException.Misconfigured if there are more shards than can be joined
  Progress cutShards(BooleanSupplier isCancelled) {
    if (!format.isCuttable()) {
      shards = List.of(Shard.WHOLE);
      return planned(0);
    }
    List<Shard> cut = new ArrayList<>(shards);
    Optional<Shard> last = shards.isEmpty() ? Optional.empty() : Optional.of(shards.getLast());
    long offset = last.map(Shard::end).orElse(0L);
    long number = last.map(Shard::lineAfter).orElse(0L);
    EarlierIds earlier =
        new EarlierIds(input.version(), format, () -> open(0, 0), attempt.deadline()::passed);
    CustomIds customIds = new CustomIds(ids -> earlier.addTo(ids, number));
    try (Lines lines = open(offset, number)) {
      Cutter cutter =
          new Cutter(
              lines, customIds, attempt.settings().fanOut(), last, attempt.deadline()::passed);
      Optional<Cutter.Cut> next = cutter.next();
      while (next.isPresent()) {
        lease.requireHeld();
        if (isCancelled.getAsBoolean()) {
          return planOfCancelled();
        }
        requireJoinable(cut.size());
        objects.write(next.get());
        cut.add(next.get().shard());
        next = cutter.next();
      }
      if (cutter.isAtEnd()) {
        // an object of a header alone has no line, and its answers are an empty object
        shards = cut.isEmpty() ? List.of(Shard.WHOLE) : List.copyOf(cut);
        return planned(shards.getLast().isWhole() ? input.version().size() : cut.getLast().end());
      }
    }
    if (cut.size() == shards.size()) {
      throw new BatchException.Unavailable(
          ("in the function's time no shard after line %d of %s could be cut; a longer time-out,"
                  + " or smaller shards, may help")
              .formatted(number, input.version()),
          null);
    }
    shards = List.copyOf(cut);
    String key = objects.writeCuts(lease.invocation(), shards);
    return progress(Phase.LINES, shards.getLast().end(), Optional.of(key));
  }

  /// Fails early: S3 could not join more shards.
  private void requireJoinable(int already) {
    if (already < SHARDS_MAX) {
      return;
    }
    lease.restart(); // the next attempt may have other limits
    throw new BatchException.Misconfigured(
        ("%s has more than %d shards; set larger PILOTLIGHT_BATCH_SHARD_LINES and"
                + " PILOTLIGHT_BATCH_SHARD_BYTES, or split it")
            .formatted(input.version(), SHARDS_MAX),
        null);
  }

  private Progress planned(long bytes) {
    objects.writePlan(shards);
    return progress(Phase.PLANNED, bytes, Optional.empty());
  }

  /// Counts stay zero; each shard counts its own lines.
  private Progress progress(Phase phase, long offset, Optional<String> cuts) {
    Upload kept = new Upload(Optional.empty(), List.of(), cuts, 0);
    Form form = options.parquet() ? Form.LINES_FOR_PARQUET : Form.LINES;
    return new Progress(phase, offset, Counts.NONE, kept, Upload.NONE, Map.of(), form);
  }

  private Lines open(long offset, long number) {
    return Lines.open(input::from, format, offset, number, attempt.settings().lineBytesMax());
  }
}
