package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.claim.Progress.Form;
import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.output.Billing;
import dev.pilotlight.batch.output.Leftovers;
import dev.pilotlight.batch.output.Output;
import dev.pilotlight.batch.output.OutputKeys;
import dev.pilotlight.batch.output.OutputObject;
import dev.pilotlight.batch.output.PartedObject;
import dev.pilotlight.batch.output.PrivateKeys;
import dev.pilotlight.batch.output.Publication;
import dev.pilotlight.batch.output.parquet.ParquetConversion;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.BatchSettings;
import dev.pilotlight.batch.s3.BucketClient;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The output of a batch that is not in shards: its objects, from the first line to their
/// publication. For one thread at a time.
final class BatchOutput {
  private final Lease lease;
  private final BatchServices services;
  private final BatchSettings settings;
  private final Retries retries;
  private final Meter meter;
  private final BatchUsage usage;
  private final ApiPart api;
  private final BucketClient out;
  private final PrivateKeys privates;

  /// @param retries with the invocation's end
  /// @param meter of the invocation
  BatchOutput(
      Lease lease,
      BatchServices services,
      Retries retries,
      Meter meter,
      BatchUsage usage,
      ApiPart api) {
    this.lease = lease;
    this.services = services;
    this.settings = services.settings();
    this.retries = retries;
    this.meter = meter;
    this.usage = usage;
    this.api = api;
    this.out = new BucketClient(services.s3().get(), settings.outputBucket(), retries);
    this.privates = new PrivateKeys(lease.version().batchId());
  }

  /// Aborts uploads that no checkpoint names: those of an older version or of a killed attempt.
  void abortOtherUploads() {
    Progress progress = lease.progress();
    Set<String> named = progress.uploadIds();
    Leftovers leftovers = new Leftovers(out);
    OutputKeys keys = api.keys();
    leftovers.abortUploads(List.of(keys.errors()), named);
    if (lease.isAtStart()) {
      leftovers.abortUploads(keys.answersPrefix(), keys.allAnswers(), named);
      if (api.work().isEmpty()) { // OpenAI's API has no Parquet files
        leftovers.abortUploads(privates.tails());
      }
      leftovers.deleteAll(privates.tails());
      return;
    }
    leftovers.abortUploads(List.of(keys.out()), named);
    if (progress.form() == Form.LINES_FOR_PARQUET) {
      // the file's own uploads are aborted when it is made
      leftovers.abortUploads(List.of(privates.answers()), named);
    }
  }

  /// Aborts all uploads.
  void abortUploads() {
    OutputKeys keys = api.keys();
    Leftovers leftovers = new Leftovers(out);
    leftovers.abortUploads(List.of(keys.out(), keys.errors()), Set.of());
    if (lease.progress().form() != Form.LINES) {
      leftovers.abortUploads(List.of(keys.forParquet().out(), privates.answers()), Set.of());
    }
  }

  /// Opens the output from the last checkpoint, to write answers.
  ///
  /// @param parquet whether a Parquet file will be made of them
  /// @throws BatchException.Unreadable if the batch cannot have one
  /// @throws BatchException.Restart if the lines so far were written for the other form
  Output open(boolean parquet) {
    boolean begun = lease.progress().form() != Form.LINES;
    if (parquet != begun && !lease.isAtStart()) {
      throw new BatchException.Restart(
          "the object's output-format changed while the batch was running");
    }
    if (parquet && lease.progress().form() == Form.LINES) {
      if (api.work().isPresent()) {
        throw new BatchException.Unreadable(
            "a batch of OpenAI's API has output-format parquet; accepted: jsonl", null);
      }
      lease.checkpoint(lease.progress().with(Form.LINES_FOR_PARQUET));
    }
    Progress from = lease.progress();
    OutputKeys keys = api.keys();
    Billing bills = usage.billing();
    return new Output(
        parted(parquet ? privates.answers() : keys.out(), privates.outTails(), from.out()),
        parted(keys.errors(), privates.errorsTails(), from.errors()),
        api.work().isPresent(),
        lease,
        api.work().map(work -> work.withCounts(bills, lease::progress)).orElse(bills),
        BatchPacks.from(lease, Long.MAX_VALUE, usage.tenant(), services, retries, meter),
        settings.checkpoint(),
        meter);
  }

  private PartedObject parted(String key, String tails, Upload from) {
    return new PartedObject(object(key, OutputObject.LINES), tails, settings.partBytes(), from);
  }

  /// Writes the Parquet file if output-format is parquet. Call it after the last checkpoint of the
  /// lines.
  ///
  /// @return false if the time was up
  boolean convert(Deadline deadline) {
    Progress progress = lease.progress();
    if (progress.form() != Form.LINES_FOR_PARQUET) {
      return true;
    }
    ParquetConversion conversion =
        new ParquetConversion(
            object(privates.answers(), OutputObject.LINES),
            progress.out(),
            object(api.keys().forParquet().out(), OutputObject.PARQUET),
            privates.conversion(),
            lease::requireHeld,
            settings.checkpoint());
    Optional<Upload> file = conversion.run(progress.counts().lines(), deadline);
    file.ifPresent(upload -> lease.checkpoint(progress.converted(upload)));
    return file.isPresent();
  }

  /// Publishes all answers, which are in a checkpoint.
  ///
  /// @param ignoredMetadata names of the object's metadata that have no effect
  void publish(List<String> ignoredMetadata) {
    Progress progress = lease.progress();
    OutputKeys usual = api.keys();
    OutputKeys keys = progress.form() == Form.PARQUET ? usual.forParquet() : usual;
    Publication all = Publication.of(out, keys, lease.version().identity(), lease::requireHeld);
    if (api.work().isPresent()) {
      all.publishObjects(progress.out(), progress.errors());
      api.work().get().publish(progress);
    } else {
      all.publish(
          progress.out(),
          progress.errors(),
          BatchSummary.of(lease, keys, ignoredMetadata, usage.tenant().owner(), services).json());
    }
  }

  private OutputObject object(String key, String type) {
    return new OutputObject(out, key, type, lease.version().identity());
  }
}
