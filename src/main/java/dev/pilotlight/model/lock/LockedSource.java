package dev.pilotlight.model.lock;

import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.files.ModelId;
import dev.pilotlight.model.files.ModelSource;
import dev.pilotlight.model.files.ModelVersion;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.support.Sha256;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A source of which only the files in a lock are served. The lock and the listing are read once: a
/// file that is missing, or another one than the lock lists, stays refused until the process ends.
/// Thread-safe.
///
/// Without a pin, the lock is `models.lock`; if the first listing has none, everything is served as
/// the other source lists it.
public final class LockedSource implements ModelSource {
  private final ModelSource source;
  private final Optional<String> pin;
  private final Map<ModelId, String> faults = new ConcurrentHashMap<>();
  // read once
  private boolean isRead;
  private @Nullable ModelsLock lock;
  private volatile @Nullable Found found;
  // why the lock itself cannot be used
  private volatile @Nullable String unusable;

  /// @param pin of the lock to use ([ModelsLock#pin])
  public LockedSource(ModelSource source, Optional<String> pin) {
    this.source = source;
    this.pin = pin;
  }

  @Override
  public synchronized Found list() {
    Found fixed = found;
    if (fixed != null) {
      return fixed;
    }
    Found listed = source.list();
    if (!isRead) {
      lock = read(listed);
      isRead = true;
    }
    ModelsLock chosen = lock;
    if (chosen == null) {
      return listed;
    }
    fixed = inLock(chosen, listed);
    found = fixed;
    return fixed;
  }

  private @Nullable ModelsLock read(Found listed) {
    try {
      ModelsLock chosen = null;
      if (pin.isPresent()) {
        chosen = pinned(pin.get());
      } else if (listed.locked()) {
        chosen = ModelsLock.of(source.readRoot(ModelsLock.FILE).orElseThrow(LockedSource::gone));
      }
      unusable = null;
      return chosen;
    } catch (LoadFailure e) {
      unusable = e.reason();
      throw e;
    }
  }

  private static LoadFailure gone() {
    return LoadFailure.passing(ModelsLock.FILE + " was removed while it was read", null);
  }

  private ModelsLock pinned(String expected) {
    String name = ModelsLock.PINNED + expected;
    byte[] text =
        source
            .readRoot(name)
            .orElseThrow(
                () ->
                    LoadFailure.passing(
                        "the pinned lock %s is missing next to the models".formatted(name), null));
    String actual = ModelsLock.pin(text);
    if (!actual.equals(expected)) {
      throw new LoadFailure(
          "the SHA-256 of %s begins with %s; expected: %s".formatted(name, actual, expected));
    }
    return ModelsLock.of(text);
  }

  private Found inLock(ModelsLock chosen, Found listed) {
    Map<String, ModelVersion> byFolder = new HashMap<>();
    listed.versions().forEach(version -> byFolder.put(version.folder(), version));
    List<ModelVersion> versions =
        chosen.versions().stream()
            .map(version -> version.inLock(byFolder.get(version.folder())))
            .toList();
    for (ModelVersion version : versions) {
      if (version.fault() != null) {
        faults.put(version.id(), version.fault());
      }
    }
    return new Found(versions, List.of(), true);
  }

  @Override
  public ModelFiles fetch(ModelVersion version, long bytesMax) {
    String known = faults.get(version.id());
    if (known != null) {
      throw new LoadFailure(known);
    }
    try {
      return source.fetch(version, bytesMax);
    } catch (LoadFailure e) {
      if (version.isLocked() && !e.passes()) {
        faults.put(version.id(), e.reason());
      }
      throw e;
    }
  }

  @Override
  public String identity(ModelVersion version) {
    return source.identity(version);
  }

  /// The faults found so far, of the lock or of the versions in it, each in words; empty without a
  /// lock.
  public List<String> faults() {
    String whole = unusable;
    if (whole != null) {
      return List.of(whole);
    }
    return faults.entrySet().stream()
        .map(fault -> "model " + fault.getKey() + ": " + fault.getValue())
        .sorted()
        .toList();
  }

  /// @throws LoadFailure a passing one, if the lock lists the file and it is absent
  @Override
  public Optional<byte[]> read(ModelVersion version, String file) {
    Optional<byte[]> content = source.read(version, file);
    if (version.isLocked() && version.has(file)) {
      byte[] found =
          content.orElseThrow(
              () -> LoadFailure.passing("%s: %s is absent".formatted(ModelsLock.FILE, file), null));
      requireDigest(version, file, found);
    }
    return content;
  }

  private void requireDigest(ModelVersion version, String file, byte[] content) {
    try {
      version.state(file).requireDigest(file, Sha256.of(content));
    } catch (LoadFailure e) {
      faults.put(version.id(), e.reason());
      throw e;
    }
  }

  @Override
  public Optional<byte[]> readRoot(String name) {
    return source.readRoot(name);
  }

  @Override
  public boolean mayChange() {
    return found == null && source.mayChange();
  }

  @Override
  public void stop() {
    source.stop();
  }
}
