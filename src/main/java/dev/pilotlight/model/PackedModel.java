package dev.pilotlight.model;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the packaging wrote beside a model that it made quicker to load: `packed.json`.
///
/// The digest is that of the files as they were before, since the answers are theirs; it is not
/// computed again when an environment starts, which would take longer than opening the graph. The
/// sizes tell whether the files are still those that were packed: if not, the note does not count,
/// and the model is loaded as any other.
///
/// @param digest of the original files
/// @param optimised the runtime that optimised the graph and saved it, such as
///   `onnxruntime-1.29.0/extended`; empty if the graph is the original
/// @param sizes bytes of every file that counts, by name
record PackedModel(String digest, String optimised, Map<String, Long> sizes) {
  static final String FILE = "packed.json";

  private static final String NONE = "";

  PackedModel {
    sizes = Map.copyOf(sizes);
  }

  /// The note beside these files, if there is one that fits them.
  static Optional<PackedModel> beside(ModelFiles files) {
    if (!files.path(FILE).toFile().isFile()) {
      return Optional.empty();
    }
    JsonFile json = JsonFile.readAnyway(files, FILE);
    Map<String, Long> sizes = new HashMap<>();
    for (Map.Entry<String, @Nullable Object> entry : json.map("sizes").entrySet()) {
      if (entry.getValue() instanceof Long size) {
        sizes.put(entry.getKey(), size);
      }
    }
    PackedModel note =
        new PackedModel(
            json.text("digest").orElse(NONE), json.text("optimised").orElse(NONE), sizes);
    return note.fits(files) ? Optional.of(note) : Optional.empty();
  }

  /// The sizes of the files as they are.
  static Map<String, Long> sizesOf(ModelFiles files) {
    Map<String, Long> sizes = new HashMap<>();
    files.names().forEach(name -> sizes.put(name, files.path(name).toFile().length()));
    return sizes;
  }

  /// Whether this runtime may open the graph without optimising it again.
  boolean isOptimisedFor(String runtime) {
    return optimised.equals(runtime);
  }

  private boolean fits(ModelFiles files) {
    return !digest.isEmpty() && sizes.equals(sizesOf(files));
  }
}
