package dev.pilotlight.cli.folder;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.ModelLoader;
import dev.pilotlight.model.files.DirectorySource;
import dev.pilotlight.model.files.FileState;
import dev.pilotlight.model.files.Folder;
import dev.pilotlight.model.files.Layout;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.files.ModelId;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.model.files.ModelSource;
import dev.pilotlight.model.files.ModelVersion;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.onnx.RunTimer;
import dev.pilotlight.model.repository.ModelMemory;
import dev.pilotlight.model.repository.Uses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// A folder on disk, loaded by the function's own code, so that both always agree.
///
/// @param directory of the version that answers
/// @param files of that directory
/// @param readyAfter time to load the model and to run its first inference
/// @param warnings about the folder itself; [dev.pilotlight.domain.ModelInfo#warnings] has those
///   about the model
/// @param closing frees the other resources of the model's runs
public record ModelFolder(
    Model model,
    Path directory,
    FolderFiles files,
    Duration readyAfter,
    List<String> warnings,
    Runnable closing)
    implements AutoCloseable {
  private static final String SOME_NAME = "model";

  public ModelFolder {
    warnings = List.copyOf(warnings);
  }

  /// The versions that the function would list.
  ///
  /// @param versions the highest first; not empty
  private record Listed(DirectorySource source, List<ModelVersion> versions) {}

  /// Loads a version's folder, or any folder that holds a graph, or the highest version that loads
  /// in a model's folder.
  ///
  /// @throws Refusal with the reason, if nothing in the folder can be served
  public static ModelFolder open(Path folder, ModelSettings settings) {
    long begun = System.nanoTime();
    List<String> remarks = new ArrayList<>();
    Listed listed = list(folder.toAbsolutePath().normalize(), remarks);
    RunTimer timer = new RunTimer();
    ModelLoader loader = new ModelLoader(settings, timer);
    ModelMemory memory =
        new ModelMemory(settings.memoryBytesMax(), ModelMemory::residentBytes, new Uses());
    for (ModelVersion version : listed.versions) {
      ModelFiles files;
      Model model;
      try {
        files = listed.source.fetch(version, settings.modelBytesMax());
        try (ModelMemory.Room _ = memory.makeRoom(files, List.of(), kept -> false)) {
          model = loader.load(version.id(), files);
        }
      } catch (LoadFailure e) {
        remarks.add("%s cannot be loaded: %s".formatted(version.id(), e.reason()));
        continue;
      } catch (RuntimeException | LinkageError e) {
        remarks.add("%s cannot be loaded: unexpected error: %s".formatted(version.id(), e));
        continue;
      }
      prime(model);
      Duration readyAfter = Duration.ofNanos(System.nanoTime() - begun);
      FolderFiles shown = FolderFiles.of(files);
      return new ModelFolder(model, files.directory(), shown, readyAfter, remarks, timer::close);
    }
    throw refusal(remarks);
  }

  /// The function would not fall back to another version here.
  private static void prime(Model model) {
    try {
      model.requireAnswer();
    } catch (RuntimeException e) {
      throw refusal(
          List.of(
              "%s version %s loads, but its first inference fails: %s"
                  .formatted(model.info().name(), model.info().version(), e.getMessage())));
    }
  }

  private static Listed list(Path folder, List<String> remarks) {
    boolean isVersion = ModelInfo.isVersion(nameOf(folder));
    NavigableMap<String, FileState> files;
    try {
      // as deep as the function lists, counted from the repository
      files = Folder.of(folder, isVersion ? 2 : 1).files();
    } catch (LoadFailure e) {
      throw refusal(List.of("%s: %s: %s".formatted(folder, e.reason(), e.getCause())));
    }
    Path parent = parent(folder);
    String name = nameOf(folder);
    if (isVersion) {
      String model = nameOf(parent);
      ModelId id = new ModelId(model, Long.parseLong(name));
      ModelVersion version = version(id, model + "/" + name, files);
      return new Listed(new DirectorySource(parent(parent)), List.of(version));
    }
    return new Listed(new DirectorySource(parent), versions(folder, name, files, remarks));
  }

  private static List<ModelVersion> versions(
      Path folder, String name, NavigableMap<String, FileState> files, List<String> remarks) {
    String accepted = name;
    if (!ModelId.isName(name)) {
      accepted = SOME_NAME;
      remarks.add(
          "the function ignores a folder named \"%s\"; accepted: letters, digits, '.', '_' and"
                  .formatted(name)
              + " '-', the first a letter or digit, at most 128");
    }
    Layout layout = new Layout();
    for (Map.Entry<String, FileState> file : files.entrySet()) {
      layout.add(accepted + "/" + file.getKey(), file.getValue());
    }
    ModelSource.Found found = layout.found();
    if (found.versions().isEmpty()) {
      refuseRepository(folder);
      remarks.addAll(found.ignored());
      return List.of(version(new ModelId(name, 1), name, files));
    }
    remarks.addAll(found.ignored());
    int prefix = accepted.length();
    return found.versions().stream()
        .sorted(Comparator.comparing(ModelVersion::id))
        .map(
            version ->
                new ModelVersion(
                    new ModelId(name, version.id().version()),
                    name + version.folder().substring(prefix),
                    version.files()))
        .toList();
  }

  /// With the files that the function counts as a version's.
  private static ModelVersion version(
      ModelId id, String folder, NavigableMap<String, FileState> all) {
    NavigableMap<String, FileState> files = new TreeMap<>(all);
    files.keySet().removeIf(file -> !Layout.belongsTo(folder, file));
    return new ModelVersion(id, folder, files);
  }

  private static void refuseRepository(Path folder) {
    List<String> models =
        new DirectorySource(folder)
            .list().versions().stream().map(version -> version.id().name()).distinct().toList();
    if (!models.isEmpty()) {
      throw Refusal.notFound(
          "FOLDER",
          "%s holds the models %s; name one of these folders"
              .formatted(folder, String.join(", ", models)));
    }
  }

  private static Refusal refusal(List<String> reasons) {
    return Refusal.unavailable(String.join("; ", reasons), Duration.ZERO, null);
  }

  private static Path parent(Path folder) {
    return Optional.ofNullable(folder.getParent()).orElse(folder);
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
