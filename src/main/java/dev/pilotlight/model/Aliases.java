package dev.pilotlight.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The other names of models: those in `pilotlight.json` of a model's highest version that is not
/// known to be broken. Read once for each state of its files, and not before a name is missed.
/// Thread-safe.
final class Aliases {
  private final Slots slots;
  private final Map<String, List<String>> read = new ConcurrentHashMap<>();

  Aliases(Slots slots) {
    this.slots = slots;
  }

  /// @param name of a model in the listing
  List<String> of(String name, Listing listing) {
    for (Listing.Entry entry : listing.versions(name)) {
      LoadOnce known = slots.known(entry.version().id());
      if (known != null && known.loaded() != null) {
        return of(known.version());
      }
      boolean failed = known != null && known.hasFailed();
      if (!failed && listing.isComplete(entry) && entry.version().hasGraph()) {
        return of(entry.version());
      }
    }
    return List.of();
  }

  private List<String> of(ModelVersion version) {
    String key = version.id() + " " + version.stamp();
    List<String> known = read.get(key);
    if (known != null) {
      return known;
    }
    Optional<byte[]> json = slots.read(version, ModelFiles.OVERRIDES);
    List<String> found = json.map(Aliases::parse).orElse(List.of());
    if (json.isPresent() || !version.has(ModelFiles.OVERRIDES)) {
      read.put(key, found);
    }
    return found;
  }

  private static List<String> parse(byte[] json) {
    try {
      return JsonFile.of(ModelFiles.OVERRIDES, json).texts("aliases");
    } catch (LoadFailure e) {
      // loading the model says what is wrong with the file
      return List.of();
    }
  }
}
