package dev.pilotlight.handler;

import dev.pilotlight.access.Gate;
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
import org.jspecify.annotations.Nullable;

/// Prepares an environment once, before its first request: loads and runs the default model while
/// the store connects, and rehearses whole requests if there is time.
///
/// The function starts even if all of this fails. A failure, also an error of the virtual machine,
/// is logged, and the first request tries again.
///
/// @param store connects with one read of an absent item
/// @param gate likewise; null without API keys
/// @param kind an on-demand start has 10 seconds, then Lambda restarts it
record Priming(
    Catalogue catalogue,
    ResultStore store,
    @Nullable Gate gate,
    Optional<Rehearsal> rehearsal,
    EnvironmentStart.Kind kind,
    Log log) {
  /// How long the start waits for the store once the model is ready. If the store takes longer, the
  /// first request waits for it within its own budget.
  private static final Duration STORE_WAIT = Duration.ofMillis(500);

  /// How long an on-demand start waits for a default model from S3. After that, loading continues
  /// while requests are answered.
  private static final Duration MODEL_WAIT = Duration.ofSeconds(8);

  void run() {
    Thread connecting = startConnectingStore();
    Optional<ModelInfo> model = readyModel();
    boolean connected = endsInTime(connecting);
    // without lambdas, which a start on demand would link here in vain
    if (connected && rehearsal.isPresent() && model.isPresent() && model.get().takesText()) {
      rehearsal.get().run(model.get());
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

  /// Connects the store on another thread.
  Thread startConnectingStore() {
    Thread connecting = Threads.daemons("pilotlight-start-").newThread(this::connectStore);
    connecting.start();
    return connecting;
  }

  private static boolean endsInTime(Thread connecting) {
    try {
      return connecting.join(STORE_WAIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void connectStore() {
    try {
      store.prime();
    } catch (StoreException e) {
      if (!e.isLogged()) {
        log.warn("the result store could not be reached", e);
      }
    } catch (RuntimeException | Error e) {
      log.warn("the result store could not be reached", e);
    }
    if (gate != null) {
      connect(gate);
    }
  }

  private void connect(Gate keys) {
    try {
      keys.prime();
    } catch (RuntimeException | Error e) {
      log.warn("the table of clients could not be reached", e);
    }
  }
}
