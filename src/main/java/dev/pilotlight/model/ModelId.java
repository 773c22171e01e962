package dev.pilotlight.model;

import java.util.Comparator;
import java.util.regex.Pattern;

/// A model and one of its numeric versions, as the repository lists them.
record ModelId(String name, long version) implements Comparable<ModelId> {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  // one spelling per number, so that no two directories are the same version; as in Triton, and
  // as the routes take it, none starts with 0
  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");
  private static final Comparator<ModelId> ORDER =
      Comparator.comparing(ModelId::name)
          .thenComparing(ModelId::version, Comparator.reverseOrder());

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  static boolean isVersion(String version) {
    return VERSION.matcher(version).matches();
  }

  /// By name, of one name the highest version first.
  @Override
  public int compareTo(ModelId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return name + " version " + version;
  }
}
