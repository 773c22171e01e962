package dev.pilotlight.model;

import dev.pilotlight.domain.Datatype;
import dev.pilotlight.domain.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// An input or output of a graph as the C API knows it.
///
/// @param nameAddress the name for native calls, owned by the graph
record FfmPort(TensorSpec spec, long nameAddress) {

  String name() {
    return spec.name();
  }

  /// All inputs of a session.
  ///
  /// @throws OrtFailure if one is not a tensor of the protocol's types
  static List<FfmPort> inputs(OrtScope graph, OrtScope scope, long session, long allocator) {
    List<FfmPort> ports = new ArrayList<>();
    each(
        scope,
        session,
        allocator,
        Side.INPUT,
        (name, type) ->
            ports.add(
                port(graph, scope, name, type)
                    .orElseThrow(
                        () ->
                            new OrtFailure(OrtFailure.FAIL, "no tensor type for input " + name))));
    return List.copyOf(ports);
  }

  /// The outputs of a session that are tensors. Others, such as the maps of a scikit-learn
  /// classifier, have no form in the protocol and are left out; they are never asked for.
  static List<FfmPort> outputs(OrtScope graph, OrtScope scope, long session, long allocator) {
    List<FfmPort> ports = new ArrayList<>();
    each(
        scope,
        session,
        allocator,
        Side.OUTPUT,
        (name, type) -> port(graph, scope, name, type).ifPresent(ports::add));
    return List.copyOf(ports);
  }

  /// The native functions that tell of one side of a session.
  private enum Side {
    INPUT(
        OrtFunction.SESSION_GET_INPUT_COUNT,
        OrtFunction.SESSION_GET_INPUT_NAME,
        OrtFunction.SESSION_GET_INPUT_TYPE_INFO),
    OUTPUT(
        OrtFunction.SESSION_GET_OUTPUT_COUNT,
        OrtFunction.SESSION_GET_OUTPUT_NAME,
        OrtFunction.SESSION_GET_OUTPUT_TYPE_INFO);

    private final OrtFunction count;
    private final OrtFunction name;
    private final OrtFunction type;

    Side(OrtFunction count, OrtFunction name, OrtFunction type) {
      this.count = count;
      this.name = name;
      this.type = type;
    }
  }

  /// One of a side's inputs or outputs: its name, and its type info, which the scope releases.
  private interface Found {
    void accept(String name, long type);
  }

  private static void each(OrtScope scope, long session, long allocator, Side side, Found found) {
    long count = scope.get(side.count, session);
    for (int i = 0; i < count; i++) {
      String name = name(scope, allocator, scope.get(side.name, session, i, allocator));
      found.accept(name, scope.own(OrtFunction.RELEASE_TYPE_INFO, side.type, session, i));
    }
  }

  private static String name(OrtScope scope, long allocator, long address) {
    try {
      return OrtApi.text(address);
    } finally {
      scope.api().check(OrtFunction.ALLOCATOR_FREE, allocator, address);
    }
  }

  private static Optional<FfmPort> port(OrtScope graph, OrtScope scope, String name, long type) {
    // belongs to the type; null if that is no tensor
    long info = scope.get(OrtFunction.CAST_TYPE_INFO_TO_TENSOR_INFO, type);
    if (info == 0) {
      return Optional.empty();
    }
    Optional<Datatype> datatype =
        FfmTensors.datatype(scope.get(OrtFunction.GET_TENSOR_ELEMENT_TYPE, info));
    List<Long> shape = Arrays.stream(FfmTensors.shape(scope, info)).boxed().toList();
    return datatype.map(known -> new FfmPort(new TensorSpec(name, known, shape), graph.text(name)));
  }
}
