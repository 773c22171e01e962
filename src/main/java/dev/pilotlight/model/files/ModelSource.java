package dev.pilotlight.model.files;

import dev.pilotlight.model.format.LoadFailure;
import java.util.List;
import java.util.Optional;

/// A source of model files.
public interface ModelSource {

  /// The content of a source.
  ///
  /// @param ignored folders with a graph that are not a version of a model, each with the reason
  /// @param locked whether `models.lock` is in the root
  record Found(List<ModelVersion> versions, List<String> ignored, boolean locked) {
    public Found {
      versions = List.copyOf(versions);
      ignored = List.copyOf(ignored);
    }
  }

  /// The most bytes of a lock.
  long LOCK_BYTES_MAX = 4 << 20;

  /// Refuses a file that is not small.
  static void requireSmall(String file, long bytes, long bytesMax) {
    if (bytes > bytesMax) {
      throw new LoadFailure("%s has %d bytes; accepted: up to %d".formatted(file, bytes, bytesMax));
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

  /// The identity of a version's files on disk, which is another one if somebody writes into them
  /// between [#fetch] and the load. Empty if nobody else can, or nothing depends on it. Never
  /// throws.
  default String identity(ModelVersion version) {
    return "";
  }

  /// The content of a small file that a version has.
  ///
  /// @return empty if the file has been removed
  /// @throws LoadFailure if it cannot be read, or is not small
  Optional<byte[]> read(ModelVersion version, String file);

  /// The content of a file that is in the root, not in a version's folder.
  ///
  /// @return empty if there is none of that name
  /// @throws LoadFailure if it cannot be read, or has more bytes than a lock may have
  Optional<byte[]> readRoot(String name);

  /// Whether what it lists can change while the process runs.
  boolean mayChange();

  /// Ends a [#fetch] under way, because the process ends.
  void stop();
}
