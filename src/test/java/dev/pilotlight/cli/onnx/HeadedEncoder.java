package dev.pilotlight.cli.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;

/// A real encoder with a random head: the first token's state times a matrix is `logits`
/// `FP32[batch,labels]`. It stands in for trained classifiers and cross-encoders.
///
/// Source of the field numbers: `onnx.proto` of ONNX 1.17.
public final class HeadedEncoder {
  private static final int DIMENSIONS = 384;

  private static final int GRAPH = 7;
  private static final int NODE = 1;
  private static final int INITIALIZER = 5;
  private static final int OUTPUT = 12;
  private static final long INT64 = 7;

  private HeadedEncoder() {}

  /// Writes the model.
  ///
  /// @param encoder has the output `last_hidden_state` `FP32[batch,tokens,384]`
  /// @param seed of the head's weights
  public static void write(Path encoder, Path headed, int labels, long seed) throws IOException {
    Message model;
    try (FileChannel file = FileChannel.open(encoder)) {
      model = Message.parse(file.map(FileChannel.MapMode.READ_ONLY, 0, file.size()));
    }
    Message graph = model.messages(GRAPH).getFirst().copy();
    graph
        .add(INITIALIZER, first())
        .add(INITIALIZER, Tensors.ofFloats("head", weights(labels, seed), DIMENSIONS, labels))
        .add(
            NODE,
            Node.make(
                    "",
                    "Gather",
                    List.of("last_hidden_state", "first"),
                    List.of("first_state"),
                    List.of(Node.ofInteger("axis", 1)))
                .message())
        .add(
            NODE,
            Node.make("", "MatMul", List.of("first_state", "head"), List.of("logits"), List.of())
                .message())
        .replace(OUTPUT, List.of(output(labels)));
    Files.createDirectories(headed.getParent());
    try (FileChannel file =
        FileChannel.open(headed, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      model
          .replace(GRAPH, List.of(graph))
          .write(
              bytes -> {
                while (bytes.hasRemaining()) {
                  var _ = file.write(bytes);
                }
              });
    }
  }

  private static float[] weights(int labels, long seed) {
    Random random = new Random(seed);
    float[] weights = new float[DIMENSIONS * labels];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian() / 4;
    }
    return weights;
  }

  /// The scalar 0.
  private static Message first() {
    return new Message().add(2, INT64).add(8, "first").add(9, ByteBuffer.allocate(Long.BYTES));
  }

  private static Message output(int labels) {
    Message shape =
        new Message()
            .add(1, new Message().add(2, "batch"))
            .add(1, new Message().add(1, (long) labels));
    Message tensor = new Message().add(1, (long) Tensors.FLOAT).add(2, shape);
    return new Message().add(1, "logits").add(2, new Message().add(1, tensor));
  }
}
