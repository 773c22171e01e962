package dev.pilotlight.model;

import dev.pilotlight.domain.tensor.Tensor;
import java.util.List;

/// An attribute of an ONNX node.
///
/// Source of the field numbers: `onnx.proto`, message `AttributeProto`.
public final class OnnxAttribute {
  private static final int TYPE = 20;

  private final ProtobufWriter encoded;

  private OnnxAttribute(String name, int type) {
    this.encoded = new ProtobufWriter().text(1, name).integer(TYPE, type);
  }

  public static OnnxAttribute real(String name, float value) {
    OnnxAttribute attribute = new OnnxAttribute(name, 1);
    attribute.encoded.real(2, value);
    return attribute;
  }

  public static OnnxAttribute integer(String name, long value) {
    OnnxAttribute attribute = new OnnxAttribute(name, 2);
    attribute.encoded.integer(3, value);
    return attribute;
  }

  public static OnnxAttribute text(String name, String value) {
    OnnxAttribute attribute = new OnnxAttribute(name, 3);
    attribute.encoded.text(4, value);
    return attribute;
  }

  public static OnnxAttribute tensor(String name, Tensor value) {
    OnnxAttribute attribute = new OnnxAttribute(name, 4);
    attribute.encoded.message(5, OnnxGraph.encoded(value));
    return attribute;
  }

  /// A tensor whose bytes are in a file next to the graph.
  public static OnnxAttribute tensorIn(String file, String name, Tensor value) {
    OnnxAttribute attribute = new OnnxAttribute(name, 4);
    attribute.encoded.message(5, OnnxGraph.encodedIn(file, value));
    return attribute;
  }

  public static OnnxAttribute graph(String name, OnnxGraph value) {
    OnnxAttribute attribute = new OnnxAttribute(name, 5);
    attribute.encoded.message(6, value.encoded());
    return attribute;
  }

  public static OnnxAttribute reals(String name, float... values) {
    OnnxAttribute attribute = new OnnxAttribute(name, 6);
    for (float value : values) {
      attribute.encoded.real(7, value);
    }
    return attribute;
  }

  public static OnnxAttribute integers(String name, long... values) {
    OnnxAttribute attribute = new OnnxAttribute(name, 7);
    for (long value : values) {
      attribute.encoded.integer(8, value);
    }
    return attribute;
  }

  public static OnnxAttribute texts(String name, List<String> values) {
    OnnxAttribute attribute = new OnnxAttribute(name, 8);
    values.forEach(value -> attribute.encoded.text(9, value));
    return attribute;
  }

  public ProtobufWriter encoded() {
    return encoded;
  }
}
