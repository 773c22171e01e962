package dev.pilotlight.model.repository;

import dev.pilotlight.model.Model;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.files.ModelVersion;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Chooses the model for requests that name none, if no setting does. It chooses once for each
/// listing, and again if the chosen model turns out to be broken. Thread-safe.
final class FirstModel {
  private final Slots slots;
  private final Hints hints;
  private volatile @Nullable Found found;

  private record Found(Listing listing, String name) {}

  FirstModel(Slots slots, Hints hints) {
    this.slots = slots;
    this.hints = hints;
  }

  /// The model's name.
  ///
  /// @return empty if no model is listed
  @SuppressWarnings("ReferenceEquality") // the identity of the listing matters, not its content
  Optional<String> in(Listing listing) {
    Found last = found;
    if (last != null && last.listing == listing && usable(last.name, listing).isPresent()) {
      return Optional.of(last.name);
    }
    List<String> usable =
        listing.names().stream().filter(name -> usable(name, listing).isPresent()).toList();
    Optional<String> first =
        usable.stream()
            .filter(name -> usable(name, listing).filter(this::isText).isPresent())
            .findFirst()
            .or(() -> usable.stream().findFirst());
    first.ifPresent(name -> found = new Found(listing, name));
    // a model that cannot answer gives the reason
    return first.or(() -> withGraph(listing)).or(() -> listing.names().stream().findFirst());
  }

  private static Optional<String> withGraph(Listing listing) {
    return listing.names().stream()
        .filter(name -> listing.versions(name).stream().anyMatch(e -> e.version().hasGraph()))
        .findFirst();
  }

  /// The highest version of a model that is loaded, or may be; in a lock the highest, because a
  /// refused one must not change which model answers.
  private Optional<ModelVersion> usable(String name, Listing listing) {
    for (Listing.Entry entry : listing.versions(name)) {
      LoadOnce known = slots.known(entry.version().id());
      if (known != null && known.loaded() != null) {
        return Optional.of(known.version());
      }
      boolean broken =
          !entry.version().isLocked()
              && known != null
              && known.hasBrokenFiles()
              && known.version().isSame(entry.version());
      if (!broken && listing.isComplete(entry) && entry.version().hasGraph()) {
        return Optional.of(entry.version());
      }
    }
    return Optional.empty();
  }

  private boolean isText(ModelVersion version) {
    LoadOnce known = slots.known(version.id());
    Model loaded = known == null ? null : known.loaded();
    return loaded != null
        ? loaded.info().takesText()
        : version.has(ModelFiles.TOKENIZER) && !hints.isTensors(version);
  }
}
