package dev.pilotlight.conformance;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// One test of ONNX's backend suite: a graph, and what it must give for its inputs.
record BackendCase(String name, Path graph, List<Tensor> inputs, List<Tensor> outputs) {
  private static final String DATA = "test_data_set_0";

  BackendCase {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /// Whether JSON can express all of its numbers: FP16, BF16, NaN and infinity it cannot.
  boolean hasJsonForm() {
    return Stream.concat(inputs.stream(), outputs.stream()).allMatch(BackendCase::hasJsonForm);
  }

  private static boolean hasJsonForm(Tensor tensor) {
    return switch (tensor.datatype()) {
      case FP16, BF16 -> false;
      case FP32, FP64 ->
          IntStream.range(0, Math.toIntExact(tensor.elements()))
              .allMatch(index -> Double.isFinite(Comparison.real(tensor, index)));
      default -> true;
    };
  }

  /// The directories of all tests.
  static List<Path> directories(Path data) {
    List<Path> directories = new ArrayList<>();
    for (String kind : List.of("node", "simple", "pytorch-converted", "pytorch-operator")) {
      try (Stream<Path> tests = Files.list(data.resolve(kind))) {
        tests.filter(test -> Files.exists(test.resolve(DATA))).sorted().forEach(directories::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return directories;
  }

  /// Empty if an input or output is not a tensor of a type that we have.
  static Optional<BackendCase> read(Path directory) throws IOException {
    Path file = directory.resolve("model.onnx");
    ProtobufReader graph = new ProtobufReader(Files.readAllBytes(file)).messages(7).getFirst();
    List<ProtobufReader> declaredInputs = graph.messages(11);
    List<ProtobufReader> declaredOutputs = graph.messages(12);
    if (!Stream.concat(declaredInputs.stream(), declaredOutputs.stream())
        .allMatch(BackendCase::isTensor)) {
      return Optional.empty();
    }
    Path data = directory.resolve(DATA);
    return Optional.of(
        new BackendCase(
            directory.getFileName().toString(),
            file,
            tensors(data, "input", declaredInputs),
            tensors(data, "output", declaredOutputs)));
  }

  private static boolean isTensor(ProtobufReader declared) {
    ProtobufReader type = declared.messages(2).getFirst();
    return type.has(1)
        && TensorFile.datatype((int) type.messages(1).getFirst().number(1)).isPresent();
  }

  /// Files are numbered in the order of the declarations; the last inputs may have defaults.
  private static List<Tensor> tensors(Path data, String kind, List<ProtobufReader> declared)
      throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < declared.size(); i++) {
      Path file = data.resolve("%s_%d.pb".formatted(kind, i));
      if (Files.exists(file)) {
        tensors.add(asDeclared(declared.get(i), Files.readAllBytes(file)));
      }
    }
    return tensors;
  }

  /// The suite keeps BF16 as UINT16, which NumPy has.
  private static Tensor asDeclared(ProtobufReader declared, byte[] file) {
    Tensor tensor = TensorFile.read(declared.text(1), file);
    boolean bfloat = tensor.datatype() == Datatype.UINT16 && datatype(declared) == Datatype.BF16;
    return bfloat
        ? new Tensor(tensor.name(), Datatype.BF16, tensor.shape(), tensor.data())
        : tensor;
  }

  private static Datatype datatype(ProtobufReader declared) {
    ProtobufReader type = declared.messages(2).getFirst().messages(1).getFirst();
    return TensorFile.datatype((int) type.number(1)).orElseThrow();
  }
}
