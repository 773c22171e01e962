package dev.pilotlight.model.repository;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.ModelLoader;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.files.ModelId;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.model.files.ModelSource;
import dev.pilotlight.model.files.ModelVersion;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.support.Log;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The requested versions, loaded or not, each in one state of its files. Thread-safe.
final class Slots {
  private final ModelSource source;
  private final ModelSettings settings;
  private final ModelLoader loader;
  private final ModelMemory memory;
  private final Uses uses;
  private final InstantSource clock;
  private final Log log;
  private final ConcurrentMap<ModelId, LoadOnce> slots = new ConcurrentHashMap<>();
  // newer files of loaded versions, being loaded or failed
  private final ConcurrentMap<ModelId, LoadOnce> newer = new ConcurrentHashMap<>();
  // loaded from files that have changed since; closed when idle
  private final List<LoadOnce> replaced = new ArrayList<>();

  Slots(
      ModelSource source,
      ModelSettings settings,
      ModelLoader loader,
      ModelMemory memory,
      Uses uses,
      InstantSource clock,
      Log log) {
    this.source = source;
    this.settings = settings;
    this.loader = loader;
    this.memory = memory;
    this.uses = uses;
    this.clock = clock;
    this.log = log;
  }

  /// The slot of a version: the loaded one, else one for the listed files.
  LoadOnce slot(ModelVersion version) {
    LoadOnce slot = unused(version);
    slot.usedAt(uses.now());
    return slot;
  }

  /// The same slot for a caller that does not use its model, which may be closed at any time.
  LoadOnce unused(ModelVersion version) {
    LoadOnce known = slots.get(version.id());
    return known != null && known.loaded() != null ? known : slotFor(version);
  }

  private LoadOnce slotFor(ModelVersion version) {
    return slots.compute(
        version.id(),
        (id, now) -> {
          if (now != null && (now.loaded() != null || now.version().isSame(version))) {
            return now;
          }
          retire(now);
          LoadOnce next = newer.get(id);
          return next != null && next.version().isSame(version) ? next : fresh(version);
        });
  }

  private LoadOnce fresh(ModelVersion version) {
    return new LoadOnce(
        version, settings.retryBackOff(), clock, kept -> load(version, Optional.ofNullable(kept)));
  }

  /// The slot for newer files of a loaded version. It answers after [#replace] has replaced the
  /// other slot, or if the other was closed meanwhile.
  LoadOnce newer(ModelVersion version) {
    return Objects.requireNonNull(
        newer.compute(
            version.id(),
            (id, now) -> now != null && now.version().isSame(version) ? now : fresh(version)));
  }

  /// The slot for newer files of a version, if they were tried and do not answer.
  @Nullable LoadOnce knownNewer(ModelId id) {
    return newer.get(id);
  }

  /// Forgets newer files of a version, which are gone.
  void forgetNewer(ModelId id) {
    newer.remove(id);
  }

  @Nullable LoadOnce known(ModelId id) {
    return slots.get(id);
  }

  Collection<LoadOnce> all() {
    return slots.values();
  }

  /// Replaces the slot for older files; its model is closed when it is idle.
  void replace(LoadOnce next) {
    LoadOnce before = slots.put(next.version().id(), next);
    next.usedAt(uses.now());
    newer.remove(next.version().id(), next);
    if (before != next) {
      retire(before);
    }
  }

  /// Forgets a removed version.
  void remove(ModelId id) {
    newer.remove(id);
    retire(slots.remove(id));
  }

  private void retire(@Nullable LoadOnce slot) {
    if (slot != null) {
      slot.retire();
      synchronized (replaced) {
        replaced.add(slot);
      }
    }
  }

  /// Closes the replaced models that no request uses any more.
  void closeReplaced() {
    synchronized (replaced) {
      boolean closed = replaced.removeIf(slot -> slot.unload(uses) || slot.isEmpty());
      if (closed) {
        ModelMemory.trim();
      }
    }
  }

  /// @param kept a version that must not be closed for this one; nor is the one that this replaces
  private Model load(ModelVersion version, Optional<ModelId> kept) {
    ModelId id = version.id();
    long start = System.nanoTime();
    try {
      String identity = source.identity(version);
      ModelFiles files = source.fetch(version, settings.modelBytesMax());
      Model model;
      closeReplaced();
      Predicate<LoadOnce> stays =
          slot -> slot.version().id().equals(id) || kept.equals(Optional.of(slot.version().id()));
      try (ModelMemory.Room _ = memory.makeRoom(files, all(), stays)) {
        model = loader.load(id, files);
      }
      requireUnchanged(version, identity, model);
      log.info(
          "model loaded",
          "model",
          id.name(),
          "version",
          id.version(),
          "task",
          model.info().task(),
          "ms",
          Duration.ofNanos(System.nanoTime() - start).toMillis());
      model
          .info()
          .warnings()
          .forEach(text -> log.warn(text, null, "model", id.name(), "version", id.version()));
      return model;
    } catch (RuntimeException | Error e) {
      log.error("model not loaded", e, "model", id.name(), "version", id.version());
      throw e;
    }
  }

  /// Compares the files that were loaded with those that [ModelSource#fetch] checked.
  private void requireUnchanged(ModelVersion version, String identity, Model model) {
    if (!source.identity(version).equals(identity)) {
      model.close();
      throw LoadFailure.passing("its files changed while they were loaded", null);
    }
  }

  /// The content of a small file of a version, if it has one of that name.
  ///
  /// @throws LoadFailure if it is not one that can be read
  /// @throws Refusal `UNAVAILABLE` if it cannot be read now
  Optional<byte[]> read(ModelVersion version, String file) {
    try {
      return version.has(file) ? source.read(version, file) : Optional.empty();
    } catch (LoadFailure e) {
      if (e.passes()) {
        throw Refusal.unavailable(
            "model %s: %s".formatted(version.id(), e.reason()), settings.retryBackOff(), e);
      }
      throw e;
    }
  }

  void close() {
    source.stop();
    List<LoadOnce> all = new ArrayList<>(slots.values());
    all.addAll(newer.values());
    synchronized (replaced) {
      all.addAll(replaced);
    }
    // outside the monitor: a load that this waits for may need it
    all.forEach(LoadOnce::close);
  }
}
