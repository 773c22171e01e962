package dev.pilotlight.model;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Copies models into the package: the files that count and no others, each graph as ONNX Runtime
/// would have it after optimising, if it then still gives the same answers, and the digest of the
/// original.
public final class ModelPacker {
  private ModelPacker() {}

  /// Packs every model of a directory.
  ///
  /// @param optimise whether this machine may optimise for the target
  /// @return a line on each model
  public static List<String> pack(Path from, Path to, boolean optimise) throws IOException {
    List<String> lines = new ArrayList<>();
    for (ModelSource.Listed listed : new DirectorySource(from).list()) {
      if (listed.problem().isEmpty()) {
        lines.add(pack(listed.id(), from, to, optimise));
      }
    }
    return lines;
  }

  private static String pack(ModelId id, Path from, Path to, boolean optimise) throws IOException {
    ModelFiles original = ModelFiles.in(new DirectorySource(from).fetch(id), Long.MAX_VALUE);
    Path directory = new DirectorySource(to).fetch(id);
    String what = "model %s, version %d, ".formatted(id.name(), id.version());
    if (optimise) {
      // the saved graph goes on reading the weights beside it, those that it has not changed
      copy(original, directory);
      String runtime = save(original.graphPath(), directory.resolve(original.graph()));
      note(original, directory, runtime);
      if (SameAnswers.proven(id, original.directory(), directory)) {
        return what + "optimised: the same answers";
      }
    }
    copy(original, directory);
    note(original, directory, "");
    return what
        + (optimise ? "as it is: optimised, its answers could not be compared" : "as it is");
  }

  private static void copy(ModelFiles original, Path directory) throws IOException {
    for (String name : original.names()) {
      Path to = directory.resolve(name);
      Files.createDirectories(to.getParent());
      Files.copy(original.path(name), to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String save(Path graph, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    return Graphs.save(graph, to);
  }

  private static void note(ModelFiles original, Path directory, String optimised)
      throws IOException {
    ModelFiles shipped = ModelFiles.in(directory, Long.MAX_VALUE);
    Path file = directory.resolve(PackedModel.FILE);
    try (JsonGenerator json = new JsonFactory().createGenerator(file.toFile(), JsonEncoding.UTF8)) {
      json.writeStartObject();
      json.writeStringField("digest", ContentDigest.of(original));
      json.writeStringField("optimised", optimised);
      json.writeObjectFieldStart("sizes");
      for (Map.Entry<String, Long> size : new TreeMap<>(PackedModel.sizesOf(shipped)).entrySet()) {
        json.writeNumberField(size.getKey(), size.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
    }
  }
}
