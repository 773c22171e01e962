package dev.pilotlight.model;

import dev.pilotlight.support.Log;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// The versions that were asked for, loaded or not, one state of the files each. Thread-safe.
final class Slots {
  private final ModelSource source;
  private final ModelSettings settings;
  private final ModelLoader loader;
  private final ModelMemory memory;
  private final Uses uses;
  private final InstantSource clock;
  private final Log log;
  private final ConcurrentMap<ModelId, LoadOnce> slots = new ConcurrentHashMap<>();
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

  /// The slot of a version: what is loaded of it, else one for the files as they were listed.
  LoadOnce slot(ModelVersion version) {
    LoadOnce known = slots.get(version.id());
    LoadOnce slot = known != null && known.loaded() != null ? known : slotFor(version);
    slot.usedAt(uses.now());
    return slot;
  }

  private LoadOnce slotFor(ModelVersion version) {
    return slots.compute(
        version.id(),
        (id, now) ->
            now != null && (now.loaded() != null || now.version().isSame(version))
                ? now
                : fresh(version));
  }

  /// A slot for these files that is in use only when [#replace] has put it in the place of another.
  LoadOnce fresh(ModelVersion version) {
    return new LoadOnce(version, settings.retryBackOff(), clock, () -> load(version));
  }

  @Nullable LoadOnce known(ModelId id) {
    return slots.get(id);
  }

  Collection<LoadOnce> all() {
    return slots.values();
  }

  /// Puts a slot in the place of the one for older files, whose model is closed when it is idle.
  void replace(LoadOnce next) {
    LoadOnce before = slots.put(next.version().id(), next);
    next.usedAt(uses.now());
    retire(before);
  }

  /// Forgets a version that is not there any more.
  void remove(ModelId id) {
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

  /// Closes the models that were replaced, those that no request uses any more.
  void closeReplaced() {
    synchronized (replaced) {
      boolean closed =
          replaced.removeIf(
              slot -> uses.isIdleSince(slot.lastUse()) && (slot.loaded() == null || slot.unload()));
      if (closed) {
        ModelMemory.trim();
      }
    }
  }

  private Model load(ModelVersion version) {
    ModelId id = version.id();
    long start = System.nanoTime();
    try {
      ModelFiles files = source.fetch(version, settings.modelBytesMax());
      Model model;
      try (ModelMemory.Room _ = memory.makeRoom(files, all())) {
        model = loader.load(id, files);
      }
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
    } catch (RuntimeException | LinkageError e) {
      log.error("model not loaded", e, "model", id.name(), "version", id.version());
      throw e;
    }
  }

  /// The content of a small file of a version, if it has one of that name.
  Optional<byte[]> read(ModelVersion version, String file) {
    return version.has(file) ? source.read(version, file) : Optional.empty();
  }

  void close() {
    slots.values().forEach(LoadOnce::close);
    synchronized (replaced) {
      replaced.forEach(LoadOnce::close);
    }
  }
}
