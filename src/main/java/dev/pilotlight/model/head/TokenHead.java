package dev.pilotlight.model.head;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.text.TokenIds;
import dev.pilotlight.model.text.TokenPlaces;
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
        Tensor.ofInts(
            ModelInfo.TOKEN_IDS_OUTPUT,
            shape,
            Arrays.stream(tokens.ids()).mapToInt(Math::toIntExact).toArray()),
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
    int[] offsets = new int[2 * places.count()];
    for (int i = 0; i < places.count(); i++) {
      int before = places.special()[i] ? 0 : places.skipped();
      offsets[2 * i] = before + places.from()[i];
      offsets[2 * i + 1] = before + places.to()[i];
    }
    return Tensor.ofInts(ModelInfo.OFFSETS_OUTPUT, new long[] {places.count(), 2}, offsets);
  }

  private static Tensor flags(String name, boolean[] flags) {
    byte[] data = new byte[flags.length];
    for (int i = 0; i < flags.length; i++) {
      data[i] = (byte) (flags[i] ? 1 : 0);
    }
    return new Tensor(name, Datatype.BOOL, new long[] {flags.length}, data);
  }
}
