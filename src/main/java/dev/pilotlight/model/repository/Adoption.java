package dev.pilotlight.model.repository;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.files.ModelId;
import dev.pilotlight.support.Log;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// Remembers which version answers if none is named, and replaces it by a newer one: it loads the
/// changes of each new listing, and a version answers only after it has loaded. Thread-safe.
final class Adoption {
  private final Slots slots;
  private final Log log;
  private final ConcurrentMap<String, ModelId> serving = new ConcurrentHashMap<>();

  Adoption(Slots slots, Log log) {
    this.slots = slots;
    this.log = log;
  }

  /// The version that answers for a model, if one was chosen.
  @Nullable ModelId serving(String name) {
    return serving.get(name);
  }

  void serves(ModelId id) {
    serving.put(id.name(), id);
  }

  void servesNoMore(ModelId id) {
    serving.remove(id.name(), id);
  }

  /// Why the newer files of a loaded version do not answer.
  @Nullable String whyNotNewer(ModelId id) {
    LoadOnce newer = slots.knownNewer(id);
    return newer == null ? null : newer.status().reason();
  }

  /// Loads the changes of a new listing.
  synchronized void adopt(Listing listing) {
    if (listing.failure() != null) {
      return;
    }
    for (LoadOnce slot : slots.all()) {
      if (slot.loaded() != null) {
        renew(slot, listing);
      }
    }
    serving.forEach((name, id) -> raise(id, listing));
    slots.closeReplaced();
  }

  private void renew(LoadOnce slot, Listing listing) {
    ModelId id = slot.version().id();
    Listing.Entry entry = listing.entries().get(id);
    if (entry == null) {
      log.info("model removed", "model", id.name(), "version", id.version());
      slots.remove(id);
      return;
    }
    if (entry.version().isSame(slot.version())) {
      slots.forgetNewer(id);
      return;
    }
    if (!listing.isSettled(entry)) {
      return;
    }
    LoadOnce next = slots.newer(entry.version());
    if (next.isBroken()) {
      return;
    }
    log.info("model files have changed", "model", id.name(), "version", id.version());
    if (loads(next, serving.get(id.name()))) {
      slots.replace(next);
    }
  }

  /// Looks for a higher version than the one that answers.
  private void raise(ModelId current, Listing listing) {
    for (Listing.Entry entry : listing.versions(current.name())) {
      ModelId id = entry.version().id();
      if (id.version() <= current.version()) {
        break;
      }
      if (listing.isSettled(entry)) {
        LoadOnce slot = slots.slot(entry.version());
        if (!slot.isBroken() && loads(slot, current)) {
          log.info("model version adopted", "model", id.name(), "version", id.version());
          serves(id);
          return;
        }
      }
    }
    if (!listing.entries().containsKey(current)) {
      servesNoMore(current);
    }
  }

  /// Tries to load a slot; the slot logs a failure.
  ///
  /// @param current not closed to make room, because it answers until the slot has loaded
  private static boolean loads(LoadOnce slot, @Nullable ModelId current) {
    try {
      var _ = slot.getBeside(current);
      return true;
    } catch (Refusal e) {
      return false;
    }
  }
}
