package dev.pilotlight.e2e;

import dev.pilotlight.suite.leaks.Planted;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Made-up texts, the same for the same seed. Each has the planted word, so that one in a log is
/// found.
public final class Texts {
  private static final List<String> WORDS =
      List.of(
          "river", "stone", "market", "late", "signal", "Über", "naïve", "paper", "garden", "seven",
          "copper", "window", "silent", "harbour", "train", "music", "東京", "winter", "glass",
          "open", "learn", "bridge", "🚀", "quiet", "orange", "north", "letter", "engine", "cloud",
          "salt");

  private Texts() {}

  /// `count` different texts of 1 to `wordsMax` words.
  public static List<String> of(long seed, int count, int wordsMax) {
    Random random = new Random(seed);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                "text "
                    + seed
                    + "."
                    + i
                    + " "
                    + Planted.TEXT
                    + " "
                    + words(random, 1 + random.nextInt(wordsMax)))
        .toList();
  }

  private static String words(Random random, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> WORDS.get(random.nextInt(WORDS.size())))
        .collect(Collectors.joining(" "));
  }
}
