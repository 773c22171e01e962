package dev.pilotlight.cli.quantize;

import dev.pilotlight.domain.Item;
import dev.pilotlight.model.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The time that a text takes, before and after.
///
/// @param tokens of the text, special tokens included
/// @param originalNanos the median of several runs
/// @param quantisedNanos the median of as many runs, in turn with the others
public record Speed(int tokens, long originalNanos, long quantisedNanos) {
  private static final List<Integer> WORDS = List.of(8, 32, 128);
  private static final int WARM_UPS = 2;
  private static final int ROUNDS_MIN = 5;
  private static final int ROUNDS_MAX = 101;
  private static final long NANOS_MAX = 1_500_000_000L;

  /// How many times as fast it is.
  public double factor() {
    return (double) originalNanos / quantisedNanos;
  }

  /// Times both models on texts of some lengths; one that both truncate to the same tokens is left
  /// out.
  static List<Speed> measure(Model original, Model quantised) {
    List<String> words =
        SampleTexts.ALL.stream().flatMap(text -> Arrays.stream(text.split(" ", -1))).toList();
    List<Speed> speeds = new ArrayList<>();
    for (int length : WORDS) {
      String text = String.join(" ", words.subList(0, length));
      Speed speed = measure(original, quantised, new Item.Text(text, true));
      if (speeds.isEmpty() || speeds.getLast().tokens != speed.tokens) {
        speeds.add(speed);
      }
    }
    return speeds;
  }

  private static Speed measure(Model original, Model quantised, Item.Text text) {
    for (int i = 0; i < WARM_UPS; i++) {
      time(original, text);
      time(quantised, text);
    }
    List<Long> before = new ArrayList<>();
    List<Long> after = new ArrayList<>();
    long begun = System.nanoTime();
    while (before.size() < ROUNDS_MIN
        || (before.size() < ROUNDS_MAX && System.nanoTime() - begun < NANOS_MAX)) {
      before.add(time(original, text));
      after.add(time(quantised, text));
    }
    return new Speed(original.run(text).tokens(), median(before), median(after));
  }

  private static long time(Model model, Item.Text text) {
    long begun = System.nanoTime();
    var _ = model.run(text);
    return System.nanoTime() - begun;
  }

  private static long median(List<Long> nanos) {
    return nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow();
  }
}
