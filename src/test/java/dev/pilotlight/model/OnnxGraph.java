package dev.pilotlight.model;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Builds an ONNX file without any library: inputs, outputs, initializers and nodes in the order of
/// the data flow.
///
/// Source of the field numbers: `onnx.proto` of ONNX 1.17 (IR version 10).
public final class OnnxGraph {
  /// The domain of the classical machine-learning operators.
  public static final String ML = "ai.onnx.ml";

  /// In place of dimensions: the graph declares no shape at all.
  public static final Object ANY_RANK = new Object();

  private static final int IR_VERSION = 10;
  private static final int OPSET = 21;
  private static final int OPSET_ML = 3;

  private final ProtobufWriter graph;

  public OnnxGraph(String name) {
    this.graph = new ProtobufWriter().text(2, name);
  }

  /// An input of the graph.
  ///
  /// @param dims a number for a fixed size, a text for one that the caller chooses; none for a
  ///   scalar
  public OnnxGraph input(String name, Datatype type, Object... dims) {
    graph.message(11, declared(name, type, dims));
    return this;
  }

  /// An output of the graph.
  ///
  /// @param dims as of [#input]
  public OnnxGraph output(String name, Datatype type, Object... dims) {
    graph.message(12, declared(name, type, dims));
    return this;
  }

  /// An output that is not a tensor: a sequence of them.
  public OnnxGraph sequenceOutput(String name, Datatype type) {
    ProtobufWriter tensor = new ProtobufWriter().integer(1, elementType(type));
    ProtobufWriter sequence =
        new ProtobufWriter().message(1, new ProtobufWriter().message(1, tensor));
    graph.message(12, declared(name, new ProtobufWriter().message(4, sequence)));
    return this;
  }

  /// An output that is not a tensor: a sequence of maps to `FP32`, as ZipMap returns.
  ///
  /// @param key `INT64` or `BYTES`
  public OnnxGraph mapsOutput(String name, Datatype key) {
    ProtobufWriter value =
        new ProtobufWriter()
            .message(1, new ProtobufWriter().integer(1, elementType(Datatype.FP32)));
    ProtobufWriter map = new ProtobufWriter().integer(1, elementType(key)).message(2, value);
    ProtobufWriter sequence = new ProtobufWriter().message(1, new ProtobufWriter().message(5, map));
    graph.message(12, declared(name, new ProtobufWriter().message(4, sequence)));
    return this;
  }

  /// An input or output that may be absent.
  ///
  /// @param field 11 for an input, 12 for an output
  public OnnxGraph optional(int field, String name, Datatype type) {
    ProtobufWriter tensor =
        new ProtobufWriter().message(1, new ProtobufWriter().integer(1, elementType(type)));
    ProtobufWriter optional = new ProtobufWriter().message(1, tensor);
    graph.message(field, declared(name, new ProtobufWriter().message(9, optional)));
    return this;
  }

  /// An input whose rank is not declared.
  public OnnxGraph inputOfAnyRank(String name, Datatype type) {
    graph.message(11, ofAnyRank(name, type));
    return this;
  }

  /// An output whose rank is not declared.
  public OnnxGraph outputOfAnyRank(String name, Datatype type) {
    graph.message(12, ofAnyRank(name, type));
    return this;
  }

  private static ProtobufWriter ofAnyRank(String name, Datatype type) {
    ProtobufWriter tensor = new ProtobufWriter().integer(1, elementType(type));
    return declared(name, new ProtobufWriter().message(1, tensor));
  }

  public OnnxGraph initializer(Tensor value) {
    graph.message(5, encoded(value));
    return this;
  }

  /// An initializer whose bytes are in a file next to the graph, which holds nothing else.
  public OnnxGraph initializerIn(String file, Tensor value) {
    graph.message(5, encodedIn(file, value));
    return this;
  }

  public OnnxGraph node(
      String operator, List<String> inputs, List<String> outputs, OnnxAttribute... attributes) {
    return node("", operator, inputs, outputs, attributes);
  }

  /// Appends a node.
  ///
  /// @param domain empty for ONNX's own operators, or [#ML]
  public OnnxGraph node(
      String domain,
      String operator,
      List<String> inputs,
      List<String> outputs,
      OnnxAttribute... attributes) {
    ProtobufWriter node = new ProtobufWriter();
    inputs.forEach(name -> node.text(1, name));
    outputs.forEach(name -> node.text(2, name));
    node.text(3, operator + "-" + outputs.getFirst()).text(4, operator).text(7, domain);
    for (OnnxAttribute attribute : attributes) {
      node.message(5, attribute.encoded());
    }
    graph.message(1, node);
    return this;
  }

  /// The content of the `.onnx` file.
  public byte[] toBytes() {
    return new ProtobufWriter()
        .integer(1, IR_VERSION)
        .text(2, "pilotlight-tests")
        .message(7, graph)
        .message(8, new ProtobufWriter().text(1, "").integer(2, OPSET))
        .message(8, new ProtobufWriter().text(1, ML).integer(2, OPSET_ML))
        .toBytes();
  }

  /// Writes the `.onnx` file, with its directories.
  public Path write(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return Files.write(file, toBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ProtobufWriter encoded() {
    return graph;
  }

  /// A tensor whose bytes are in a file next to the graph.
  public static ProtobufWriter encodedIn(String file, Tensor value) {
    ProtobufWriter tensor = new ProtobufWriter();
    for (long size : value.shape()) {
      tensor.integer(1, size);
    }
    tensor.integer(2, elementType(value.datatype())).text(8, value.name());
    tensor.message(13, new ProtobufWriter().text(1, "location").text(2, file));
    return tensor.integer(14, 1);
  }

  public static ProtobufWriter encoded(Tensor value) {
    ProtobufWriter tensor = new ProtobufWriter();
    for (long size : value.shape()) {
      tensor.integer(1, size);
    }
    tensor.integer(2, elementType(value.datatype())).text(8, value.name());
    if (value.datatype() == Datatype.BYTES) {
      value.bytes().forEach(element -> tensor.bytes(6, element));
    } else {
      tensor.bytes(9, value.data());
    }
    return tensor;
  }

  private static ProtobufWriter declared(String name, Datatype type, Object... dims) {
    ProtobufWriter shape = new ProtobufWriter();
    for (Object dim : dims) {
      ProtobufWriter size = new ProtobufWriter();
      shape.message(
          1,
          dim instanceof Number fixed
              ? size.integer(1, fixed.longValue())
              : size.text(2, String.valueOf(dim)));
    }
    ProtobufWriter tensor = new ProtobufWriter().integer(1, elementType(type));
    if (dims.length != 1 || dims[0] != ANY_RANK) {
      tensor.message(2, shape);
    }
    return declared(name, new ProtobufWriter().message(1, tensor));
  }

  private static ProtobufWriter declared(String name, ProtobufWriter type) {
    return new ProtobufWriter().text(1, name).message(2, type);
  }

  /// The number of `TensorProto.DataType`.
  public static int elementType(Datatype type) {
    return switch (type) {
      case FP32 -> 1;
      case UINT8 -> 2;
      case INT8 -> 3;
      case UINT16 -> 4;
      case INT16 -> 5;
      case INT32 -> 6;
      case INT64 -> 7;
      case BYTES -> 8;
      case BOOL -> 9;
      case FP16 -> 10;
      case FP64 -> 11;
      case UINT32 -> 12;
      case UINT64 -> 13;
      case BF16 -> 16;
    };
  }
}
