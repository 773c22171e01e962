package dev.pilotlight.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The files of one model version that can change an answer, and no others: an export's folder
/// often holds the same weights in five more formats.
///
/// @param directory of the version
/// @param graph relative to it
/// @param names of all that count, the graph included, relative and in order
record ModelFiles(Path directory, String graph, List<String> names) {
  static final List<String> GRAPHS = List.of("model.onnx", "onnx/model.onnx");
  static final String NO_GRAPH = "it has neither model.onnx nor onnx/model.onnx";

  static final String TOKENIZER = "tokenizer.json";
  static final String TOKENIZER_CONFIG = "tokenizer_config.json";
  static final String CONFIG = "config.json";
  static final String MODULES = "modules.json";
  static final String SENTENCE_CONFIG = "sentence_bert_config.json";
  static final String POOLING = "1_Pooling/config.json";
  static final String OVERRIDES = "pilotlight.json";

  private static final Set<String> CONFIGS =
      Set.of(
          TOKENIZER,
          TOKENIZER_CONFIG,
          CONFIG,
          MODULES,
          SENTENCE_CONFIG,
          POOLING,
          OVERRIDES,
          "preprocessor_config.json");

  // beside the graph anything may be its external data, except what is known to be something else
  private static final Set<String> NEVER_EXTERNAL_DATA =
      Set.of(
          "onnx", "json", "md", "txt", "py", "safetensors", "pt", "h5", "msgpack", "ot", "model");
  private static final Set<String> OTHER_WEIGHTS = Set.of("pytorch_model.bin", "license");

  ModelFiles {
    names = List.copyOf(names);
  }

  /// Looks into a version's directory.
  ///
  /// @throws LoadFailure if it holds no graph, or more than the limit
  static ModelFiles in(Path directory, long bytesMax) {
    List<String> present = new ArrayList<>();
    for (String folder : List.of("", "onnx/", "1_Pooling/")) {
      Path path = directory.resolve(folder);
      if (Files.isDirectory(path)) {
        try (Stream<Path> children = Files.list(path)) {
          children
              .filter(Files::isRegularFile)
              .forEach(file -> present.add(folder + file.getFileName()));
        } catch (IOException e) {
          throw new LoadFailure("its files cannot be listed", e);
        }
      }
    }
    String graph = graphOf(present);
    ModelFiles files = new ModelFiles(directory, graph, relevant(present, graph));
    long bytes = files.names.stream().mapToLong(name -> files.path(name).toFile().length()).sum();
    checkSize(bytes, bytesMax);
    return files;
  }

  static void checkSize(long bytes, long bytesMax) {
    if (bytes > bytesMax) {
      throw new LoadFailure(
          "its files have %d bytes; PILOTLIGHT_MODEL_BYTES_MAX is %d".formatted(bytes, bytesMax));
    }
  }

  /// Which of the names is the graph.
  static String graphOf(List<String> present) {
    return GRAPHS.stream()
        .filter(present::contains)
        .findFirst()
        .orElseThrow(() -> new LoadFailure(NO_GRAPH));
  }

  /// Those of the names that can change an answer, in order.
  static List<String> relevant(List<String> present, String graph) {
    String folder = graph.substring(0, graph.lastIndexOf('/') + 1);
    TreeSet<String> relevant = new TreeSet<>();
    for (String name : present) {
      if (name.equals(graph) || CONFIGS.contains(name) || maybeExternalData(name, folder)) {
        relevant.add(name);
      }
    }
    return List.copyOf(relevant);
  }

  private static boolean maybeExternalData(String name, String folder) {
    if (!name.startsWith(folder) || name.indexOf('/', folder.length()) >= 0) {
      return false;
    }
    String file = name.substring(folder.length()).toLowerCase(Locale.ROOT);
    String extension = file.substring(file.lastIndexOf('.') + 1);
    // consoles mark a folder by an object whose name ends in its slash
    return !file.isEmpty()
        && !file.startsWith(".")
        && !NEVER_EXTERNAL_DATA.contains(extension)
        && !OTHER_WEIGHTS.contains(file);
  }

  Path path(String name) {
    return directory.resolve(name);
  }

  Path graphPath() {
    return path(graph);
  }

  /// Whether the folder holds a file of this name, whether or not it counts.
  boolean exists(String name) {
    return path(name).toFile().isFile();
  }

  boolean has(String name) {
    return names.contains(name);
  }
}
