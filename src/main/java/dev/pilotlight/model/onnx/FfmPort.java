package dev.pilotlight.model.onnx;

import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.model.format.LoadFailure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// An input or output of a graph in the C API.
///
/// @param nameAddress the name for native calls, owned by the graph
record FfmPort(String name, FfmType type, long nameAddress) {

  /// All inputs of a session.
  ///
  /// @throws LoadFailure if one is not a tensor of the protocol's datatypes
  static List<FfmPort> inputs(OrtScope graph, OrtScope scope, long session, long allocator) {
    List<FfmPort> ports = all(graph, scope, session, allocator, Side.INPUT);
    for (FfmPort port : ports) {
      String words =
          switch (port.type) {
            case FfmType.Dense _ -> "";
            case FfmType.Maps _ -> "a sequence of maps";
            case FfmType.Other(String other) -> other;
          };
      if (!words.isEmpty()) {
        throw new LoadFailure(
            "the graph's input %s is %s, which the protocol cannot carry"
                .formatted(port.name, words));
      }
    }
    return ports;
  }

  /// All outputs of a session.
  ///
  /// @throws LoadFailure if two of them would have the same name
  static List<FfmPort> outputs(OrtScope graph, OrtScope scope, long session, long allocator) {
    List<FfmPort> ports = all(graph, scope, session, allocator, Side.OUTPUT);
    Set<String> names = new HashSet<>();
    for (FfmPort port : ports) {
      for (TensorSpec spec : port.type.specs()) {
        if (!names.add(spec.name())) {
          throw new LoadFailure(
              "the keys of a map would have the name of another output of the graph, %s"
                  .formatted(spec.name()));
        }
      }
    }
    return ports;
  }

  /// The native functions that describe one side of a session.
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

  private static List<FfmPort> all(
      OrtScope graph, OrtScope scope, long session, long allocator, Side side) {
    List<FfmPort> ports = new ArrayList<>();
    long count = scope.get(side.count, session);
    for (int i = 0; i < count; i++) {
      String name = name(scope, allocator, scope.get(side.name, session, i, allocator));
      long type = scope.own(OrtFunction.RELEASE_TYPE_INFO, side.type, session, i);
      ports.add(new FfmPort(name, FfmType.of(scope, name, type), graph.text(name)));
    }
    return List.copyOf(ports);
  }

  private static String name(OrtScope scope, long allocator, long address) {
    try {
      return OrtApi.text(address);
    } finally {
      scope.api().check(OrtFunction.ALLOCATOR_FREE, allocator, address);
    }
  }
}
