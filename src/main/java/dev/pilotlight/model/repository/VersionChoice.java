package dev.pilotlight.model.repository;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.files.ModelId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// Chooses the version of a model that answers: the requested one, else the highest that is
/// complete and loads.
final class VersionChoice {
  static final String INCOMPLETE = "its files are still being written";

  private final Slots slots;
  private final Adoption adoption;
  private final InstantSource clock;

  VersionChoice(Slots slots, Adoption adoption, InstantSource clock) {
    this.slots = slots;
    this.adoption = adoption;
    this.clock = clock;
  }

  /// @throws Refusal `NOT_FOUND` (field `version`), or `UNAVAILABLE` if it cannot be loaded
  Model exact(String name, String version, Listing listing) {
    Listing.Entry entry =
        ModelInfo.isVersion(version)
            ? listing.entries().get(new ModelId(name, Long.parseLong(version)))
            : null;
    if (entry == null) {
      List<Long> versions =
          listing.versions(name).stream().map(each -> each.version().id().version()).toList();
      throw Refusal.notFound(
          "version",
          "model %s has no version %s; it has %s"
              .formatted(name, ModelNames.echo(version), versions));
    }
    return load(entry, listing, true);
  }

  /// A lower version answers only if all higher ones are incomplete or broken. A passing failure is
  /// reported to the caller; otherwise answers would switch between versions from moment to moment.
  /// With a lock, only the highest version in it answers.
  Model newest(String name, Listing listing) {
    return newest(name, listing, true);
  }

  /// Facts about the model that [#newest] gives. It is loaded only if it never was. It does not
  /// count as used, so it may be closed to make room for the next.
  ///
  /// @throws Refusal as [#newest]
  ModelInfo look(String name, Listing listing) {
    ModelId serving = adoption.serving(name);
    Listing.Entry entry = serving == null ? null : listing.entries().get(serving);
    LoadOnce known = serving == null ? null : slots.known(serving);
    if (entry != null && known != null) {
      ModelInfo info = known.info();
      if (info != null && (known.loaded() != null || known.version().isSame(entry.version()))) {
        return info;
      }
    }
    return newest(name, listing, false).info();
  }

  private Model newest(String name, Listing listing, boolean used) {
    ModelId serving = adoption.serving(name);
    Listing.Entry current = serving == null ? null : listing.entries().get(serving);
    if (current != null) {
      try {
        return load(current, listing, used);
      } catch (Refusal refusal) {
        requireNext(refusal, current, listing);
        adoption.servesNoMore(current.version().id());
      }
    }
    Refusal first = null;
    for (Listing.Entry entry : listing.versions(name)) {
      try {
        Model model = load(entry, listing, used);
        adoption.serves(entry.version().id());
        return model;
      } catch (Refusal refusal) {
        requireNext(refusal, entry, listing);
        boolean better = first != null && first.retryAfter().isEmpty();
        first = first == null || (better && refusal.retryAfter().isPresent()) ? refusal : first;
      }
    }
    throw first == null ? ModelNames.notFound(name, listing) : first;
  }

  private void requireNext(Refusal refusal, Listing.Entry entry, Listing listing) {
    // or an environment with a wrong file would answer by another version than the others
    if (entry.version().isLocked()) {
      throw refusal;
    }
    if (isAtHand(entry, listing) && refusal.retryAfter().isPresent()) {
      throw refusal;
    }
  }

  private boolean isAtHand(Listing.Entry entry, Listing listing) {
    LoadOnce known = slots.known(entry.version().id());
    return (known != null && known.loaded() != null) || listing.isComplete(entry);
  }

  private Model load(Listing.Entry entry, Listing listing, boolean used) {
    if (!isAtHand(entry, listing)) {
      Duration left = Duration.between(clock.instant(), entry.completeAt());
      throw Refusal.unavailable(
          "model %s cannot be loaded yet: %s".formatted(entry.version().id(), INCOMPLETE),
          left.isNegative() ? Duration.ZERO : left,
          null);
    }
    LoadOnce slot = slot(entry, used);
    try {
      return slot.get();
    } catch (Refusal refusal) {
      if (slot.isRetired()) {
        // it was replaced a moment ago
        return slot(entry, used).get();
      }
      throw refusal;
    }
  }

  private LoadOnce slot(Listing.Entry entry, boolean used) {
    return used ? slots.slot(entry.version()) : slots.unused(entry.version());
  }
}
