package dev.pilotlight.model.head;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.task.ResultForm;
import dev.pilotlight.domain.task.ResultForm.FillMask;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.text.TokenIds;
import dev.pilotlight.model.text.Tokenizer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The logits of a masked language model to the most probable tokens at each mask of a text, as
/// transformers' fill-mask pipeline. Tokens are ranked by their logit, equal ones by their id.
///
/// @param special the tokens that the text is searched for
/// @param tokenizer makes texts of tokens
/// @param form the tokens that are wanted
public record MaskHead(String graphOutput, Special special, Tokenizer tokenizer, FillMask form)
    implements Head {
  /// About the bytes of a token in a sequence: other masks stay in it as `[MASK] `.
  private static final int TOKEN_BYTES = 7;

  /// The special tokens of a model that matter here.
  ///
  /// @param mask the text of the mask
  /// @param pad the id of the padding token, which is left out of sequences; -1 if there is none
  public record Special(String mask, long maskId, long pad) {}

  /// Returns the head for another number of tokens, or other targets.
  public MaskHead in(FillMask other) {
    return new MaskHead(graphOutput, special, tokenizer, other);
  }

  @Override
  public String sample(String text) {
    return text + " " + special.mask;
  }

  @Override
  public void require(TokenIds tokens) {
    int masks = places(tokens).size();
    if (masks == 0) {
      throw Refusal.invalid(
          Item.FIELD,
          "No mask_token (%s) found on the input; accepted: a text that has %s within the limit"
              .formatted(special.mask, special.mask));
    }
    long bytes = (long) masks * form.count() * tokens.count() * TOKEN_BYTES;
    if (bytes > FillMask.BYTES_MAX) {
      throw Refusal.invalid(
          Item.FIELD,
          ("the text has %d tokens and %d masks: with %d sequences for each mask its answer would"
                  + " have about %d bytes; accepted: up to %d; lower top_k, or shorten the text")
              .formatted(tokens.count(), masks, form.count(), bytes, FillMask.BYTES_MAX));
    }
  }

  private List<Integer> places(TokenIds tokens) {
    List<Integer> places = new ArrayList<>(1);
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.ids()[i] == special.maskId) {
        places.add(i);
      }
    }
    return places;
  }

  @Override
  public List<Tensor> read(Tensor output, TokenIds tokens, TokenSpan span) {
    int size = Vectors.vocabulary(graphOutput, output, tokens.count());
    FloatBuffer logits = Vectors.view(output);
    List<Integer> places = places(tokens);
    Answers answers = new Answers(tokens, places.size() == 1);
    float[] row = new float[size];
    for (int place : places) {
      logits.get(place * size, row);
      answers.add(place, row);
    }
    return answers.tensors();
  }

  /// The answers of a text's masks.
  private final class Answers {
    private final TokenIds tokens;
    private final boolean only;
    private final List<Integer> ids = new ArrayList<>();
    private final List<Float> scores = new ArrayList<>();
    private final List<String> strings = new ArrayList<>();
    private final List<String> sequences = new ArrayList<>();
    private final List<Long> best = new ArrayList<>();

    /// @param only whether the text has one mask: only then special tokens are left out
    Answers(TokenIds tokens, boolean only) {
      this.tokens = tokens;
      this.only = only;
    }

    void add(int place, float[] logits) {
      double largest = Double.NEGATIVE_INFINITY;
      for (float logit : logits) {
        largest = Math.max(largest, logit);
      }
      double sum = 0;
      for (float logit : logits) {
        sum += Math.exp(logit - largest);
      }
      int[] top = top(logits);
      best.add((long) top[0]);
      for (int id : top) {
        ids.add(id);
        scores.add((float) (Math.exp(logits[id] - largest) / sum));
        strings.add(tokenizer.decodeKnown(new long[] {id}, false));
        sequences.add(tokenizer.decodeKnown(with(id, place), only));
      }
    }

    private long[] with(int id, int place) {
      long[] all = tokens.ids().clone();
      all[place] = id;
      return Arrays.stream(all).filter(token -> token != special.pad).toArray();
    }

    List<Tensor> tensors() {
      int masks = best.size();
      long[] shape = {masks, ids.size() / masks};
      float[] values = new float[scores.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = scores.get(i);
      }
      long[] filled = best.stream().mapToLong(Long::longValue).toArray();
      return List.of(
          Tensor.ofInts(
              ResultForm.TOKENS, shape, ids.stream().mapToInt(Integer::intValue).toArray()),
          Tensor.ofFloats(ResultForm.SCORES, shape, values),
          Tensor.ofStrings(ResultForm.STRINGS, shape, strings),
          Tensor.ofStrings(ResultForm.SEQUENCES, shape, sequences),
          Tensor.ofStrings(
              ResultForm.FILLED, new long[0], List.of(tokenizer.decodeKnown(filled, false))));
    }
  }

  private int[] top(float[] logits) {
    int[] best = new int[Math.min(form.count(), logits.length)];
    int count = 0;
    int candidates = form.targets().isEmpty() ? logits.length : form.targets().size();
    for (int i = 0; i < candidates; i++) {
      int id = form.targets().isEmpty() ? i : target(i, logits.length);
      if (count == best.length && !precedes(logits[id], logits[best[count - 1]])) {
        continue;
      }
      int at = count < best.length ? count++ : count - 1;
      while (at > 0 && precedes(logits[id], logits[best[at - 1]])) {
        best[at] = best[at - 1];
        at--;
      }
      best[at] = id;
    }
    return best;
  }

  /// Whether a logit is before another of a smaller id; NaN is the first, so that a score shows it.
  private static boolean precedes(float logit, float other) {
    return logit > other || (Float.isNaN(logit) && !Float.isNaN(other));
  }

  private int target(int index, int size) {
    int id = form.targets().get(index);
    if (id >= size) {
      throw Refusal.invalid(
          Item.FIELD, "the target token %d has no logit; the graph has %d".formatted(id, size));
    }
    return id;
  }
}
