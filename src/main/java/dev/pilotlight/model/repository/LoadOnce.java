package dev.pilotlight.model.repository;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.files.ModelId;
import dev.pilotlight.model.files.ModelVersion;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.support.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One version of a model in one state of its files: loaded for the first caller while the others
/// wait, closed when its memory is needed, and then loaded again.
///
/// A caller with a deadline ([Patience]) gives up when it passes; the load continues and serves the
/// next caller.
///
/// All callers get the same failure until the back-off is over; then the next caller retries. A
/// fault of the files stays until they change: the back-off doubles with each retry, and callers
/// get no retry time.
public final class LoadOnce {
  private static final int DOUBLINGS_MAX = 6;

  private final ModelVersion version;
  private final Duration backOff;
  private final InstantSource clock;
  private final Loader loader;
  private final ReentrantLock loading = new ReentrantLock();
  private final SharedWork<Model> awaited = new SharedWork<>();
  private volatile @Nullable Model model;
  // stays when the model is closed
  private volatile @Nullable ModelInfo info;
  private volatile @Nullable Failure failure;
  private final AtomicLong lastUse = new AtomicLong();
  private volatile boolean retired;

  /// @param passing whether a retry may succeed
  /// @param tries how often loading failed in a row
  private record Failure(
      String reason, Throwable cause, boolean passing, int tries, Instant retryAt) {}

  /// Loads the model.
  interface Loader {
    /// Loads it now.
    ///
    /// @param kept a version that must not be closed for that
    Model load(@Nullable ModelId kept);
  }

  LoadOnce(ModelVersion version, Duration backOff, InstantSource clock, Loader loader) {
    this.version = version;
    this.backOff = backOff;
    this.clock = clock;
    this.loader = loader;
  }

  ModelVersion version() {
    return version;
  }

  /// The model, if it is loaded.
  @Nullable Model loaded() {
    return model;
  }

  /// Facts about the model, if it was ever loaded: they follow from the files.
  @Nullable ModelInfo info() {
    return info;
  }

  /// When it was last requested, in the ticks of [Uses].
  long lastUse() {
    return lastUse.get();
  }

  /// Called before [#get]; [#unload] relies on that order.
  void usedAt(long tick) {
    lastUse.accumulateAndGet(tick, Math::max);
  }

  /// @throws Refusal `UNAVAILABLE` with the reason, and with the time of the next retry if it may
  ///   succeed; also if the caller's deadline passes before the model is loaded
  Model get() {
    return getBeside(null);
  }

  /// As [#get], but does not close a version that answers to make room.
  Model getBeside(@Nullable ModelId kept) {
    Model loaded = model;
    if (loaded != null) {
      return loaded;
    }
    Patience patience = Patience.current();
    if (patience == null) {
      return loadHere(kept);
    }
    requireTryDue();
    String what = "model %s is still being loaded".formatted(version.id());
    return awaited.await(patience, what, () -> loadHere(kept));
  }

  private Model loadHere(@Nullable ModelId kept) {
    loading.lock();
    try {
      return model != null ? model : load(kept);
    } finally {
      loading.unlock();
    }
  }

  private void requireTryDue() {
    Failure last = failure;
    if (last != null && clock.instant().isBefore(last.retryAt)) {
      throw refusal(last);
    }
  }

  private Model load(@Nullable ModelId kept) {
    requireTryDue();
    if (retired) {
      throw Refusal.unavailable(
          "model %s was replaced; try again".formatted(version.id()), Duration.ZERO, null);
    }
    try {
      Model loaded = loader.load(kept);
      info = loaded.info();
      model = loaded;
      failure = null;
      return loaded;
    } catch (LoadFailure e) {
      throw failed(e.reason(), e, e.passes());
    } catch (OutOfMemoryError e) {
      throw failed("out of memory; give the function more memory", e, true);
    } catch (RuntimeException | Error e) {
      throw failed("an unexpected error, which is in the log", e, false);
    }
  }

  private Refusal failed(String reason, Throwable cause, boolean passing) {
    int tries = failure == null ? 1 : failure.tries + 1;
    int doublings = passing ? 0 : Math.min(tries - 1, DOUBLINGS_MAX);
    Instant retryAt = clock.instant().plus(Durations.times(backOff, 1L << doublings));
    Failure now = new Failure(reason, cause, passing, tries, retryAt);
    failure = now;
    return refusal(now);
  }

  private Refusal refusal(Failure why) {
    String message = "model %s cannot be loaded: %s".formatted(version.id(), why.reason);
    if (!why.passing) {
      return Refusal.broken(message, why.cause);
    }
    Duration left = Duration.between(clock.instant(), why.retryAt);
    return Refusal.unavailable(message, left.isNegative() ? Duration.ZERO : left, why.cause);
  }

  /// Whether loading failed and no retry is due.
  boolean isBroken() {
    Failure last = failure;
    return last != null && clock.instant().isBefore(last.retryAt);
  }

  /// Whether the last try to load it failed.
  boolean hasFailed() {
    return failure != null && model == null;
  }

  /// Whether loading failed because of the files, so that no retry helps until they change.
  boolean hasBrokenFiles() {
    Failure last = failure;
    return last != null && !last.passing && model == null;
  }

  /// Does not load.
  ModelStatus status() {
    Failure last = failure;
    String name = version.id().name();
    String number = Long.toString(version.id().version());
    if (model != null) {
      return new ModelStatus(name, number, ModelStatus.State.READY, null);
    }
    return last == null
        ? new ModelStatus(name, number, ModelStatus.State.UNLOADED, null)
        : new ModelStatus(name, number, ModelStatus.State.UNAVAILABLE, last.reason);
  }

  /// Closes the model, which the next caller loads again.
  ///
  /// @return false if it is in use, is not loaded, or is being loaded
  boolean unload(Uses uses) {
    if (!uses.isIdleSince(lastUse()) || !loading.tryLock()) {
      return false;
    }
    try {
      Model loaded = model;
      if (loaded == null) {
        return false;
      }
      model = null;
      // a concurrent request has either recorded its use before this check, or finds no model and
      // waits for the lock
      if (!uses.isIdleSince(lastUse())) {
        model = loaded;
        return false;
      }
      loaded.close();
      return true;
    } finally {
      loading.unlock();
    }
  }

  /// Marks it as replaced by another state of the files: it is not loaded again.
  void retire() {
    retired = true;
  }

  boolean isRetired() {
    return retired;
  }

  /// Whether it holds no model and is not loading one.
  boolean isEmpty() {
    if (!loading.tryLock()) {
      return false;
    }
    try {
      return model == null;
    } finally {
      loading.unlock();
    }
  }

  /// Waits for a load under way.
  void close() {
    loading.lock();
    try {
      retire();
      Model loaded = model;
      if (loaded != null) {
        loaded.close();
      }
    } finally {
      loading.unlock();
    }
  }
}
