package dev.pilotlight.protocol.door;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Dimensions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.Collectors;

/// Shortens embeddings if a request asks for fewer dimensions than the model has. Only full
/// embeddings are stored, so one result answers every length.
public final class EmbeddingSize {
  private EmbeddingSize() {}

  /// Checks that a model supports a length.
  ///
  /// @throws Refusal INVALID if the model does not support the length
  public static void require(int wanted, ModelInfo model) {
    require("dimensions", wanted, model);
  }

  /// As [#require(int, ModelInfo)], for a request with another name for the length.
  public static void require(String field, int wanted, ModelInfo model) {
    if (!model.policy().dimensions().allow(wanted, model.dimensions())) {
      throw Refusal.invalid(
          field,
          "%s is %d; accepted for %s: %s".formatted(field, wanted, model.name(), accepted(model)));
    }
  }

  private static String accepted(ModelInfo model) {
    int full = model.dimensions();
    return switch (model.policy().dimensions()) {
      case Dimensions.Full() -> "%d, its own, or no value".formatted(full);
      case Dimensions.Any() -> "1 to %d, or no value".formatted(full);
      case Dimensions.Exactly(List<Integer> sizes) ->
          sizes.stream()
                  .filter(size -> size < full)
                  .sorted()
                  .map(size -> size + ", ")
                  .collect(Collectors.joining())
              + "%d, its own, or no value".formatted(full);
    };
  }

  /// The first dimensions of an embedding at unit length, computed in double; the embedding itself,
  /// bit by bit, where that is its length.
  ///
  /// @param embedding little-endian FP32
  public static byte[] cut(byte[] embedding, int dimensions) {
    return embedding.length == dimensions * Float.BYTES ? embedding : scaled(embedding, dimensions);
  }

  /// The first dimensions of an embedding at unit length, also if that is its length; the embedding
  /// itself, bit by bit, if the model brought it to unit length.
  ///
  /// @param embedding little-endian FP32
  public static byte[] unit(byte[] embedding, int dimensions, ModelInfo model) {
    return embedding.length == dimensions * Float.BYTES && isUnit(model)
        ? embedding
        : scaled(embedding, dimensions);
  }

  /// Whether stored embeddings have unit length: a model may cut them after it has normalised them.
  static boolean isUnit(ModelInfo model) {
    boolean normalised = false;
    for (Fact fact : model.facts()) {
      if (fact.name().equals("truncate_dim")) {
        return false;
      }
      normalised |= fact.name().equals("normalised") && fact.value().equals("true");
    }
    return normalised;
  }

  private static byte[] scaled(byte[] embedding, int dimensions) {
    FloatBuffer full = littleEndian(embedding).asFloatBuffer();
    double squares = 0;
    for (int i = 0; i < dimensions; i++) {
      squares += (double) full.get(i) * full.get(i);
    }
    double length = squares == 0 ? 1 : Math.sqrt(squares);
    byte[] cut = new byte[dimensions * Float.BYTES];
    FloatBuffer values = littleEndian(cut).asFloatBuffer();
    for (int i = 0; i < dimensions; i++) {
      values.put((float) (full.get(i) / length));
    }
    return cut;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
