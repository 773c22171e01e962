package dev.pilotlight.protocol.door;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/// The form in which a request wants embeddings: shortened, and at unit length or not. Only full
/// embeddings are stored, as the model's own rule leaves them; every form is made of those.
///
/// @param normalise empty for the model's own rule
public record VectorForm(Optional<Boolean> normalise, OptionalInt dimensions) {
  private static final int SMALL_VECTOR = 128;
  private static final int SHORT_DECIMAL = 9;
  private static final int DECIMAL = 11;
  private static final int UNIT_DECIMAL = 12;

  /// Checks the form against a model.
  ///
  /// @param field that chose the length of vectors, for messages
  /// @throws Refusal INVALID if the model does not support the size, or its embeddings are stored
  ///   at unit length and the request wants them as they were before
  public void require(ModelInfo model, String field) {
    EmbeddingSize.require(size(model), model);
    if (normalise.isPresent() && !normalise.get() && !isRaw(model)) {
      throw Refusal.invalid(
          field,
          ("%s is false, but embeddings of %s are stored at unit length; accepted: true, or no"
                  + " value. Set \"normalise\": false in its pilotlight.json to store them as they"
                  + " are")
              .formatted(field, model.name()));
    }
  }

  /// The number of dimensions.
  public int size(ModelInfo model) {
    return dimensions.orElse(model.dimensions());
  }

  /// About the least bytes of an embedding as decimals: shortest decimals, comma included, have 12
  /// on average at unit length and 11 else; those of a short vector vary more.
  public long decimalBytes(ModelInfo model) {
    int size = size(model);
    boolean unit = !isPlain(model) && (normalise.isPresent() || EmbeddingSize.isUnit(model));
    return (long) size * (size < SMALL_VECTOR ? SHORT_DECIMAL : unit ? UNIT_DECIMAL : DECIMAL);
  }

  /// The embedding in this form.
  ///
  /// @param full little-endian FP32, as stored
  /// @return likewise; the same bits where nothing changes
  public byte[] of(byte[] full, ModelInfo model) {
    int size = size(model);
    if (isPlain(model)) {
      return full.length == size * Float.BYTES ? full : Arrays.copyOf(full, size * Float.BYTES);
    }
    return normalise.isPresent()
        ? EmbeddingSize.unit(full, size, model)
        : EmbeddingSize.cut(full, size);
  }

  /// Whether the vector is not brought to unit length.
  private boolean isPlain(ModelInfo model) {
    return normalise.isPresent() ? !normalise.get() : isRaw(model);
  }

  /// Whether the model leaves embeddings at any length.
  private static boolean isRaw(ModelInfo model) {
    for (Fact fact : model.facts()) {
      if (fact.name().equals("normalised")) {
        return fact.value().equals("false");
      }
    }
    return false;
  }
}
