package dev.pilotlight.model.onnx;

import dev.pilotlight.domain.ModelInfo.OtherOutput;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A graph run through ONNX Runtime's C API.
///
/// For graphs with `UINT16`, `UINT32`, `UINT64` or string tensors: the Java API has no such numbers
/// and hands strings over as modified UTF-8, in which an emoji or U+0000 is a different text. Here
/// every datatype of the protocol goes in and out byte for byte. Also for graphs with other types
/// than tensors, and with tensors of rank 0, which only the C API distinguishes from tensors of any
/// rank.
final class FfmGraph implements Graph {
  /// `ORT_LOGGING_LEVEL_FATAL`: a failed run throws, and may be a caller's mistake.
  private static final int LOG_LEVEL = 4;

  private static final long NO_OPTIONS = 0;

  private final OrtApi api;
  private final OrtScope graph;
  private final long session;
  private final long allocator;
  private final List<FfmPort> inputs;
  private final List<FfmPort> outputs;

  private FfmGraph(OrtApi api, OrtScope graph, Path model, int threads, Optimisation optimisation) {
    this.api = api;
    this.graph = graph;
    long env =
        graph.own(
            OrtFunction.RELEASE_ENV, OrtFunction.CREATE_ENV, LOG_LEVEL, graph.text("pilotlight"));
    try (OrtScope scope = OrtScope.ofThread(api)) {
      this.session =
          graph.own(
              OrtFunction.RELEASE_SESSION,
              OrtFunction.CREATE_SESSION,
              env,
              scope.text(model.toAbsolutePath().toString()),
              options(scope, threads, optimisation));
      this.allocator = scope.get(OrtFunction.GET_ALLOCATOR_WITH_DEFAULT_OPTIONS);
      this.inputs = FfmPort.inputs(graph, scope, session, allocator);
      this.outputs = FfmPort.outputs(graph, scope, session, allocator);
    }
  }

  /// @param model an `.onnx` file, with its external data next to it
  /// @param threads how many threads one run may use
  /// @throws OrtFailure if the file is not a graph that the runtime and the protocol can carry
  static FfmGraph open(Path model, int threads, Optimisation optimisation) {
    OrtApi api = OrtApi.load();
    OrtScope graph = OrtScope.ofGraph(api);
    try {
      return new FfmGraph(api, graph, model, threads, optimisation);
    } catch (RuntimeException | Error e) {
      graph.close();
      throw e;
    }
  }

  /// An `OrtSessionOptions` that the scope owns.
  static long options(OrtScope scope, int threads, Optimisation optimisation) {
    OrtApi api = scope.api();
    long options =
        scope.own(OrtFunction.RELEASE_SESSION_OPTIONS, OrtFunction.CREATE_SESSION_OPTIONS);
    api.check(OrtFunction.SET_SESSION_GRAPH_OPTIMIZATION_LEVEL, options, optimisation.code());
    api.check(OrtFunction.SET_SESSION_LOG_SEVERITY_LEVEL, options, LOG_LEVEL);
    // inter-op threads exist in parallel execution mode only, which is not the default
    api.check(OrtFunction.SET_INTRA_OP_NUM_THREADS, options, threads);
    // a frozen or idle environment must not spin
    api.check(
        OrtFunction.ADD_SESSION_CONFIG_ENTRY,
        options,
        scope.text("session.intra_op.allow_spinning"),
        scope.text("0"));
    return options;
  }

  @Override
  public List<TensorSpec> inputs() {
    return inputs.stream().flatMap(port -> port.type().specs().stream()).toList();
  }

  @Override
  public List<TensorSpec> outputs() {
    return outputs.stream().flatMap(port -> port.type().specs().stream()).toList();
  }

  @Override
  public List<OtherOutput> others() {
    List<OtherOutput> others = new ArrayList<>();
    for (FfmPort port : outputs) {
      if (port.type() instanceof FfmType.Other(String words)) {
        others.add(new OtherOutput(port.name(), words));
      }
    }
    return List.copyOf(others);
  }

  @Override
  public List<Tensor> run(List<Tensor> given, List<String> wanted) {
    try {
      return run(given, wanted, NO_OPTIONS);
    } catch (OrtFailure e) {
      throw e.ofRun();
    }
  }

  @Override
  public List<Tensor> run(List<Tensor> given, List<String> wanted, TimeLimit limit) {
    try (OrtScope scope = OrtScope.ofThread(api)) {
      long options = scope.own(OrtFunction.RELEASE_RUN_OPTIONS, OrtFunction.CREATE_RUN_OPTIONS);
      return limit.run(
          () -> api.check(OrtFunction.RUN_OPTIONS_SET_TERMINATE, options),
          () -> run(given, wanted, options));
    } catch (OrtFailure e) {
      throw e.ofRun();
    }
  }

  private List<Tensor> run(List<Tensor> given, List<String> wanted, long options) {
    requireOurs(given);
    given.forEach(FfmTensors::requireStrings);
    List<FfmPort> ports = wanted.stream().map(this::output).distinct().toList();
    long[] wantedNames = ports.stream().mapToLong(FfmPort::nameAddress).toArray();
    try (OrtScope scope = OrtScope.ofThread(api)) {
      MemorySegment values = run(scope, given, wantedNames, options);
      Map<String, Tensor> results = new HashMap<>();
      for (int i = 0; i < ports.size(); i++) {
        long value = values.getAtIndex(ValueLayout.JAVA_LONG, i);
        for (Tensor tensor : tensors(scope, ports.get(i), value)) {
          results.put(tensor.name(), tensor);
        }
      }
      return wanted.stream().map(results::get).map(Objects::requireNonNull).toList();
    }
  }

  private List<Tensor> tensors(OrtScope scope, FfmPort port, long value) {
    return switch (port.type()) {
      case FfmType.Dense(TensorSpec spec) -> List.of(FfmTensors.tensor(scope, spec.name(), value));
      case FfmType.Maps maps -> FfmTensors.maps(scope, allocator, maps, value);
      case FfmType.Other(String words) ->
          throw new IllegalStateException(port.name() + " is " + words);
    };
  }

  /// The native call trusts the count and matches inputs by position.
  private void requireOurs(List<Tensor> given) {
    List<String> names = inputs.stream().map(FfmPort::name).toList();
    if (!given.stream().map(Tensor::name).toList().equals(names)) {
      throw new IllegalArgumentException("inputs %s for %s".formatted(given, names));
    }
  }

  private MemorySegment run(
      OrtScope scope, List<Tensor> tensors, long[] wantedNames, long options) {
    long[] values =
        tensors.stream().mapToLong(t -> FfmTensors.value(scope, allocator, t)).toArray();
    long[] names = inputs.stream().mapToLong(FfmPort::nameAddress).toArray();
    MemorySegment results = scope.ownAll(OrtFunction.RELEASE_VALUE, wantedNames.length);
    api.check(
        OrtFunction.RUN,
        session,
        options,
        scope.words(names).address(),
        scope.words(values).address(),
        values.length,
        scope.words(wantedNames).address(),
        wantedNames.length,
        results.address());
    return results;
  }

  private FfmPort output(String wanted) {
    return outputs.stream()
        .filter(port -> port.type().specs().stream().anyMatch(s -> s.name().equals(wanted)))
        .findFirst()
        .orElseThrow(
            () ->
                Refusal.invalid(
                    "outputs",
                    "output %s is unknown; the model has %s"
                        .formatted(wanted, outputs().stream().map(TensorSpec::name).toList())));
  }

  @Override
  public void close() {
    graph.close();
  }
}
