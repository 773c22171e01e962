package dev.pilotlight.cli.onnx;

import dev.pilotlight.domain.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An ONNX file that is read, changed and written to another file.
///
/// Source of the field numbers: `onnx.proto` of ONNX 1.17, message `ModelProto`.
public final class ModelFile {
  /// Protobuf's limit is 2 GiB; the rest is for the reader's own sums.
  public static final long INLINE_BYTES_MAX = 2_000_000_000L;

  /// Graphs before this version repeat their initialisers among their inputs.
  private static final long IR_VERSION_MIN = 4;

  /// Smaller tensors stay in the graph, which shape inference reads.
  private static final int EXTERNAL_BYTES_MIN = 1024;

  private static final int ALIGNMENT = 4096;
  private static final int IR_VERSION = 1;
  private static final int GRAPH = 7;
  private static final int OPSET = 8;
  private static final int OPSET_DOMAIN = 1;
  private static final int OPSET_VERSION = 2;

  private final Message model;
  private final Message graphMessage;
  private final Graph graph;
  private final ExternalFiles files;

  private ModelFile(Message model, Message graphMessage, ExternalFiles files) {
    this.model = model;
    this.graphMessage = graphMessage;
    this.files = files;
    this.graph = new Graph(graphMessage, files);
  }

  /// Maps a file into memory.
  ///
  /// @throws Refusal if it is not an ONNX file
  public static ModelFile read(Path path) {
    ByteBuffer bytes;
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      if (file.size() > Integer.MAX_VALUE) {
        throw Refusal.broken(path + " is larger than 2 GiB, which protobuf does not allow", null);
      }
      bytes = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size());
    } catch (IOException e) {
      throw Refusal.broken("%s cannot be read: %s".formatted(path, e), e);
    }
    Message model = Message.parse(bytes);
    List<Message> graphs = model.messages(GRAPH);
    if (graphs.size() != 1) {
      throw Refusal.broken(path + " does not hold one graph", null);
    }
    Path folder = Optional.ofNullable(path.getParent()).orElse(Path.of(""));
    return new ModelFile(model, graphs.getFirst(), new ExternalFiles(folder));
  }

  public Graph graph() {
    return graph;
  }

  /// The version of an operator set; empty if the model does not import it.
  ///
  /// @param domain empty for ONNX's own operators
  public Optional<Long> opset(String domain) {
    return model.messages(OPSET).stream()
        .filter(
            opset -> {
              String name = opset.text(OPSET_DOMAIN);
              return name.equals(domain) || (domain.isEmpty() && name.equals("ai.onnx"));
            })
        .findFirst()
        .map(opset -> opset.number(OPSET_VERSION, 1));
  }

  /// Imports an operator set, if the model does not do so yet.
  public void requireOpset(String domain, long version) {
    if (opset(domain).isEmpty()) {
      model.add(OPSET, new Message().add(OPSET_DOMAIN, domain).add(OPSET_VERSION, version));
    }
  }

  /// Raises the version of the file's format so that initialisers need not be inputs. Runtimes do
  /// not let callers override the initialisers of older files, so none stays an input.
  private void raiseFormat() {
    if (model.number(IR_VERSION, 0) < IR_VERSION_MIN) {
      graph.hideInitializers();
      model.remove(IR_VERSION).add(IR_VERSION, IR_VERSION_MIN);
    }
  }

  /// Writes the model. If it held its initialisers in a file, or is too large for one file, the
  /// large initialisers go to another file next to it.
  ///
  /// @param external the name of that other file
  /// @param inlineBytesMax the largest graph that holds its initialisers itself
  public void write(Path path, String external, long inlineBytesMax) throws IOException {
    raiseFormat();
    List<Message> initializers = graph.initializers();
    boolean apart = initializers.stream().anyMatch(Tensors::isExternal) || size() > inlineBytesMax;
    if (apart) {
      try (FileOutput out = new FileOutput(path.resolveSibling(external))) {
        List<Message> moved = new ArrayList<>();
        for (Message tensor : initializers) {
          moved.add(move(tensor, external, out));
        }
        graph.setInitializers(moved);
      }
    }
    if (size() > INLINE_BYTES_MAX) {
      throw Refusal.broken("the graph without its initialisers is larger than 2 GB", null);
    }
    try (FileOutput out = new FileOutput(path)) {
      model.replace(GRAPH, List.of(graphMessage));
      model.write(out::write);
    }
  }

  private long size() {
    return model.copy().replace(GRAPH, List.of(graphMessage)).size();
  }

  /// The same tensor with its bytes in the other file, if they are many.
  private Message move(Message tensor, String external, FileOutput out) throws IOException {
    boolean isExternal = Tensors.isExternal(tensor);
    ByteBuffer bytes = isExternal ? files.bytes(tensor) : tensor.bytes(Tensors.RAW_DATA);
    Message moved =
        tensor
            .copy()
            .remove(Tensors.RAW_DATA)
            .remove(Tensors.EXTERNAL_DATA)
            .remove(Tensors.DATA_LOCATION);
    if (!isExternal && bytes.remaining() < EXTERNAL_BYTES_MIN) {
      return tensor;
    }
    if (bytes.remaining() < EXTERNAL_BYTES_MIN) {
      return moved.add(Tensors.RAW_DATA, bytes);
    }
    out.align(ALIGNMENT);
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put("location", external);
    entries.put("offset", Long.toString(out.position()));
    entries.put("length", Integer.toString(bytes.remaining()));
    entries.forEach(
        (key, value) -> moved.add(Tensors.EXTERNAL_DATA, ExternalFiles.entry(key, value)));
    out.write(bytes);
    return moved.add(Tensors.DATA_LOCATION, (long) Tensors.EXTERNAL);
  }
}
