package dev.pilotlight.model.files;

import dev.pilotlight.domain.ModelInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Sorts the files of a repository into versions of models: `<name>/<version>/…`, or `<name>/…`
/// with a graph in it, which is version 1.
public final class Layout {
  /// The name of the lock, in the repository's root.
  public static final String LOCK = "models.lock";

  private static final String DIRECT_VERSION = "1";
  private static final int IGNORED_MAX = 100;

  private final Map<String, NavigableMap<String, FileState>> models = new TreeMap<>();
  private boolean locked;

  /// Adds a file.
  ///
  /// @param path from the repository's root, with slashes; one that ends in a slash is a folder
  public Layout add(String path, FileState file) {
    int slash = path.indexOf('/');
    locked |= path.equals(LOCK);
    if (slash > 0) {
      models
          .computeIfAbsent(path.substring(0, slash), name -> new TreeMap<>())
          .put(path.substring(slash + 1), file);
    }
    return this;
  }

  public ModelSource.Found found() {
    List<ModelVersion> versions = new ArrayList<>();
    List<String> ignored = new ArrayList<>();
    models.forEach((name, files) -> sort(name, files, versions, ignored));
    return new ModelSource.Found(
        versions, ignored.subList(0, Math.min(IGNORED_MAX, ignored.size())), locked);
  }

  private static void sort(
      String name,
      NavigableMap<String, FileState> files,
      List<ModelVersion> versions,
      List<String> ignored) {
    if (!ModelId.isName(name)) {
      if (!name.startsWith(".") && files.keySet().stream().anyMatch(GraphChoice::isGraph)) {
        ignored.add(
            name + ": names have letters, digits, dots, hyphens and underscores, at most 128");
      }
      return;
    }
    Map<String, NavigableMap<String, FileState>> folders = new TreeMap<>();
    NavigableMap<String, FileState> direct = new TreeMap<>();
    files.forEach(
        (path, file) -> {
          String first = path.substring(0, Math.max(0, path.indexOf('/')));
          boolean versioned = ModelInfo.isVersion(first);
          NavigableMap<String, FileState> contents =
              versioned ? folders.computeIfAbsent(first, version -> new TreeMap<>()) : direct;
          // the mark of a folder keeps the version, but is not a file of it
          if (!path.isEmpty() && !path.endsWith("/")) {
            contents.put(versioned ? path.substring(first.length() + 1) : path, file);
          }
        });
    if (!folders.containsKey(DIRECT_VERSION) && isModel(direct)) {
      versions.add(new ModelVersion(new ModelId(name, 1), name, direct));
    } else {
      ignored.addAll(ignored(name, direct));
    }
    folders.forEach(
        (version, contents) ->
            versions.add(
                new ModelVersion(
                    new ModelId(name, Long.parseLong(version)), name + "/" + version, contents)));
  }

  /// Whether a file is one of a version's, not only somewhere under its folder.
  ///
  /// @param folder of the version, from the repository's root
  /// @param name of the file, from that folder
  public static boolean belongsTo(String folder, String name) {
    boolean direct = folder.indexOf('/') < 0;
    String first = name.substring(0, Math.max(0, name.indexOf('/')));
    return !name.endsWith("/") && !(direct && ModelInfo.isVersion(first));
  }

  private static boolean isModel(NavigableMap<String, FileState> direct) {
    return direct.keySet().stream()
        .filter(GraphChoice::isGraph)
        .anyMatch(graph -> !graph.contains("/") || graph.startsWith("onnx/"));
  }

  /// Folders that hold a graph, but are not a version.
  private static List<String> ignored(String name, NavigableMap<String, FileState> direct) {
    return direct.keySet().stream()
        .filter(GraphChoice::isGraph)
        .map(path -> path.substring(0, Math.max(0, path.indexOf('/'))))
        .distinct()
        .map(
            folder ->
                folder.isEmpty()
                    ? name + ": its graph is not in the folder of a version, but version 1 is there"
                    : "%s/%s: versions are whole numbers from 1, such as %s/1"
                        .formatted(name, folder, name))
        .toList();
  }
}
