package dev.pilotlight.cli.onnx;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The outermost graph of a model, with the changes that replace nodes and their weights. Graphs
/// inside of nodes stay as they are.
///
/// Source of the field numbers: `onnx.proto` of ONNX 1.17, message `GraphProto`.
public final class Graph {
  static final int NODE = 1;
  static final int INITIALIZER = 5;
  static final int INPUT = 11;
  static final int OUTPUT = 12;
  static final int VALUE_NAME = 1;

  private static final int VALUE_INFO = 13;
  private static final int SPARSE_INITIALIZER = 15;
  private static final int SPARSE_VALUES = 1;

  private final Message message;
  private final ExternalFiles files;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Message> initializers = new LinkedHashMap<>();
  private final Map<String, Node> producers = new HashMap<>();
  private final Set<String> names = new HashSet<>();
  // names of constants that a changed node no longer uses
  private final Set<String> released = new HashSet<>();

  /// A constant of the graph.
  ///
  /// @param tensor an initialiser, or the value of a `Constant` node
  /// @param transposed whether the graph swaps its two dimensions before use
  /// @param path the names of the values from the one that is used to the constant itself
  public record Constant(Message tensor, boolean transposed, List<String> path) {
    public Constant {
      path = List.copyOf(path);
    }

    /// The name under which the graph keeps it.
    public String name() {
      return path.getLast();
    }
  }

  Graph(Message message, ExternalFiles files) {
    this.message = message;
    this.files = files;
    message.messages(INITIALIZER).forEach(tensor -> initializers.put(Tensors.name(tensor), tensor));
    message.messages(NODE).forEach(node -> nodes.add(Node.of(node)));
    for (Node node : nodes) {
      node.outputs().forEach(output -> producers.put(output, node));
      names.addAll(node.inputs());
      names.addAll(node.outputs());
      names.addAll(node.innerNames());
    }
    names.addAll(initializers.keySet());
    for (int field : List.of(INPUT, OUTPUT)) {
      message.messages(field).forEach(value -> names.add(value.text(VALUE_NAME)));
    }
    for (Message sparse : message.messages(SPARSE_INITIALIZER)) {
      sparse.messages(SPARSE_VALUES).forEach(tensor -> names.add(Tensors.name(tensor)));
    }
  }

  /// In the order of the data flow.
  public List<Node> nodes() {
    return List.copyOf(nodes);
  }

  /// The constant that a name has, through `Identity` and `Transpose` nodes.
  ///
  /// @return empty if the value depends on inputs, or is computed in another way
  public Optional<Constant> constant(String name) {
    List<String> path = new ArrayList<>();
    boolean transposed = false;
    String at = name;
    while (!at.isEmpty() && !path.contains(at)) {
      path.add(at);
      Message initializer = initializers.get(at);
      Node producer = producers.get(at);
      if (initializer != null) {
        return Optional.of(new Constant(initializer, transposed, path));
      } else if (producer == null) {
        return Optional.empty();
      } else if (producer.is("Constant")) {
        boolean swapped = transposed;
        return producer.tensor("value").map(tensor -> new Constant(tensor, swapped, path));
      } else if (swaps(producer)) {
        transposed = !transposed;
      } else if (!producer.is("Identity")) {
        return Optional.empty();
      }
      at = producer.input(0);
    }
    return Optional.empty();
  }

  /// Whether a node swaps the two dimensions of a matrix. A `Transpose` without `perm` reverses all
  /// dimensions, which is the same for a matrix.
  private static boolean swaps(Node node) {
    return node.is("Transpose")
        && node.integers("perm")
            .map(order -> order.length == 2 && order[0] == 1 && order[1] == 0)
            .orElse(true);
  }

  /// The elements of a constant of [Tensors#FLOAT], in the order in which the graph keeps them.
  public FloatBuffer floats(Constant constant) {
    return Tensors.floats(constant.tensor(), files);
  }

  /// A name that the graph does not have yet.
  public String fresh(String wanted) {
    String name = wanted;
    for (int i = 1; !names.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  /// Adds an initialiser, under a [#fresh] name.
  public void add(Message tensor) {
    initializers.put(Tensors.name(tensor), tensor);
  }

  /// Marks a constant that a replaced node used; [#finish] removes it if nothing else uses it.
  public void release(Constant constant) {
    released.addAll(constant.path());
  }

  /// Puts the nodes in place of the present ones, and removes released constants that have no use.
  public void finish(List<Node> replacements) {
    nodes.clear();
    nodes.addAll(replacements);
    Set<String> removed = new TreeSet<>();
    // a node that is gone may have been the only use of another
    while (removeUnusedNodes(removed)) {}
    Set<String> used = uses();
    initializers.keySet().removeIf(name -> isUnused(name, used) && removed.add(name));
    message.replace(NODE, nodes.stream().map(Node::message).toList());
    message.replace(INITIALIZER, List.copyOf(initializers.values()));
    for (int field : List.of(INPUT, VALUE_INFO)) {
      without(field, removed);
    }
  }

  private boolean removeUnusedNodes(Set<String> removed) {
    Set<String> used = uses();
    return nodes.removeIf(
        node -> {
          List<String> outputs = node.outputs();
          boolean unused =
              !outputs.isEmpty() && outputs.stream().allMatch(output -> isUnused(output, used));
          if (unused) {
            removed.addAll(outputs);
          }
          return unused;
        });
  }

  private boolean isUnused(String name, Set<String> used) {
    return released.contains(name) && !used.contains(name);
  }

  private Set<String> uses() {
    Set<String> used = new HashSet<>();
    for (Node node : nodes) {
      used.addAll(node.inputs());
      used.addAll(node.innerNames());
    }
    message.messages(OUTPUT).forEach(value -> used.add(value.text(VALUE_NAME)));
    return used;
  }

  private void without(int field, Set<String> removed) {
    List<Message> values = message.messages(field);
    if (values.stream().anyMatch(value -> removed.contains(value.text(VALUE_NAME)))) {
      message.replace(
          field,
          values.stream().filter(value -> !removed.contains(value.text(VALUE_NAME))).toList());
    }
  }

  /// Removes the initialisers from the list of inputs, where files before IR version 4 repeat them.
  void hideInitializers() {
    without(INPUT, initializers.keySet());
  }

  List<Message> initializers() {
    return List.copyOf(initializers.values());
  }

  /// Puts tensors in place of the initialisers.
  void setInitializers(List<Message> tensors) {
    message.replace(INITIALIZER, tensors);
  }
}
