package dev.pilotlight.pack;

import dev.pilotlight.model.files.DirectorySource;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.files.ModelId;
import dev.pilotlight.model.files.ModelSource;
import dev.pilotlight.model.files.ModelVersion;
import dev.pilotlight.model.files.PackedModel;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.lock.LockedSource;
import dev.pilotlight.model.onnx.Graphs;
import dev.pilotlight.wordpiece.TokenizerFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Copies models into the package: the files that the model uses, its graph as ONNX Runtime
/// optimises it, provided that the answers stay the same, and the digest of the original.
public final class ModelPacker {
  private static final int NAMES_MAX = 20;

  private ModelPacker() {}

  /// Packs every model of a directory, and leaves out each one that fails. With `models.lock` in
  /// the directory, it packs what the lock lists, and fails if one of these models does.
  ///
  /// @param optimise whether this machine may optimise for the target
  /// @return for each model a line about the result and one about the files left out
  public static List<String> pack(Path from, Path to, boolean optimise) throws IOException {
    ModelSource source = new LockedSource(new DirectorySource(from), Optional.empty());
    List<String> lines = new ArrayList<>();
    ModelSource.Found found = source.list();
    for (ModelVersion version : found.versions()) {
      String what = "model %s, version %d".formatted(version.id().name(), version.id().version());
      Path directory =
          to.resolve(version.id().name()).resolve(Long.toString(version.id().version()));
      try {
        ModelFiles original = source.fetch(version, Long.MAX_VALUE);
        lines.add(what + ", " + pack(version.id(), original, directory, optimise));
        lines.addAll(leftOut(what, original));
      } catch (LoadFailure e) {
        Trees.delete(directory);
        if (version.isLocked()) {
          throw new IOException(what + ": " + e.reason(), e);
        }
        lines.add(what + ", FAILED and left out: " + e.reason());
      }
    }
    found.ignored().forEach(folder -> lines.add("left out: " + folder));
    return lines;
  }

  private static String pack(ModelId id, ModelFiles original, Path directory, boolean optimise)
      throws IOException {
    if (optimise) {
      // the saved graph still reads those weights of the original that it has not changed
      copy(original, directory);
      String runtime = save(original, directory.resolve(original.graph()));
      note(original, directory, runtime);
      if (SameAnswers.proven(id, original.directory(), directory)) {
        return "optimised: the same answers; " + taken(original);
      }
    }
    Trees.delete(directory);
    copy(original, directory);
    note(original, directory, "");
    return (optimise ? "as it is: optimised, its answers could not be compared" : "as it is")
        + "; "
        + taken(original);
  }

  private static String taken(ModelFiles original) {
    return "files: " + String.join(", ", original.names());
  }

  /// The files of the folder that are not in the package, at most 20 of them.
  private static List<String> leftOut(String what, ModelFiles original) {
    List<String> others =
        original.present().keySet().stream()
            .filter(name -> !original.has(name) && !name.equals(PackedModel.FILE))
            .sorted()
            .toList();
    if (others.isEmpty()) {
      return List.of();
    }
    String names = String.join(", ", others.subList(0, Math.min(NAMES_MAX, others.size())));
    int more = others.size() - NAMES_MAX;
    String rest = more > 0 ? " and %d more".formatted(more) : "";
    return List.of("%s, left out: %s%s".formatted(what, names, rest));
  }

  private static void copy(ModelFiles original, Path directory) throws IOException {
    for (String name : original.names()) {
      Path to = directory.resolve(name);
      Files.createDirectories(to.getParent());
      Files.copy(original.path(name), to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /// Saves the weights in a separate file, unless the original has such files: ONNX Runtime copies
  /// weights from inside a graph twice, and maps a file of weights into memory.
  private static String save(ModelFiles original, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    String weights = original.external().isEmpty() ? to.getFileName() + ".data" : "";
    return Graphs.save(original.graphPath(), to, weights);
  }

  private static void note(ModelFiles original, Path directory, String optimised)
      throws IOException {
    Files.deleteIfExists(directory.resolve(PackedModel.FILE));
    boolean isSaved =
        original.has(ModelFiles.TOKENIZER)
            && TokenizerFile.save(directory.resolve(ModelFiles.TOKENIZER));
    ModelFiles shipped = ModelFiles.in(directory, Long.MAX_VALUE);
    PackedModel.of(original, shipped, optimised, isSaved).write(directory);
  }
}
