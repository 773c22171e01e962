package dev.pilotlight.cli.onnx;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One node of a graph.
///
/// Source of the field numbers: `onnx.proto` of ONNX 1.17, messages `NodeProto` and
/// `AttributeProto`.
///
/// @param domain empty for ONNX's own operators
public record Node(
    Message message, String domain, String operator, List<String> inputs, List<String> outputs) {
  private static final int INPUT = 1;
  private static final int OUTPUT = 2;
  private static final int NAME = 3;
  private static final int OPERATOR = 4;
  private static final int ATTRIBUTE = 5;
  private static final int DOMAIN = 7;

  private static final int ATTRIBUTE_NAME = 1;
  private static final int ATTRIBUTE_REAL = 2;
  private static final int ATTRIBUTE_INTEGER = 3;
  private static final int ATTRIBUTE_TENSOR = 5;
  private static final int ATTRIBUTE_GRAPH = 6;
  private static final int ATTRIBUTE_INTEGERS = 8;
  private static final int ATTRIBUTE_GRAPHS = 11;
  private static final int ATTRIBUTE_TYPE = 20;
  private static final int TYPE_INTEGER = 2;

  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  static Node of(Message message) {
    String domain = message.text(DOMAIN);
    return new Node(
        message,
        domain.equals("ai.onnx") ? "" : domain,
        message.text(OPERATOR),
        message.texts(INPUT),
        message.texts(OUTPUT));
  }

  /// A new node.
  ///
  /// @param attributes made by [#ofInteger]
  public static Node make(
      String domain,
      String operator,
      List<String> inputs,
      List<String> outputs,
      List<Message> attributes) {
    Message message = new Message();
    inputs.forEach(input -> message.add(INPUT, input));
    outputs.forEach(output -> message.add(OUTPUT, output));
    message.add(NAME, outputs.getFirst() + "/" + operator).add(OPERATOR, operator);
    attributes.forEach(attribute -> message.add(ATTRIBUTE, attribute));
    if (!domain.isEmpty()) {
      message.add(DOMAIN, domain);
    }
    return new Node(message, domain, operator, inputs, outputs);
  }

  /// An attribute that is a whole number.
  public static Message ofInteger(String name, long value) {
    return new Message()
        .add(ATTRIBUTE_NAME, name)
        .add(ATTRIBUTE_INTEGER, value)
        .add(ATTRIBUTE_TYPE, (long) TYPE_INTEGER);
  }

  /// Whether it is one of ONNX's own operators, with this name.
  public boolean is(String name) {
    return domain.isEmpty() && operator.equals(name);
  }

  /// An input's name; empty if the node does not have it.
  public String input(int place) {
    return place < inputs.size() ? inputs.get(place) : "";
  }

  /// The operator with its domain, such as `com.microsoft.MatMulNBits`.
  public String label() {
    return domain.isEmpty() ? operator : domain + "." + operator;
  }

  /// All attributes, to be given to another node.
  public List<Message> attributes() {
    return message.messages(ATTRIBUTE);
  }

  private Optional<Message> attribute(String name) {
    return attributes().stream()
        .filter(attribute -> attribute.text(ATTRIBUTE_NAME).equals(name))
        .findFirst();
  }

  /// The whole number of an attribute.
  ///
  /// @param absent the value without the attribute
  public long integer(String name, int absent) {
    return attribute(name).map(found -> found.number(ATTRIBUTE_INTEGER, 0)).orElse((long) absent);
  }

  /// The float of an attribute.
  ///
  /// @param absent the value without the attribute
  public float real(String name, float absent) {
    return attribute(name).map(found -> found.real(ATTRIBUTE_REAL, 0)).orElse(absent);
  }

  /// The integers of an attribute, if the node has it.
  Optional<long[]> integers(String name) {
    return attribute(name).map(found -> found.numbers(ATTRIBUTE_INTEGERS));
  }

  /// The tensor of an attribute, if the node has it.
  Optional<Message> tensor(String name) {
    return attribute(name).flatMap(found -> found.messages(ATTRIBUTE_TENSOR).stream().findFirst());
  }

  /// The names that the graphs in its attributes use or define, at any depth.
  Set<String> innerNames() {
    Set<String> names = new HashSet<>();
    for (Message attribute : attributes()) {
      attribute.messages(ATTRIBUTE_GRAPH).forEach(graph -> collect(graph, names));
      attribute.messages(ATTRIBUTE_GRAPHS).forEach(graph -> collect(graph, names));
    }
    return names;
  }

  private static void collect(Message graph, Set<String> names) {
    for (Message message : graph.messages(Graph.NODE)) {
      Node node = of(message);
      names.addAll(node.inputs);
      names.addAll(node.outputs);
      names.addAll(node.innerNames());
    }
    for (int field : List.of(Graph.INPUT, Graph.OUTPUT)) {
      graph.messages(field).forEach(value -> names.add(value.text(Graph.VALUE_NAME)));
    }
    graph.messages(Graph.INITIALIZER).forEach(tensor -> names.add(tensor.text(Tensors.NAME)));
  }
}
