package dev.pilotlight.model.files;

import java.util.List;
import java.util.Optional;

/// A source of model files.
public sealed interface ModelSource permits DirectorySource, S3Source {

  /// The content of a source.
  ///
  /// @param ignored folders with a graph that are not a version of a model, each with the reason
  record Found(List<ModelVersion> versions, List<String> ignored) {
    public Found {
      versions = List.copyOf(versions);
      ignored = List.copyOf(ignored);
    }
  }

  /// Every version of every model.
  ///
  /// @throws LoadFailure if the repository cannot be read
  Found list();

  /// The files of a version on local disk, in the state in which they were listed.
  ///
  /// @throws LoadFailure if they cannot be read, have changed since, or are not those of a model
  ModelFiles fetch(ModelVersion version, long bytesMax);

  /// The content of a small file that a version has.
  ///
  /// @return empty if the file has been removed
  /// @throws LoadFailure if it cannot be read, or is not small
  Optional<byte[]> read(ModelVersion version, String file);

  /// Whether what it lists can change while the process runs.
  boolean mayChange();

  /// Ends a [#fetch] under way, because the process ends.
  void stop();
}
