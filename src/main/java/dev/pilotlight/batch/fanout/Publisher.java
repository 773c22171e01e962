package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.BatchCost;
import dev.pilotlight.batch.BatchSummary;
import dev.pilotlight.batch.BatchUsage;
import dev.pilotlight.batch.Restarts;
import dev.pilotlight.batch.claim.Bill;
import dev.pilotlight.batch.claim.Job;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.claim.Progress.Counts;
import dev.pilotlight.batch.claim.Progress.Form;
import dev.pilotlight.batch.claim.Progress.Phase;
import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.input.InputFormat;
import dev.pilotlight.batch.input.InputObject;
import dev.pilotlight.batch.input.ObjectOptions;
import dev.pilotlight.batch.output.Leftovers;
import dev.pilotlight.batch.output.OutputKeys;
import dev.pilotlight.batch.output.OutputObject;
import dev.pilotlight.batch.output.Publication;
import dev.pilotlight.batch.output.parquet.ParquetConversion;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;

/// Joins the answers of all shards, and publishes them with their summary. Every step may be
/// repeated, and continues from the last checkpoint.
final class Publisher {
  private static final long SUMMARY_BYTES = 1 << 16;

  private final Attempt attempt;
  private final Lease lease;
  private final BatchUsage usage;
  private final ObjectVersion version;
  private final boolean parquet;
  private final OutputKeys keys;
  private final ShardObjects objects;

  /// The key of the joined answers.
  private final String joined;

  Publisher(Attempt attempt, Lease lease, BatchUsage usage) {
    this.attempt = attempt;
    this.lease = lease;
    this.usage = usage;
    this.version = lease.version();
    this.parquet = lease.progress().form() != Form.LINES;
    OutputKeys usual = OutputKeys.of(version);
    this.keys = parquet ? usual.forParquet() : usual;
    this.objects = new ShardObjects(attempt.out(), version);
    this.joined = parquet ? objects.keys().answers() : keys.out();
  }

  /// Publishes, and returns whether the output is complete; else the time was up.
  boolean publish() {
    return Restarts.run(this::publishOnce, this::restart, "the output");
  }

  private void restart(BatchException.Restart reason) {
    attempt
        .services()
        .log()
        .warn("joining the output again from the start", reason, "batch", version);
    if (parquet) {
      object(objects.keys().conversion(), OutputObject.PARQUET).deleteIfThere();
    }
    discardJoin();
  }

  private boolean publishOnce() {
    abortOtherUploads();
    switch (lease.progress().phase()) {
      case PUBLISHING, CANCELLED -> {}
      case PLANNED -> {
        if (!join()) {
          return false;
        }
      }
      default -> throw new BatchException.Misconfigured(version + " is not planned yet", null);
    }
    if (attempt.deadline().passed()) {
      return false;
    }
    publishJoined();
    return true;
  }

  /// Aborts uploads that no checkpoint names.
  private void abortOtherUploads() {
    new Leftovers(attempt.out())
        .abortUploads(List.of(joined, keys.errors()), lease.progress().uploadIds());
  }

  /// Discards the joined parts. Call it before a shard is answered again, because new sizes would
  /// shift the remaining parts.
  private void discardJoin() {
    checkpoint(Upload.NONE, Upload.NONE);
  }

  private boolean join() {
    List<Shard> shards = objects.plan();
    FinishedShards finished = new FinishedShards(attempt, version, shards, this::discardJoin);
    Optional<ShardSums> sums = finished.sums(usage.tenant());
    return sums.isPresent() && join(shards, sums.get());
  }

  private boolean join(List<Shard> shards, ShardSums sums) {
    Progress progress = lease.progress();
    Join errors =
        join(keys.errors(), objects.keys()::errors, sums, sums.errorsBytes(), progress.errors());
    Join out = join(joined, objects.keys()::out, sums, sums.outBytes(), progress.out());
    try {
      if (!join(errors, out)) {
        return false;
      }
    } catch (Join.Missing missing) {
      discardJoin();
      if (!AnswerStep.answer(attempt, version, shards.get(missing.source()), true)) {
        return false;
      }
      throw new BatchException.Restart(String.valueOf(missing.getMessage()));
    } catch (BatchException.LeaseLost e) {
      // the new owner may have looked for uploads before these began
      abortOtherUploads(errors, out);
      throw e;
    }
    Optional<Upload> answers =
        parquet ? convert(out.upload(), sums.counts().lines()) : Optional.of(out.upload());
    answers.ifPresent(file -> summarize(sums, file, errors.upload()));
    return answers.isPresent();
  }

