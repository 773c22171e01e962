package dev.pilotlight.handler.forms;

import dev.pilotlight.model.forms.MaskGraphs;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// The logits of the toy models in order.
final class MaskFormulas {
  private MaskFormulas() {}

  static List<Integer> best(long[] ids, int mask, int vocabulary) {
    return order(ids, place(ids, mask), all(vocabulary));
  }

  static List<Integer> all(int vocabulary) {
    return IntStream.range(0, vocabulary).boxed().toList();
  }

  static List<Integer> order(long[] ids, int place, List<Integer> tokens) {
    return tokens.stream()
        .sorted(
            Comparator.<Integer>comparingDouble(id -> -MaskGraphs.logit(ids, place, id))
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  static int place(long[] ids, int mask) {
    return IntStream.range(0, ids.length).filter(i -> ids[i] == mask).findFirst().orElseThrow();
  }
}
