package dev.pilotlight.local;

import dev.pilotlight.local.support.Option;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The `-D` options of Maven's command line. Maven silently ignores a mistyped one.
public final class GivenOptions {
  /// The property with all of them, as Java writes a map; `pom.xml` passes it on.
  static final String ALL = "pilotlight.given";

  private static final Pattern NAME = Pattern.compile("(?:\\{|, )([A-Za-z][A-Za-z0-9._-]*)=");

  /// Names that the build reads, not the local runner.
  private static final List<String> OF_THE_BUILD = List.of("pilotlight.architecture");

  /// A name with more wrong letters is not a typing error.
  private static final int SLIP_MAX = 2;

  private GivenOptions() {}

  /// Refuses a name that is almost an option of the local runner.
  ///
  /// @throws IllegalArgumentException in one clear line that names the nearest one
  static void refuseUnknown(Properties given) {
    List<String> known = new ArrayList<>(OF_THE_BUILD);
    for (Option option : Option.values()) {
      known.add(option.optionName());
    }
    refuseUnknown(given, List.of("pilotlight.", "batch."), known);
  }

  /// Refuses a name that is almost one of the given options.
  ///
  /// @param prefixes of names that no other part reads
  /// @param known the names that are read
  /// @throws IllegalArgumentException in one clear line that names the nearest one
  public static void refuseUnknown(
      Properties given, Collection<String> prefixes, Collection<String> known) {
    Matcher names = NAME.matcher(given.getProperty(ALL, ""));
    while (names.find()) {
      String name = names.group(1);
      String nearest = nearest(name, prefixes, known);
      boolean meant =
          prefixes.stream().anyMatch(name::startsWith)
              || nearest.endsWith("." + name)
              || distance(name, nearest) <= SLIP_MAX;
      if (meant && !known.contains(name)) {
        throw new IllegalArgumentException(
            "-D%s is not an option; did you mean -D%s? Options: %s"
                .formatted(name, nearest, String.join(", ", known)));
      }
    }
  }

  private static String nearest(
      String name, Collection<String> prefixes, Collection<String> known) {
    return prefixes.stream()
        .map(prefix -> prefix + name)
        .filter(known::contains)
        .findFirst()
        .orElseGet(
            () ->
                known.stream()
                    .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                    .orElseThrow());
  }

  /// The edit distance: how many letters must be changed, added or left out.
  private static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(changed, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[b.length()];
  }
}
