package dev.pilotlight.model.files;

import dev.pilotlight.model.format.LoadFailure;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Chooses the graph in a version's folder: the file that `pilotlight.json` names, else
/// `model.onnx`, else `onnx/model.onnx`, else the only `.onnx` file.
public final class GraphChoice {
  public static final String NO_GRAPH = "it has no .onnx file";

  private static final String EXTENSION = ".onnx";
  private static final List<String> USUAL = List.of("model.onnx", "onnx/model.onnx");
  private static final int NAMES_MAX = 20;

  private GraphChoice() {}

  /// @param wanted the value of `graph` in `pilotlight.json`
  /// @throws LoadFailure if there is no graph, or if there are several and none is chosen; it lists
  ///   them
  static String choose(Collection<String> present, Optional<String> wanted) {
    List<String> graphs = present.stream().filter(GraphChoice::isGraph).sorted().toList();
    if (wanted.isPresent()) {
      if (graphs.contains(wanted.get())) {
        return wanted.get();
      }
      throw new LoadFailure(
          "pilotlight.json: graph is %s, which is not in the folder; .onnx files there: %s"
              .formatted(wanted.get(), listed(graphs)));
    }
    for (String usual : USUAL) {
      if (graphs.contains(usual)) {
        return usual;
      }
    }
    return switch (graphs.size()) {
      case 0 -> throw new LoadFailure(NO_GRAPH);
      case 1 -> graphs.getFirst();
      default ->
          throw new LoadFailure(
              "it has several graphs: %s; choose one by \"graph\" in pilotlight.json"
                  .formatted(listed(graphs)));
    };
  }

  /// Whether a file of this name may be a graph; hidden files are not.
  static boolean isGraph(String name) {
    return name.endsWith(EXTENSION)
        && !name.startsWith(".")
        && !name.contains("/.")
        && name.length() > EXTENSION.length();
  }

  private static String listed(List<String> graphs) {
    if (graphs.isEmpty()) {
      return "none";
    }
    String names = String.join(", ", graphs.subList(0, Math.min(NAMES_MAX, graphs.size())));
    return graphs.size() <= NAMES_MAX ? names : names + ", …";
  }
}
