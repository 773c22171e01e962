package dev.pilotlight.model.files;

import dev.pilotlight.model.format.FileKind;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.format.OnnxFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The external data of a graph: the files that it names.
final class ExternalData {
  private ExternalData() {}

  /// The files' names relative to the version's folder.
  ///
  /// @param graph relative to the version's folder; locations are relative to the graph's own
  ///   folder
  /// @param present the files of the version's folder
  /// @throws LoadFailure if one is missing, or its location leads out of the version's folder
  static List<String> of(String graph, OnnxFile onnx, Collection<String> present) {
    Path folder = Path.of(graph).getParent();
    Set<String> names = new TreeSet<>();
    for (String location : onnx.externalLocations()) {
      String name = inside(graph, folder == null ? Path.of("") : folder, location);
      if (!present.contains(name)) {
        throw new LoadFailure("%s needs the file %s, which is missing".formatted(graph, name));
      }
      names.add(name);
    }
    return List.copyOf(names);
  }

  private static String inside(String graph, Path folder, String location) {
    // a backslash or a drive would be a path on Windows only, where the export may come from
    boolean plain =
        !location.isBlank()
            && location.chars().noneMatch(c -> c < ' ' || c == '\\' || c == ':' || c == '*')
            && !location.startsWith("/");
    Path path = plain ? folder.resolve(location).normalize() : Path.of("..");
    if (path.startsWith("..") || path.toString().isEmpty()) {
      throw new LoadFailure(
          "%s stores tensors at '%s'; accepted: a file in the folder of the model"
              .formatted(graph, shorten(location)));
    }
    return path.toString().replace('\\', '/');
  }

  /// @throws LoadFailure if a file is a Git LFS pointer; anything else may be weights
  static void refusePointers(Path directory, List<String> external) {
    for (String name : external) {
      try {
        FileKind.refusePointer(directory.resolve(name));
      } catch (IOException e) {
        throw LoadFailure.passing(name + " cannot be read", e);
      }
    }
  }

  private static String shorten(String location) {
    return location.length() <= 200 ? location : location.substring(0, 200) + "…";
  }
}
