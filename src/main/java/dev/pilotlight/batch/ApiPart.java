package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.Progress.Phase;
import dev.pilotlight.batch.openai.ApiBatchWork;
import dev.pilotlight.batch.openai.BatchRest;
import dev.pilotlight.batch.output.Output;
import dev.pilotlight.batch.output.OutputKeys;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import java.util.Optional;

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