  /// Makes the Parquet file of the joined answers; empty if the time was up.
  private Optional<Upload> convert(Upload lines, long rows) {
    return new ParquetConversion(
            object(joined, OutputObject.LINES),
            lines,
            object(keys.out(), OutputObject.PARQUET),
            objects.keys().conversion(),
            lease::requireHeld,
            attempt.settings().checkpoint())
        .run(rows, attempt.deadline());
  }

  private Join join(
      String key, Function<Job, String> keyOf, ShardSums sums, List<Long> sizes, Upload from) {
    List<String> sources = sums.items().stream().map(item -> keyOf.apply(item.job())).toList();
    return new Join(object(key, OutputObject.LINES), sources, sizes, from);
  }

  private boolean join(Join errors, Join out) {
    errors.begin();
    out.begin();
    checkpoint(errors.upload(), out.upload());
    // closing the threads waits for them: nothing may be sent when this has returned
    try (ExecutorService threads = Join.threads()) {
      while (!errors.isComplete() || !out.isComplete()) {
        if (attempt.deadline().passed()) {
          return false;
        }
        lease.requireHeld();
        (errors.isComplete() ? out : errors).step(threads);
        checkpoint(errors.upload(), out.upload());
      }
    }
    return true;
  }

  private void abortOtherUploads(Join errors, Join out) {
    Set<String> kept = lease.progress().uploadIds();
    Map.of(keys.errors(), errors.upload(), joined, out.upload())
        .forEach(
            (key, upload) ->
                upload
                    .uploadId()
                    .filter(id -> !kept.contains(id))
                    .ifPresent(id -> attempt.out().abort(key, id)));
  }

  private void checkpoint(Upload errors, Upload out) {
    long offset = lease.progress().offset();
    Form form = parquet ? Form.LINES_FOR_PARQUET : Form.LINES;
    lease.checkpoint(new Progress(Phase.PLANNED, offset, Counts.NONE, out, errors, Map.of(), form));
  }

  /// Writes the summary, and the checkpoint after which the shards' items may be deleted.
  private void summarize(ShardSums sums, Upload out, Upload errors) {
    Phase phase = sums.areCancelled() ? Phase.CANCELLED : Phase.PUBLISHING;
    Form form = parquet ? Form.PARQUET : Form.LINES;
    Progress all =
        new Progress(phase, sums.offset(), sums.counts(), out, errors, sums.models(), form);
    Bill bill = usage.billing().next(all);
    String owner = usage.tenant().owner();
    double estimate = BatchCost.of(attempt.services()).usd(lease, all, owner);
    BigDecimal usd = BatchCost.usd(bill.billed(), estimate).add(BatchCost.usd(sums.nanoUsd()));
    byte[] json =
        new BatchSummary(
                version,
                attempt.settings().outputBucket(),
                keys,
                all,
                sums.millis() + lease.spent().millis(),
                sums.invocations() + lease.invocation(),
                attempt.settings().store(),
                ignoredMetadata(),
                usd.round(new MathContext(BatchSummary.COST_DIGITS)),
                attempt.services().release(),
                sums.items().size())
            .json();
    object(objects.keys().summary(), OutputObject.JSON).put(json);
    lease.checkpoint(all, bill);
    usage.billing().settle(bill);
  }

  /// Names of the object's metadata that have no effect; empty if the object is gone by now.
  private List<String> ignoredMetadata() {
    try {
      InputObject input =
          InputObject.open(attempt.services().s3().get(), version, attempt.retries());
      return ObjectOptions.of(input.metadata(), InputFormat.of(version.key(), input.metadata()))
          .ignored();
    } catch (BatchException.Gone e) {
      return List.of();
    }
  }

  private void publishJoined() {
    Progress all = lease.progress();
    Optional<byte[]> summary = attempt.out().get(objects.keys().summary(), SUMMARY_BYTES);
    if (summary.isPresent()) {
      Publication.of(attempt.out(), keys, version.identity(), lease::requireHeld)
          .publish(all.out(), all.errors(), summary.get());
    } else if (!object(keys.summary(), OutputObject.JSON).isOurs()) {
      // else an earlier attempt published all, and was cleaning up
      throw new BatchException.Misconfigured(
          "%s was deleted before it was published; put %s again"
              .formatted(attempt.out().uri(objects.keys().summary()), version),
          null);
    }
  }

  private OutputObject object(String key, String type) {
    return new OutputObject(attempt.out(), key, type, version.identity());
  }
}
