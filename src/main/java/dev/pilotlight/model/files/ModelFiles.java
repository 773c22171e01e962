package dev.pilotlight.model.files;

import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.format.OnnxFile;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The files of one model version: the chosen graph, the external data that it names, the tokenizer
/// and the configuration. An export's folder often holds the same weights in five more formats;
/// those do not count.
///
/// @param directory of the version
/// @param graph relative to it
/// @param external the files in which the graph keeps tensors, relative to the directory
/// @param names of all that count, the graph included, relative and in order
/// @param present bytes of every file in the folder, by name
/// @param operators by graph output, the operator that computes it ([OnnxFile#producerOp])
/// @param int8 whether most of the weights have 8 bits
/// @param packed the packaging's note on these files
public record ModelFiles(
    Path directory,
    String graph,
    List<String> external,
    List<String> names,
    Map<String, Long> present,
    Map<String, String> operators,
    boolean int8,
    Optional<PackedModel> packed) {
  public static final String TOKENIZER = "tokenizer.json";

  /// The vocabulary of [#TOKENIZER], as packaging saved it; it counts only if [#packed] lists it.
  public static final String VOCABULARY = "tokenizer.vocabulary";

  public static final String TOKENIZER_CONFIG = "tokenizer_config.json";
  public static final String CONFIG = "config.json";
  public static final String MODULES = "modules.json";
  public static final String POOLING = "1_Pooling/config.json";
  public static final String OVERRIDES = "pilotlight.json";

  /// The image processor of transformers.
  public static final String PREPROCESSOR = "preprocessor_config.json";

  public static final String MODULE_WEIGHTS = "model.safetensors";
  public static final String SPECIAL_TOKENS = "special_tokens_map.json";

  /// The linear layer of BGE-M3's lexical weights.
  public static final String SPARSE_LINEAR = "sparse_linear.safetensors";

  private static final Set<String> CONFIGS =
      Stream.of(
              List.of(
                  TOKENIZER,
                  TOKENIZER_CONFIG,
                  CONFIG,
                  MODULES,
                  POOLING,
                  OVERRIDES,
                  PREPROCESSOR,
                  SPECIAL_TOKENS,
                  SPARSE_LINEAR,
                  "1_SpladePooling/config.json",
                  SentenceConfig.WHOLE),
              SentenceConfig.NAMES)
          .flatMap(List::stream)
          .collect(Collectors.toUnmodifiableSet());

  public ModelFiles {
    external = List.copyOf(external);
    names = List.copyOf(names);
    present = Map.copyOf(present);
    operators = Map.copyOf(operators);
  }

  /// Finds the files in a version's directory.
  ///
  /// @throws LoadFailure if it holds no graph or several, lacks a file that the graph needs, or has
  ///   more bytes than the limit
  public static ModelFiles in(Path directory, long bytesMax) {
    return of(directory, Folder.of(directory, 0).sizes(), bytesMax, true);
  }

  /// Finds the files that count among those present.
  ///
  /// @param mayChange whether anybody can have changed its files since they were packed
  public static ModelFiles of(
      Path directory, Map<String, Long> present, long bytesMax, boolean mayChange) {
    Optional<PackedModel> packed = PackedModel.in(directory, present, mayChange);
    if (packed.isPresent()) {
      return packed.get().files(directory, present);
    }
    String graph = GraphChoice.choose(present.keySet(), graphKey(directory, present.keySet()));
    long graphBytes = present.getOrDefault(graph, 0L);
    checkSize(graphBytes, bytesMax);
    OnnxFile onnx = OnnxFile.read(directory.resolve(graph));
    List<String> external = ExternalData.of(graph, onnx, present.keySet());
    Set<String> names = new TreeSet<>(configs(directory, present.keySet()));
    names.add(graph);
    names.addAll(external);
    checkSize(names.stream().mapToLong(present::get).sum(), bytesMax);
    ExternalData.refusePointers(directory, external);
    TextFiles.requireTokenizer(directory, present.keySet(), onnx);
    return new ModelFiles(
        directory,
        graph,
        external,
        List.copyOf(names),
        present,
        onnx.operators(),
        onnx.int8Bytes() > graphBytes / 2,
        Optional.empty());
  }

  static void checkSize(long bytes, long bytesMax) {
    if (bytes > bytesMax) {
      throw new LoadFailure(
          "its files have %d bytes; PILOTLIGHT_MODEL_BYTES_MAX is %d".formatted(bytes, bytesMax));
    }
  }

  /// The configuration files: those with a known name, and those of the modules that `modules.json`
  /// names, with the modules' weights.
  ///
  /// @param directory holds `modules.json`, if it is present
  static List<String> configs(Path directory, Collection<String> present) {
    Set<String> configs = new TreeSet<>(CONFIGS);
    configs.addAll(moduleFiles(directory, present));
    configs.retainAll(Set.copyOf(present));
    return List.copyOf(configs);
  }

  /// The configuration files that have the same name in every folder.
  static List<String> fixedConfigs(Collection<String> present) {
    return present.stream().filter(CONFIGS::contains).sorted().toList();
  }

  private static Set<String> moduleFiles(Path directory, Collection<String> present) {
    Set<String> files = new LinkedHashSet<>();
    if (present.contains(MODULES)) {
      for (Modules.Module module : Modules.of(JsonFile.readIn(directory, MODULES)).list()) {
        CONFIGS.forEach(config -> files.add(module.file(config)));
        // the only module with weights that are applied outside the graph
        if (module.name().equals(Modules.DENSE)) {
          files.add(module.file(MODULE_WEIGHTS));
        }
      }
    }
    return files;
  }

  /// The value of `graph` in `pilotlight.json`.
  static Optional<String> graphKey(Path directory, Collection<String> present) {
    return present.contains(OVERRIDES)
        ? JsonFile.readIn(directory, OVERRIDES).text("graph")
        : Optional.empty();
  }

  public Path path(String name) {
    return directory.resolve(name);
  }

  public Path graphPath() {
    return path(graph);
  }

  /// Whether the folder holds a file of this name, whether or not it counts.
  public boolean exists(String name) {
    return present.containsKey(name);
  }

  public boolean has(String name) {
    return names.contains(name);
  }

  /// Whether packaging saved the vocabulary of [#TOKENIZER].
  public boolean hasSavedVocabulary() {
    return packed.isPresent() && has(VOCABULARY);
  }

  /// The bytes of the graph and its external data.
  public long weightBytes() {
    return size(graph) + external.stream().mapToLong(this::size).sum();
  }

  /// The bytes of a file; 0 if the folder does not have it.
  public long size(String name) {
    return present.getOrDefault(name, 0L);
  }

  /// The operator that computes a graph output ([OnnxFile#producerOp]).
  public Optional<String> producerOp(String output) {
    return Optional.ofNullable(operators.get(output));
  }
}
