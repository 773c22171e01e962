package dev.pilotlight.model.repository;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.files.ModelId;
import dev.pilotlight.model.files.ModelVersion;
import dev.pilotlight.model.files.TextFiles;
import dev.pilotlight.model.format.LoadFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Aliases and task from the `pilotlight.json` of models that may not be loaded. Each is read once
/// for each state of a version's files, when it is first needed. Thread-safe.
final class Hints {
  private final Slots slots;
  private final Map<ModelId, Hint> read = new ConcurrentHashMap<>();
  private final Map<ModelId, SharedWork<Hint>> awaited = new ConcurrentHashMap<>();

  private record Hint(ModelVersion version, List<String> aliases, boolean tensors) {}

  Hints(Slots slots) {
    this.slots = slots;
  }

  /// The aliases of a model: those of its highest version that is not known to be broken.
  ///
  /// @param name of a model in the listing
  List<String> aliases(String name, Listing listing) {
    for (Listing.Entry entry : listing.versions(name)) {
      LoadOnce known = slots.known(entry.version().id());
      if (known != null && known.loaded() != null) {
        return of(known.version()).aliases;
      }
      boolean failed = !entry.version().isLocked() && known != null && known.hasFailed();
      if (!failed && listing.isComplete(entry) && entry.version().hasGraph()) {
        return of(entry.version()).aliases;
      }
    }
    return List.of();
  }

  /// Whether `pilotlight.json` declares that a version takes tensors.
  boolean isTensors(ModelVersion version) {
    return of(version).tensors;
  }

  private Hint of(ModelVersion version) {
    Hint known = read.get(version.id());
    if (known == null || !known.version.isSame(version)) {
      known = readWithPatience(version);
      read.put(version.id(), known);
    }
    return known;
  }

  private Hint readWithPatience(ModelVersion version) {
    Patience patience = Patience.current();
    if (patience == null || !version.has(ModelFiles.OVERRIDES)) {
      return read(version);
    }
    String what =
        "%s of model %s is still being read".formatted(ModelFiles.OVERRIDES, version.id());
    return awaited
        .computeIfAbsent(version.id(), _ -> new SharedWork<>())
        .await(patience, what, () -> read(version));
  }

  /// @throws Refusal `UNAVAILABLE` if the file cannot be read now, or is not the one in the lock:
  ///   its aliases are not known, and a caller's name may be one of them
  private Hint read(ModelVersion version) {
    Optional<byte[]> content;
    try {
      content = slots.read(version, ModelFiles.OVERRIDES);
    } catch (LoadFailure e) {
      if (version.isLocked()) {
        throw Refusal.broken(
            "the aliases of model %s are not known: %s".formatted(version.id(), e.reason()), e);
      }
      return new Hint(version, List.of(), false);
    }
    try {
      JsonFile json =
          content
              .map(bytes -> JsonFile.of(ModelFiles.OVERRIDES, bytes))
              .orElseGet(() -> new JsonFile(ModelFiles.OVERRIDES, Map.of()));
      return new Hint(version, json.texts("aliases"), TextFiles.isTensors(json));
    } catch (LoadFailure e) {
      // loading the model reports the fault of the file
      return new Hint(version, List.of(), false);
    }
  }
}
