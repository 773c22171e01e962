/// The listed models, and those of them that are loaded.
///
/// [dev.pilotlight.model.repository.ModelRepository] is the way in. `Listings` keeps the list of
/// versions fresh; `ModelNames` (with `FirstModel` and `Hints`) finds the model for a caller's
/// name, and `VersionChoice` the version that answers, which `Adoption` replaces when its files
/// change. `Slots` holds a `LoadOnce` for each requested version. `ModelMemory` closes models that
/// are idle by `Uses`, so that the next fits. `SharedWork` and `Patience` bound how long a request
/// waits.
@NullMarked
package dev.pilotlight.model.repository;

import org.jspecify.annotations.NullMarked;
