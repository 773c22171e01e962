package dev.pilotlight.protocol.door;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Finds the name that a caller may have meant: one that differs by one or two typos, or by the
/// separators of its words.
public final class NearMiss {
  private static final int LONG_NAME_CHARS = 6;
  private static final int SLIPS_LONG = 2;
  private static final int SLIPS_SHORT = 1;

  private NearMiss() {}

  public static Optional<String> of(String name, Collection<String> known) {
    String bare = bare(name);
    return known.stream()
        .filter(candidate -> isNear(bare, bare(candidate)))
        .min(Comparator.comparingInt(candidate -> distance(bare, bare(candidate))));
  }

  private static String bare(String name) {
    return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  private static boolean isNear(String name, String known) {
    int slips = known.length() < LONG_NAME_CHARS ? SLIPS_SHORT : SLIPS_LONG;
    return Math.abs(name.length() - known.length()) <= slips && distance(name, known) <= slips;
  }

  /// Characters inserted, deleted or replaced, and neighbours swapped (optimal string alignment).
  private static int distance(String a, String b) {
    int[][] costs = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        costs[i][j] = i == 0 || j == 0 ? i + j : cost(costs, a, i, b, j);
      }
    }
    return costs[a.length()][b.length()];
  }

  private static int cost(int[][] costs, String a, int i, String b, int j) {
    int replaced = costs[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replaced, 1 + Math.min(costs[i - 1][j], costs[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, costs[i - 2][j - 2] + 1) : best;
  }
}
