package dev.pilotlight.model.head;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.text.TokenIds;
import dev.pilotlight.model.text.TokenPlaces;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Logits of tokens to their best labels and scores, and all that their grouping into entities
/// needs: transformers' token-classification pipeline before its aggregation.
public record TokenHead(String graphOutput, Labels declared, TokenWords words) implements Head {
  private static final int RANK = 3;

  @Override
  public Optional<Labels> labels() {
    return Optional.of(declared);
  }

  @Override
  public boolean needsPlaces() {
    return true;
  }

  @Override
  public List<Tensor> read(Tensor output, TokenIds tokens, TokenSpan span) {
    TokenPlaces places = tokens.places();
    if (places == null) {
      throw new IllegalStateException("the tokens of " + graphOutput + " have no places");
    }
    float[] logits = logits(output, tokens.count());
    int count = tokens.count();
    int size = declared.names().size();
    List<String> labels = new ArrayList<>(count);
    float[] scores = new float[count];
    for (int i = 0; i < count; i++) {
      float[] row = declared.shares(Arrays.copyOfRange(logits, i * size, (i + 1) * size));
      int best = Labels.best(row);
      labels.add(declared.names().get(best));
      scores[i] = row[best];
    }
    long[] shape = {count};
    return List.of(
        Tensor.ofStrings(ModelInfo.TOKENS_OUTPUT, shape, words.of(tokens, places)),
        Tensor.ofStrings(ModelInfo.LABEL_OUTPUT, shape, labels),
        Tensor.ofFloats(ModelInfo.SCORE_OUTPUT, shape, scores),
        offsets(places),
        flags(ModelInfo.SPECIAL_OUTPUT, places.special()),
        flags(ModelInfo.SUBWORD_OUTPUT, words.subwords(tokens, places)),
        ids(tokens.ids()),
        Tensor.ofFloats(ModelInfo.LOGITS_OUTPUT, new long[] {count, size}, logits));
  }

  private float[] logits(Tensor output, int tokens) {
    long[] shape = output.shape();
    int size = declared.names().size();
    if (shape.length != RANK || shape[0] != 1 || shape[1] != tokens || shape[2] != size) {
      throw new IllegalStateException(
          "the graph's %s has shape %s; [1, %d tokens, %d labels] is needed"
              .formatted(graphOutput, Arrays.toString(shape), tokens, size));
    }
    return Vectors.floats(output);
  }

  private static Tensor offsets(TokenPlaces places) {
    byte[] data = new byte[2 * Integer.BYTES * places.count()];
    IntBuffer values = integers(data);
    for (int i = 0; i < places.count(); i++) {
      int before = places.special()[i] ? 0 : places.skipped();
      values.put(before + places.from()[i]).put(before + places.to()[i]);
    }
    return new Tensor(
        ModelInfo.OFFSETS_OUTPUT, Datatype.INT32, new long[] {places.count(), 2}, data);
  }

  private static Tensor ids(long[] ids) {
    byte[] data = new byte[Integer.BYTES * ids.length];
    IntBuffer values = integers(data);
    for (long id : ids) {
      values.put(Math.toIntExact(id));
    }
    return new Tensor(ModelInfo.TOKEN_IDS_OUTPUT, Datatype.INT32, new long[] {ids.length}, data);
  }

  private static Tensor flags(String name, boolean[] flags) {
    byte[] data = new byte[flags.length];
    for (int i = 0; i < flags.length; i++) {
      data[i] = (byte) (flags[i] ? 1 : 0);
    }
    return new Tensor(name, Datatype.BOOL, new long[] {flags.length}, data);
  }

  private static IntBuffer integers(byte[] data) {
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
  }
}
