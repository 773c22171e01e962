package dev.pilotlight.model.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One pass over an ONNX file; collects an [OnnxFile].
///
/// Tensors may lie in initialisers, in attributes of nodes, in the graphs that are attributes of
/// `If`, `Loop` and `Scan`, and in the model's own functions.
///
/// Source of the field numbers: `onnx.proto` of ONNX 1.17 (IR version 10).
final class OnnxScan {
  private static final int DEPTH_MAX = 50;
  private static final int EXTERNAL = 1;
  private static final int UINT8 = 2;
  private static final int INT8 = 3;

  private final List<String> inputs = new ArrayList<>();
  private final List<String> outputs = new ArrayList<>();
  private final Set<String> initializers = new HashSet<>();
  private final Set<String> locations = new LinkedHashSet<>();
  private final Map<String, OnnxFile.Node> nodes = new HashMap<>();
  private long int8Bytes;
  private boolean hasGraph;

  OnnxFile read(Path path) throws IOException {
    try (ProtobufReader reader = ProtobufReader.open(path)) {
      model(reader);
    }
    if (!hasGraph) {
      throw new IOException("the file holds no graph");
    }
    inputs.removeIf(initializers::contains);
    return new OnnxFile(inputs, outputs, List.copyOf(locations), nodes, int8Bytes);
  }

  private void model(ProtobufReader reader) throws IOException {
    while (reader.next(reader.size())) {
      switch (reader.field()) {
        case 7 -> {
          hasGraph = true;
          graph(reader, reader.end(), 0);
        }
        case 20 -> trainingInfo(reader, reader.end());
        case 25 -> function(reader, reader.end());
        default -> {}
      }
    }
  }

  /// `initialization` and `algorithm` are graphs.
  private void trainingInfo(ProtobufReader reader, long end) throws IOException {
    while (reader.next(end)) {
      if (reader.field() <= 2) {
        graph(reader, reader.end(), 1);
      }
    }
  }

  private void function(ProtobufReader reader, long end) throws IOException {
    while (reader.next(end)) {
      switch (reader.field()) {
        case 7 -> node(reader, reader.end(), 1);
        case 11 -> attribute(reader, reader.end(), 1);
        default -> {}
      }
    }
  }

  /// @param depth 0 for the model's own graph, whose inputs, outputs and nodes count
  private void graph(ProtobufReader reader, long end, int depth) throws IOException {
    if (depth > DEPTH_MAX) {
      throw new IOException("graphs are nested more than %d deep".formatted(DEPTH_MAX));
    }
    while (reader.next(end)) {
      switch (reader.field()) {
        case 1 -> node(reader, reader.end(), depth);
        case 5 -> tensor(reader, reader.end(), depth);
        case 11 -> value(reader, depth, inputs);
        case 12 -> value(reader, depth, outputs);
        case 15 -> sparseTensor(reader, reader.end());
        default -> {}
      }
    }
  }

  private void node(ProtobufReader reader, long end, int depth) throws IOException {
    List<String> takes = new ArrayList<>();
    List<String> gives = new ArrayList<>();
    String operator = "";
    String domain = "";
    while (reader.next(end)) {
      switch (reader.field()) {
        case 1 -> takes.add(reader.text());
        case 2 -> gives.add(reader.text());
        case 4 -> operator = reader.text();
        case 5 -> attribute(reader, reader.end(), depth + 1);
        case 7 -> domain = reader.text();
        default -> {}
      }
    }
    if (depth == 0) {
      boolean own = domain.isEmpty() || domain.equals("ai.onnx");
      OnnxFile.Node node =
          new OnnxFile.Node(own ? operator : domain + "." + operator, List.copyOf(takes));
      gives.forEach(output -> nodes.put(output, node));
    }
  }

  private void attribute(ProtobufReader reader, long end, int depth) throws IOException {
    while (reader.next(end)) {
      switch (reader.field()) {
        case 5, 10 -> tensor(reader, reader.end(), depth);
        case 6, 11 -> graph(reader, reader.end(), depth);
        case 22, 23 -> sparseTensor(reader, reader.end());
        default -> {}
      }
    }
  }

  private void sparseTensor(ProtobufReader reader, long end) throws IOException {
    while (reader.next(end)) {
      if (reader.field() <= 2) {
        tensor(reader, reader.end(), 1);
      }
    }
  }

  private void tensor(ProtobufReader reader, long end, int depth) throws IOException {
    String location = "";
    boolean external = false;
    long elements = 1;
    long type = 0;
    while (reader.next(end)) {
      switch (reader.field()) {
        case 1 -> elements *= reader.product();
        case 2 -> type = reader.number();
        case 8 -> {
          if (depth == 0) {
            initializers.add(reader.text());
          }
        }
        case 13 -> location = location(reader, reader.end(), location);
        case 14 -> external = reader.number() == EXTERNAL;
        default -> {}
      }
    }
    if (external) {
      locations.add(location);
    }
    if (type == INT8 || type == UINT8) {
      int8Bytes += Math.max(0, elements);
    }
  }

  /// One entry of a tensor's external data.
  private static String location(ProtobufReader reader, long end, String before)
      throws IOException {
    String key = "";
    String value = "";
    while (reader.next(end)) {
      switch (reader.field()) {
        case 1 -> key = reader.text();
        case 2 -> value = reader.text();
        default -> {}
      }
    }
    return key.equals("location") ? value : before;
  }

  /// The name of an input or output.
  private static void value(ProtobufReader reader, int depth, List<String> names)
      throws IOException {
    long end = reader.end();
    while (reader.next(end)) {
      if (depth == 0 && reader.field() == 1) {
        names.add(reader.text());
      }
    }
  }
}
