package dev.pilotlight.handler;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.store.ResultStore;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Threads;
import java.time.Duration;
import java.util.Optional;

/// What is done once in an environment's life, before the first caller comes: the default model is
/// loaded and answers while the store is reached; where there is time, everything is rehearsed.
///
/// Nothing of it is needed to start: whatever fails here is tried again by the first request, which
/// then also tells its caller.
///
/// @param store reached with one read of nothing
record FirstTimes(Catalogue catalogue, ResultStore store, Optional<Rehearsal> rehearsal, Log log) {
  /// How long the store is waited for when the model is there. A store that takes longer is away or
  /// slow, and then the first request waits for it, by its own budget.
  private static final Duration STORE_WAIT = Duration.ofMillis(500);

  void run() {
    Thread beside = reachStoreBeside();
    Optional<ModelInfo> model = catalogue.readyModel();
    if (ends(beside)) {
      rehearsal.ifPresent(it -> model.filter(ModelInfo::takesText).ifPresent(it::run));
    }
  }

  /// Begins to, and returns.
  Thread reachStoreBeside() {
    Thread beside = Threads.daemons("pilotlight-start-").newThread(this::reachStore);
    beside.start();
    return beside;
  }

  private static boolean ends(Thread beside) {
    try {
      return beside.join(STORE_WAIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void reachStore() {
    try {
      store.prime();
    } catch (RuntimeException e) {
      log.warn("the result store could not be reached", e);
    }
  }
}
