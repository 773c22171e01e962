package dev.pilotlight.model;

import dev.pilotlight.domain.Refusal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One version of a model, loaded by the first caller while the others wait; a failure is told to
/// all callers until the back-off is over, then the next one tries again.
final class LoadOnce {
  private final ModelId id;
  private final Duration backOff;
  private final Supplier<Model> loader;
  private final ReentrantLock loading = new ReentrantLock();
  private volatile @Nullable Model model;
  private volatile @Nullable Failure failure;

  private record Failure(String reason, Throwable cause, long retryAtNanos) {
    Duration remaining() {
      return Duration.ofNanos(Math.max(0, retryAtNanos - System.nanoTime()));
    }
  }

  LoadOnce(ModelId id, Duration backOff, Supplier<Model> loader) {
    this.id = id;
    this.backOff = backOff;
    this.loader = loader;
  }

  /// @throws Refusal `UNAVAILABLE` with the reason, and when to come back
  Model get() {
    Model loaded = model;
    if (loaded != null) {
      return loaded;
    }
    loading.lock();
    try {
      return model != null ? model : load();
    } finally {
      loading.unlock();
    }
  }

  private Model load() {
    Failure last = failure;
    if (last != null && !last.remaining().isZero()) {
      throw refusal(last);
    }
    try {
      Model loaded = loader.get();
      model = loaded;
      failure = null;
      return loaded;
    } catch (LoadFailure e) {
      throw failed(e.reason(), e);
    } catch (RuntimeException | LinkageError e) {
      throw failed("an unexpected error, which is in the log", e);
    }
  }

  private Refusal failed(String reason, Throwable cause) {
    Failure now = new Failure(reason, cause, System.nanoTime() + backOff.toNanos());
    failure = now;
    return refusal(now);
  }

  private Refusal refusal(Failure why) {
    return Refusal.unavailable(
        "model %s cannot be loaded: %s".formatted(id, why.reason), why.remaining(), why.cause);
  }

  /// The model, if it is loaded.
  Optional<Model> loaded() {
    return Optional.ofNullable(model);
  }

  /// Does not load.
  ModelStatus status() {
    Failure last = failure;
    String version = Long.toString(id.version());
    if (model != null) {
      return new ModelStatus(id.name(), version, ModelStatus.State.READY, null);
    }
    return last == null
        ? new ModelStatus(id.name(), version, ModelStatus.State.UNLOADED, null)
        : new ModelStatus(id.name(), version, ModelStatus.State.UNAVAILABLE, last.reason);
  }

  /// Waits for a load under way.
  void close() {
    loading.lock();
    try {
      Model loaded = model;
      if (loaded != null) {
        loaded.close();
      }
    } finally {
      loading.unlock();
    }
  }
}
