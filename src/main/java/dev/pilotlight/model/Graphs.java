package dev.pilotlight.model;

import java.nio.file.Path;

/// Opens a graph by the one of ONNX Runtime's interfaces that can carry its tensors.
final class Graphs {
  private Graphs() {}

  /// What runs graphs, as part of a model's identity: version and optimisation level.
  static String runtime() {
    return "onnxruntime-%s/extended".formatted(JniGraph.environment().getVersion());
  }

  /// @throws LoadFailure if it cannot be opened
  static Graph open(Path model, int threads, Optimisation optimisation) {
    JniGraph graph = JniGraph.open(model, threads, optimisation);
    if (graph.carriesAllTypes()) {
      return graph;
    }
    graph.close();
    try {
      return FfmGraph.open(model, threads, optimisation);
    } catch (OrtFailure e) {
      throw new LoadFailure(
          "its graph cannot be opened: " + GraphErrors.clean(String.valueOf(e.getMessage())), e);
    }
  }
}
