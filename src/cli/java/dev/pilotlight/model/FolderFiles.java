package dev.pilotlight.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Which files of a version's folder the model is made of.
///
/// @param used the graph first
/// @param ignored all others, by name; a hidden or deep folder is one entry
public record FolderFiles(List<Entry> used, List<Entry> ignored) {
  /// A symbolic link may make a folder its own child.
  private static final int DEPTH_MAX = 4;

  /// One file, or one ignored folder.
  ///
  /// @param name relative to the folder; that of a folder ends in `/`
  /// @param bytes 0 for a folder
  public record Entry(String name, long bytes) {}

  public FolderFiles {
    used = List.copyOf(used);
    ignored = List.copyOf(ignored);
  }

  static FolderFiles of(ModelFiles files) {
    List<Entry> used = new ArrayList<>();
    files.names().forEach(name -> used.add(new Entry(name, files.path(name).toFile().length())));
    used.sort(Comparator.comparing(entry -> !entry.name.equals(files.graph())));
    List<Entry> ignored = new ArrayList<>();
    addAll(ignored, files.directory(), "", 1);
    ignored.removeIf(entry -> files.has(entry.name));
    return new FolderFiles(used, ignored);
  }

  public long usedBytes() {
    return used.stream().mapToLong(Entry::bytes).sum();
  }

  private static void addAll(List<Entry> entries, Path folder, String prefix, int depth) {
    for (Path child : children(folder)) {
      String name = String.valueOf(child.getFileName());
      if (!Files.isDirectory(child)) {
        entries.add(new Entry(prefix + name, child.toFile().length()));
      } else if (name.startsWith(".") || depth == DEPTH_MAX) {
        entries.add(new Entry(prefix + name + "/", 0));
      } else {
        addAll(entries, child, prefix + name + "/", depth + 1);
      }
    }
  }

  private static List<Path> children(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    } catch (IOException e) {
      throw new LoadFailure("its files cannot be listed", e);
    }
  }
}
