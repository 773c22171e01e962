package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.Progress.Phase;
import dev.pilotlight.batch.openai.ApiBatchWork;
import dev.pilotlight.batch.output.Output;
import dev.pilotlight.batch.output.OutputKeys;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.batch.s3.StopReason;
import dev.pilotlight.domain.Refusal;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Handles what differs for a batch made through OpenAI's API. For one thread at a time.
final class ApiPart {
  private final BatchServices services;
  private final ObjectVersion version;
  private final Retries retries;

  private Optional<ApiBatchWork> work = Optional.empty();
  private boolean loaded;

  ApiPart(BatchServices services, ObjectVersion version, Retries retries) {
    this.services = services;
    this.version = version;
    this.retries = retries;
  }

  /// The batch of OpenAI's API; empty for an ordinary one.
  Optional<ApiBatchWork> work() {
    if (!loaded) {
      work = services.apiBatches().of(version, retries);
      loaded = true;
    }
    return work;
  }

  /// The keys of the output.
  OutputKeys keys() {
    return work().map(api -> api.keys(version)).orElseGet(() -> OutputKeys.of(version));
  }

  /// The only models that the batch may use; null for all of its tenant's.
  @Nullable Set<String> models() {
    Optional<ApiBatchWork> api = work();
    return api.isEmpty() ? null : api.get().models();
  }

  /// Whether the batch must stop now: it was cancelled, or its time is over. Quota and turns are
  /// not checked.
  boolean mustStop(CancellationCheck cancellation) {
    return hasExpired() || cancellation.isRequested();
  }

  private boolean hasExpired() {
    return work().filter(ApiBatchWork::hasExpired).isPresent();
  }

  /// Checks that the batch may answer further lines.
  ///
  /// @param quota throws [BatchException.QuotaUsedUp], which stops a batch of OpenAI's API
  /// @throws BatchException.Stopped if the batch must stop and publish the answers it has
  void requireMayContinue(CancellationCheck cancellation, Runnable quota) {
    if (hasExpired()) {
      throw new BatchException.Stopped(StopReason.EXPIRED, version + " has expired");
    }
    cancellation.requireNone();
    try {
      quota.run();
    } catch (BatchException.QuotaUsedUp e) {
      if (work().isEmpty()) {
        throw e;
      }
      throw new BatchException.Stopped(StopReason.OUT_OF_QUOTA, String.valueOf(e.getMessage()));
    }
  }

  /// Marks the batch as failed.
  ///
  /// @param publicReason the reason without bucket and key
  void fail(String publicReason) {
    work().ifPresent(its -> its.fail(publicReason));
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
              "the deployment is misconfigured; ask its operator";
          default -> "an attempt failed; ask the deployment's operator";
        };
    try {
      work.get().attemptFailed(reason);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /// Stops a batch before its last line is answered. For OpenAI's API, writes an error for each
  /// remaining line, which costs nothing.
  ///
  /// @return whether the checkpoint before publishing is written; else the time is up
  boolean stop(BatchRun run, Output output, BatchTenant tenant, StopReason reason) {
    if (work().isEmpty()) {
      output.seal(Phase.CANCELLED);
      return true;
    }
    work().get().stopBilling();
    boolean all = run.refuseRest(output, tenant, reason);
    if (all) {
      output.seal(phase(reason));
    } else {
      var _ = output.save();
    }
    return all;
  }

  /// The phase of the checkpoint before publishing.
  private static Phase phase(StopReason reason) {
    return switch (reason) {
      case CANCELLED -> Phase.CANCELLED;
      case EXPIRED -> Phase.EXPIRED;
      case OUT_OF_QUOTA -> Phase.PUBLISHING;
    };
  }
}
