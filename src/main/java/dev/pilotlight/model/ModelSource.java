package dev.pilotlight.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where model files lie.
sealed interface ModelSource permits DirectorySource, S3Source {

  /// One version in the repository.
  ///
  /// @param problem why it cannot be a model, if that shows without opening it
  record Listed(ModelId id, Optional<String> problem) {}

  /// Every version of every model; what does not look like one is left out.
  ///
  /// @throws LoadFailure if the repository cannot be read
  List<Listed> list();

  /// The directory of a version that [#list] gave, its files on local disk.
  ///
  /// @throws LoadFailure if they cannot be had
  Path fetch(ModelId id);
}
