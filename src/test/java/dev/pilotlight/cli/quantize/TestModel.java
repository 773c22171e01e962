package dev.pilotlight.cli.quantize;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.pilotlight.cli.onnx.Message;
import dev.pilotlight.cli.onnx.ModelFile;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.OnnxGraph;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A small graph in a folder, and what the command makes of it.
///
/// @param file of the original graph
record TestModel(Path file) {
  static final int GRAPH = 7;
  static final int NODE = 1;
  static final int INITIALIZER = 5;

  static TestModel of(Path folder, OnnxGraph graph) {
    return new TestModel(graph.write(folder.resolve("model.onnx")));
  }

  /// A graph whose bytes are not those of the builder.
  static TestModel of(Path folder, Message model) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    model.write(
        bytes -> {
          byte[] part = new byte[bytes.remaining()];
          bytes.get(part);
          out.writeBytes(part);
        });
    Files.createDirectories(folder);
    return new TestModel(Files.write(folder.resolve("model.onnx"), out.toByteArray()));
  }

  static Message parse(OnnxGraph graph) {
    return Message.parse(ByteBuffer.wrap(graph.toBytes()));
  }

  /// Weights of any size, with 7 bits, because sums of 8 bits overflow on some processors.
  static Form dynamic() {
    return new Form(Form.Kind.DYNAMIC, false, Quantised.REDUCED_MAX, 1, ModelFile.INLINE_BYTES_MAX);
  }

  static Form perTensor() {
    return new Form(Form.Kind.DYNAMIC, true, Quantised.REDUCED_MAX, 1, ModelFile.INLINE_BYTES_MAX);
  }

  static Form weightsOnly() {
    return new Form(Form.Kind.WEIGHTS_ONLY, false, Quantised.MAX, 1, ModelFile.INLINE_BYTES_MAX);
  }

  /// The quantised graph, in another folder.
  TestModel quantise(Form form) throws IOException {
    ModelFile model = ModelFile.read(file);
    var _ = Quantizer.quantise(model, form);
    Path folder = Files.createTempDirectory(file.getParent(), "quantised");
    Path written = folder.resolve("model.onnx");
    model.write(written, "weights", form.inlineBytesMax());
    return new TestModel(written);
  }

  Message parse() throws IOException {
    return Message.parse(ByteBuffer.wrap(Files.readAllBytes(file)));
  }

  Message graph() throws IOException {
    return parse().messages(GRAPH).getFirst();
  }

  List<String> operators() throws IOException {
    return graph().messages(NODE).stream().map(node -> node.text(4)).toList();
  }

  List<String> initializers() throws IOException {
    return graph().messages(INITIALIZER).stream().map(tensor -> tensor.text(8)).toList();
  }

  /// The first output for the input `x`.
  float[] run(float[] x, long... shape) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), shape)) {
      return run(input);
    }
  }

  /// The first output for the ids `x`.
  float[] run(long[] x, long... shape) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OnnxTensor input = OnnxTensor.createTensor(environment, LongBuffer.wrap(x), shape)) {
      return run(input);
    }
  }

  private float[] run(OnnxTensor input) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(file.toString());
        OrtSession.Result result = session.run(Map.of("x", input))) {
      FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] copy = new float[values.remaining()];
      values.get(copy);
      return copy;
    }
  }

  static Tensor matrix(String name, int rows, int columns, float... values) {
    return Tensor.ofFloats(name, new long[] {rows, columns}, values);
  }

  static float[] random(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  static float[] transpose(float[] values, int rows, int columns) {
    float[] swapped = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      swapped[i % columns * rows + i / columns] = values[i];
    }
    return swapped;
  }
}
