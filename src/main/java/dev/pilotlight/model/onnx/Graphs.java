package dev.pilotlight.model.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.pilotlight.domain.ModelInfo.OtherOutput;
import dev.pilotlight.model.format.LoadFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Opens a graph with the ONNX Runtime interface that can carry its tensors, at the highest
/// optimisation level at which it opens.
public final class Graphs {
  private static final int SAVING_THREADS = 1;

  /// Begins the settings for the weights of a saved graph.
  private static final String SAVED = "session.optimized_model_external_initializers_";

  private static final String WEIGHTS_BYTES_MIN = "1024";

  private Graphs() {}

  /// An open graph.
  ///
  /// @param runtime the version and optimisation level of ONNX Runtime, part of a model's identity
  /// @param warnings sentences about a level that was not available
  public record Opened(Graph graph, String runtime, List<String> warnings) {
    public Opened {
      warnings = List.copyOf(warnings);
    }
  }

  /// The runtime of a graph that opens at the first level.
  public static String runtime() {
    return runtime(Optimisation.EXTENDED);
  }

  private static String runtime(Optimisation level) {
    return version() + level.label();
  }

  private static String version() {
    return "onnxruntime-" + JniGraph.environment().getVersion() + "/";
  }

  /// Whether this version of ONNX Runtime may open a graph that was optimised and saved by
  /// `runtime`.
  public static boolean isOwn(String runtime) {
    return runtime.startsWith(version());
  }

  /// Opens a graph at the highest level of [Optimisation#LEVELS] at which it opens.
  ///
  /// @throws LoadFailure if it opens at none, with the cause
  public static Opened open(Path model, int threads, Execution execution) {
    OrtFailure first = null;
    OrtFailure last = null;
    for (Optimisation level : Optimisation.LEVELS) {
      try {
        return new Opened(
            at(model, threads, level, execution),
            runtime(level) + execution.label(),
            warnings(first, level));
      } catch (OrtFailure e) {
        first = first == null ? e : first;
        last = e;
        if (!e.mayComeFromOptimising()) {
          break;
        }
      }
    }
    throw GraphErrors.notOpened(model, last);
  }

  /// Opens a graph that the packaging optimised and saved.
  ///
  /// @param runtime the one that optimised it
  public static Opened openSaved(Path model, int threads, String runtime, Execution execution) {
    Graph graph = open(model, threads, Optimisation.DONE, execution);
    List<String> warnings =
        execution.isOnCpu()
            ? List.of()
            : List.of(
                "the packaging optimised this model for the CPU; the GPU lacks some of its nodes,"
                    + " so the CPU runs them; put the model under PILOTLIGHT_MODELS, not into the"
                    + " package");
    return new Opened(graph, runtime + execution.label(), warnings);
  }

  /// Opens a graph on the CPU at one level only.
  ///
  /// @throws LoadFailure if it does not open at this level
  public static Graph open(Path model, int threads, Optimisation level) {
    return open(model, threads, level, Execution.CPU);
  }

  private static Graph open(Path model, int threads, Optimisation level, Execution execution) {
    try {
      return at(model, threads, level, execution);
    } catch (OrtFailure e) {
      throw GraphErrors.notOpened(model, e);
    }
  }

  /// Optimises a graph at the highest level that works, and saves it.
  ///
  /// @param weights the file for the weights in the folder of `to`, from which ONNX Runtime maps
  ///   them into memory; empty to leave them where they are in the original
  /// @return the runtime that optimised it
  /// @throws LoadFailure if it opens at no level
  public static String save(Path model, Path to, String weights) {
    OrtFailure last = null;
    for (Optimisation level : Optimisation.LEVELS) {
      try (OrtSession.SessionOptions options =
          JniGraph.options(SAVING_THREADS, level, Execution.CPU)) {
        options.setOptimizedModelFilePath(to.toString());
        if (!weights.isEmpty()) {
          options.addConfigEntry(SAVED + "file_name", weights);
          options.addConfigEntry(SAVED + "min_size_in_bytes", WEIGHTS_BYTES_MIN);
        }
        JniGraph.environment().createSession(model.toString(), options).close();
        return runtime(level);
      } catch (OrtException e) {
        last = JniGraph.failure(e);
        if (!last.mayComeFromOptimising()) {
          break;
        }
      }
    }
    throw GraphErrors.notOpened(model, last);
  }

  private static List<String> warnings(@Nullable OrtFailure first, Optimisation level) {
    return first == null
        ? List.of()
        : List.of(
            "ONNX Runtime cannot open the graph at optimisation level %s (%s), so the graph runs at"
                    .formatted(
                        Optimisation.LEVELS.getFirst().label(), GraphErrors.clean(first.text()))
                + " level %s, which can be slower".formatted(level.label()));
  }

  private static Graph at(Path model, int threads, Optimisation level, Execution execution) {
    JniGraph graph = JniGraph.open(model, threads, level, execution);
    if (graph.carriesAllTypes()) {
      return graph;
    }
    graph.close();
    if (!execution.isOnCpu()) {
      throw new LoadFailure(
          "the graph has tensors of strings, or of unsigned integers over 8 bits, which GPUs do not"
              + " support; set PILOTLIGHT_EXECUTION_PROVIDER=cpu");
    }
    FfmGraph exact = FfmGraph.open(model, threads, level);
    if (exact.outputs().isEmpty()) {
      exact.close();
      throw new LoadFailure(
          "no output of the graph is a tensor; its outputs are " + describe(exact.others()));
    }
    return exact;
  }

  private static String describe(List<OtherOutput> others) {
    return others.stream()
        .map(output -> "%s, %s".formatted(output.name(), output.type()))
        .collect(Collectors.joining("; "));
  }
}
