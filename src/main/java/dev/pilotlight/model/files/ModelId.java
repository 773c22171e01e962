package dev.pilotlight.model.files;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A model and one of its numeric versions, as the repository lists them.
public record ModelId(String name, long version) implements Comparable<ModelId> {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /// By name, of one name the highest version first.
  @Override
  public int compareTo(ModelId other) {
    int byName = name.compareTo(other.name);
    return byName != 0 ? byName : Long.compare(other.version, version);
  }

  // by hand: Java makes a record's own when it is first called, which a cold start can do without
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ModelId that && name.equals(that.name) && version == that.version;
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Long.hashCode(version);
  }

  @Override
  public String toString() {
    return name + " version " + version;
  }
}
