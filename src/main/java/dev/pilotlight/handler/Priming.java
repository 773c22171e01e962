package dev.pilotlight.handler;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.store.ResultStore;
import dev.pilotlight.store.StoreException;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Threads;
import java.time.Duration;
import java.util.Optional;

/// What is done once in an environment's life, before the first caller comes: the default model is
/// loaded and answers while the store is reached; where there is time, everything is rehearsed.
///
/// The function starts without any of it. A failure here, also an error of the virtual machine, is
/// logged, and the first request tries again and answers with what it finds.
///
/// @param store reached with one read of nothing
/// @param kind of start: one on demand has 10 seconds, after which Lambda begins again
record Priming(
    Catalogue catalogue,
    ResultStore store,
    Optional<Rehearsal> rehearsal,
    EnvironmentStart.Kind kind,
    Log log) {
  /// How long the store is waited for when the model is there. A store that takes longer is away or
  /// slow, and then the first request waits for it, by its own budget.
  private static final Duration STORE_WAIT = Duration.ofMillis(500);

  /// How long a start on demand waits for a default model that comes from S3. Loading then goes on
  /// while requests are answered.
  private static final Duration MODEL_WAIT = Duration.ofSeconds(8);

  void run() {
    Thread beside = reachStoreBeside();
    Optional<ModelInfo> model = readyModel();
    if (ends(beside)) {
      rehearsal.ifPresent(it -> model.filter(ModelInfo::takesText).ifPresent(it::run));
    }
  }

  private Optional<ModelInfo> readyModel() {
    return kind == EnvironmentStart.Kind.ON_DEMAND && catalogue.isRemote()
        ? readyModelInTime()
        : catalogue.readyModel();
  }

  private Optional<ModelInfo> readyModelInTime() {
    Deadline deadline = Deadline.in(MODEL_WAIT);
    try (ModelRepository.Use _ = catalogue.use(deadline, new Meter())) {
      Optional<ModelInfo> model = catalogue.readyModel();
      if (model.isEmpty() && deadline.passed()) {
        log.warn("the default model is not loaded yet; the function starts without it", null);
      }
      return model;
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
    } catch (StoreException e) {
      if (!e.isLogged()) {
        log.warn("the result store could not be reached", e);
      }
    } catch (RuntimeException | Error e) {
      log.warn("the result store could not be reached", e);
    }
  }
}
