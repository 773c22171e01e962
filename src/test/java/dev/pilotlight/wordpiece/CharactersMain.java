package dev.pilotlight.wordpiece;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Writes [CharacterRuns], which [Characters] describes, by asking the tokenizers library. To be
/// run, with the tests' class path and 4 GB of heap, when another release of the library makes
/// `SameAsTheLibraryTest` fail.
public final class CharactersMain {
  private static final Path FILE =
      Path.of("src/main/java/dev/pilotlight/wordpiece/CharacterRuns.java");
  private static final int LINE = 92;
  // combining characters that the library does not take for marks, of different classes
  private static final int[] COMBINING = {0x302e, 0x1b44};

  private final Map<Integer, Integer> ranks = new TreeMap<>();
  private final List<Integer> starts = new ArrayList<>();
  private final List<Integer> kinds = new ArrayList<>();
  private final List<Integer> stripped = new ArrayList<>();
  private final List<Integer> lower = new ArrayList<>();
  private final List<Integer> sequences = new ArrayList<>();

  private CharactersMain() {}

  public static void main(String[] args) throws IOException {
    new CharactersMain().run();
  }

  private static Library library(boolean clean, boolean strip, boolean lower) {
    return new Library(
        Alphabet.json(new Rules.Normalization(clean, false, strip, lower), _ -> true));
  }

  private void run() throws IOException {
    try (Library plain = library(false, false, false);
        Library cleaning = library(true, false, false);
        Library stripping = library(false, true, false);
        Library lowering = library(false, false, true)) {
      rank(stripping);
      for (int point = 0x80; point <= Character.MAX_CODE_POINT; point++) {
        if (!Alphabet.isSurrogate(point)) {
          add(point, plain, cleaning, stripping, lowering);
        }
      }
    }
    Files.writeString(FILE, source(packed()));
    System.out.println(starts.size() + " runs");
  }

  private String packed() {
    StringBuilder packed = new StringBuilder();
    Packed.append(packed, sequences.size());
    sequences.forEach(value -> Packed.append(packed, value));
    Packed.append(packed, starts.size());
    int before = 0;
    for (int i = 0; i < starts.size(); i++) {
      Packed.append(packed, starts.get(i) - before);
      Packed.append(packed, kinds.get(i));
      Packed.appendSigned(packed, stripped.get(i));
      Packed.appendSigned(packed, lower.get(i));
      before = starts.get(i);
    }
    return packed.toString();
  }

  private static String source(String packed) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < packed.length(); i += LINE) {
      String line = packed.substring(i, Math.min(packed.length(), i + LINE));
      lines.append("      ").append(line).append("\\\n");
    }
    return """
    package dev.pilotlight.wordpiece;

    /// Written by `CharactersMain` in the test sources, not by hand.
    final class CharacterRuns {
      static final String PACKED =
          \"""
    %s      \""";

      private CharacterRuns() {}
    }
    """
        .formatted(lines);
  }

  private void add(
      int point, Library plain, Library cleaning, Library stripping, Library lowering) {
    int[] left = between(stripping, "a", point, "b");
    int kind = ranks.getOrDefault(point, 0) << Characters.RANK_SHIFT;
    int toStripped = 0;
    boolean space = Characters.isSpace(point);
    if (left.length == 0 && !space) {
      kind |= Characters.MARK | (isBreak(stripping, point) ? Characters.BREAK : 0);
    } else if (left.length == 1) {
      toStripped = left[0] - point;
    } else if (left.length > 1 && !Hangul.isSyllable(point)) {
      kind |= Characters.SEQUENCE;
      toStripped = sequences.size();
      sequences.add(left.length);
      Arrays.stream(left).forEach(sequences::add);
    }
    long[] cleaned = cleaning.ids(text("a", point, "b"));
    if (cleaned.length == 2 && !Alphabet.beginsWord(cleaned[1])) {
      kind |= Characters.REMOVED;
    }
    long[] parts = plain.ids(text("a", point, "b"));
    if (parts.length == 3 && Alphabet.beginsWord(parts[1])) {
      kind |= Characters.PUNCTUATION;
    }
    int[] low = between(lowering, "a", point, "b");
    add(point, kind, toStripped, low.length == 1 ? low[0] - point : 0);
  }

  private void add(int point, int kind, int toStripped, int toLower) {
    int last = starts.size() - 1;
    if (last < 0
        || kinds.get(last) != kind
        || stripped.get(last) != toStripped
        || lower.get(last) != toLower) {
      starts.add(point);
      kinds.add(kind);
      stripped.add(toStripped);
      lower.add(toLower);
    }
  }

  /// Combining characters that are not marks stay, and are put in order: by rank.
  private void rank(Library stripping) {
    TreeSet<Integer> combining = new TreeSet<>();
    for (int point = 0x80; point <= Character.MAX_CODE_POINT; point++) {
      for (int other : COMBINING) {
        if (!Alphabet.isSurrogate(point)
            && (isSwapped(stripping, point, other) || isSwapped(stripping, other, point))) {
          combining.add(point);
        }
      }
    }
    TreeMap<Long, List<Integer>> byLower = new TreeMap<>();
    for (int point : combining) {
      long lowerOnes = combining.stream().filter(o -> isSwapped(stripping, point, o)).count();
      byLower.computeIfAbsent(lowerOnes, _ -> new ArrayList<>()).add(point);
    }
    int rank = 1;
    for (List<Integer> points : byLower.values()) {
      for (int point : points) {
        ranks.put(point, rank);
      }
      rank++;
    }
  }

  private static boolean isSwapped(Library stripping, int first, int second) {
    int[] left = between(stripping, "a", first, Character.toString(second) + "b");
    return first != second && left.length == 2 && left[0] == second && left[1] == first;
  }

  private boolean isBreak(Library stripping, int point) {
    int lowest = byRank(1);
    int highest = byRank(ranks.values().stream().mapToInt(rank -> rank).max().orElseThrow());
    String before = "a" + Character.toString(highest);
    int[] left = between(stripping, before, point, Character.toString(lowest) + "b");
    return left[0] == highest;
  }

  private int byRank(int rank) {
    return ranks.entrySet().stream()
        .filter(entry -> entry.getValue() == rank)
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  private static String text(String before, int point, String after) {
    return before + Character.toString(point) + after;
  }

  /// The library's output between the first and the last character.
  private static int[] between(Library library, String before, int point, String after) {
    int[] all =
        Arrays.stream(library.ids(text(before, point, after)))
            .mapToInt(Alphabet::pointOf)
            .toArray();
    return Arrays.copyOfRange(all, 1, all.length - 1);
  }
}
