package dev.pilotlight.cli.folder;

import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.files.ModelVersion;
import dev.pilotlight.model.files.PackedModel;
import dev.pilotlight.model.repository.ModelMemory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/// The files of a version's folder that the model uses, and those that it ignores.
///
/// @param used the graph first
/// @param ignored all others, by name
/// @param memoryBytes the function's estimate of the peak memory for loading them
public record FolderFiles(List<Entry> used, List<Entry> ignored, long memoryBytes) {

  /// One file.
  ///
  /// @param name relative to the folder
  public record Entry(String name, long bytes) {}

  public FolderFiles {
    used = List.copyOf(used);
    ignored = List.copyOf(ignored);
  }

  static FolderFiles of(ModelFiles files) {
    List<Entry> used = new ArrayList<>();
    List<Entry> ignored = new ArrayList<>();
    for (String name : new TreeSet<>(files.present().keySet())) {
      boolean note = name.equals(PackedModel.FILE) && files.packed().isPresent();
      boolean counts = files.has(name) || note || name.equals(ModelVersion.COMPLETE);
      (counts ? used : ignored).add(new Entry(name, files.size(name)));
    }
    used.sort(Comparator.comparing(entry -> !entry.name.equals(files.graph())));
    return new FolderFiles(used, ignored, ModelMemory.estimate(files));
  }

  public long usedBytes() {
    return used.stream().mapToLong(Entry::bytes).sum();
  }
}
