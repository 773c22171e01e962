package dev.pilotlight.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Models in a directory: `<name>/<version>/…`.
record DirectorySource(Path root) implements ModelSource {

  @Override
  public List<Listed> list() {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    List<Listed> found = new ArrayList<>();
    for (Path model : directories(root)) {
      if (ModelId.isName(nameOf(model))) {
        for (Path version : directories(model)) {
          if (ModelId.isVersion(nameOf(version))) {
            found.add(listed(model, version));
          }
        }
      }
    }
    return found;
  }

  @Override
  public Path fetch(ModelId id) {
    return root.resolve(id.name()).resolve(Long.toString(id.version()));
  }

  private static Listed listed(Path model, Path version) {
    ModelId id = new ModelId(nameOf(model), Long.parseLong(nameOf(version)));
    boolean hasGraph =
        ModelFiles.GRAPHS.stream().anyMatch(graph -> Files.isRegularFile(version.resolve(graph)));
    return new Listed(id, hasGraph ? Optional.empty() : Optional.of(ModelFiles.NO_GRAPH));
  }

  private static List<Path> directories(Path parent) {
    try (Stream<Path> children = Files.list(parent)) {
      return children.filter(Files::isDirectory).toList();
    } catch (IOException e) {
      throw new LoadFailure("the model repository cannot be read", e);
    }
  }

  private static String nameOf(Path path) {
    return String.valueOf(path.getFileName());
  }
}
