package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.Progress.Phase;
import dev.pilotlight.batch.openai.ApiBatchWork;
import dev.pilotlight.batch.openai.BatchRest;
import dev.pilotlight.batch.output.Output;
import dev.pilotlight.batch.output.OutputKeys;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Refusal;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The part of a batch that differs if it was made by OpenAI's API. For one thread at a time.
final class ApiPart {
  private final BatchServices services;
  private final ObjectVersion version;
  private final Retries retries;

  private Optional<ApiBatchWork> work = Optional.empty();
  private boolean lookedFor;

  ApiPart(BatchServices services, ObjectVersion version, Retries retries) {
    this.services = services;
    this.version = version;
    this.retries = retries;
  }

  /// The batch of OpenAI's API; empty for an ordinary one.
  Optional<ApiBatchWork> work() {
    if (!lookedFor) {
      work = services.apiBatches().of(version, retries);
      lookedFor = true;
    }
    return work;
  }

  /// The keys of the output.
  OutputKeys keys() {
    return work().map(its -> its.keys(version)).orElseGet(() -> OutputKeys.of(version));
  }

  /// The only models that the batch may use; null for all of its tenant's.
  @Nullable Set<String> models() {
    Optional<ApiBatchWork> its = work();
    return its.isEmpty() ? null : its.get().models();
  }

  /// Whether no further line is to be answered, whoever has quota or a turn.
  boolean isToEnd(CancellationCheck cancellation) {
    try {
      require(cancellation, () -> {});
      return false;
    } catch (BatchException.Cancelled e) {
      return true;
    }
  }

  /// Checks that lines may be answered.
  ///
  /// @param quota throws [BatchException.QuotaUsedUp], which ends a batch of OpenAI's API
  /// @throws BatchException.Cancelled if it has to end with what is answered
  void require(CancellationCheck cancellation, Runnable quota) {
    Optional<ApiBatchWork> its = work();
    its.ifPresent(ApiBatchWork::requireTime);
    cancellation.requireNone();
    try {
      quota.run();
    } catch (BatchException.QuotaUsedUp e) {
      throw its.isEmpty() ? e : its.get().outOfQuota(e);
    }
  }

  /// Ends a batch that no attempt can answer. Callers do not see where objects lie.
  void fail(String reason) {
    String shown = reason.replace(version + ": ", "").replace(version.toString(), "the file");
    work().ifPresent(its -> its.fail(shown));
  }

  /// Shows the caller that an attempt has failed. Never throws.
  void attemptFailed(Throwable failure) {
    if (work.isEmpty()) {
      return;
    }
    String reason =
        switch (failure) {
          case Refusal refusal -> refusal.message();
          case BatchException.Misconfigured _ ->
              "the deployment's settings do not let it go on; its operator can see why";
          default -> "an attempt has failed; its operator can see why";
        };
    try {
      work.get().attemptFailed(reason);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /// Ends a batch before its last line is answered: OpenAI's API has an error for each line left.
  ///
  /// @return whether the checkpoint before publishing is written; else the time is up
  boolean end(BatchRun run, Output output, BatchTenant tenant) {
    if (work().isEmpty()) {
      output.seal(Phase.CANCELLED);
      return true;
    }
    BatchRest rest = work().get().stopped();
    boolean all = run.refuseRest(output, tenant, rest);
    if (all) {
      output.seal(rest.phase());
    } else {
      var _ = output.save();
    }
    return all;
  }
}
