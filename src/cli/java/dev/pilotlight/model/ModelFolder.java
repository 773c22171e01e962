package dev.pilotlight.model;

import dev.pilotlight.domain.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A folder on disk, loaded by the function's own code, so that both always agree.
///
/// @param directory of the version that answers
/// @param files of that directory
/// @param readyAfter time to load the model and to run its first inference
/// @param warnings about the folder itself; [dev.pilotlight.domain.ModelInfo#warnings] has those
///   about the model
/// @param closing frees what the model's runs need besides it
public record ModelFolder(
    Model model,
    Path directory,
    FolderFiles files,
    Duration readyAfter,
    List<String> warnings,
    Runnable closing)
    implements AutoCloseable {
  public ModelFolder {
    warnings = List.copyOf(warnings);
  }

  /// A version that a repository would list.
  private record Version(ModelId id, Path directory) {}

  /// Loads a version's folder, or any folder that holds a graph, or the highest version that loads
  /// in a model's folder.
  ///
  /// @throws Refusal `UNAVAILABLE` with the reason why nothing in the folder can be served
  public static ModelFolder open(Path folder, ModelSettings settings) {
    Path absolute = folder.toAbsolutePath().normalize();
    refuseRepository(absolute);
    List<String> failures = new ArrayList<>();
    for (Version version : versions(absolute)) {
      try {
        return load(version, settings, failures);
      } catch (LoadFailure e) {
        failures.add("%s cannot be loaded: %s".formatted(version.id, e.reason()));
      }
    }
    throw Refusal.unavailable(String.join("; ", failures), Duration.ZERO, null);
  }

  private static ModelFolder load(Version version, ModelSettings settings, List<String> failures) {
    long begun = System.nanoTime();
    RunTimer timer = new RunTimer();
    try {
      Model model = new ModelLoader(settings, timer).load(version.id, version.directory);
      model.requireAnswer();
      Duration readyAfter = Duration.ofNanos(System.nanoTime() - begun);
      List<String> warnings = new ArrayList<>(failures);
      if (!ModelId.isName(version.id.name())) {
        warnings.add(
            "the function ignores a folder named \"%s\"; accepted: letters, digits, '.', '_' and"
                    .formatted(version.id.name())
                + " '-', the first a letter or digit, at most 128");
      }
      FolderFiles files = FolderFiles.of(ModelFiles.in(version.directory, Long.MAX_VALUE));
      return new ModelFolder(model, version.directory, files, readyAfter, warnings, timer::close);
    } catch (RuntimeException e) {
      timer.close();
      throw e;
    }
  }

  /// The highest first; never empty.
  private static List<Version> versions(Path folder) {
    List<Long> numbers = numbersIn(folder);
    if (numbers.isEmpty() || holdsGraph(folder)) {
      return List.of(version(folder));
    }
    return numbers.stream()
        .map(
            number ->
                new Version(
                    new ModelId(nameOf(folder), number), folder.resolve(Long.toString(number))))
        .toList();
  }

  /// `<name>/<version>`, or version 1 of a folder with another name.
  private static Version version(Path folder) {
    Path parent = folder.getParent();
    return ModelId.isVersion(nameOf(folder)) && parent != null
        ? new Version(new ModelId(nameOf(parent), Long.parseLong(nameOf(folder))), folder)
        : new Version(new ModelId(nameOf(folder), 1), folder);
  }

  private static void refuseRepository(Path folder) {
    if (holdsGraph(folder) || !numbersIn(folder).isEmpty()) {
      return;
    }
    List<String> models =
        foldersIn(folder).stream()
            .filter(child -> holdsGraph(child) || !numbersIn(child).isEmpty())
            .map(ModelFolder::nameOf)
            .toList();
    if (!models.isEmpty()) {
      throw Refusal.notFound(
          "FOLDER",
          "%s holds the models %s; name one of these folders"
              .formatted(folder, String.join(", ", models)));
    }
  }

  private static boolean holdsGraph(Path folder) {
    return ModelFiles.GRAPHS.stream().anyMatch(graph -> Files.isRegularFile(folder.resolve(graph)));
  }

  /// The highest first.
  private static List<Long> numbersIn(Path folder) {
    return foldersIn(folder).stream()
        .map(ModelFolder::nameOf)
        .filter(ModelId::isVersion)
        .map(Long::valueOf)
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  private static List<Path> foldersIn(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children.filter(Files::isDirectory).filter(Files::isReadable).sorted().toList();
    } catch (IOException e) {
      throw Refusal.unavailable(folder + " cannot be read: " + e, Duration.ZERO, e);
    }
  }

  private static String nameOf(Path path) {
    return String.valueOf(path.getFileName());
  }

  @Override
  public void close() {
    model.close();
    closing.run();
  }
}
