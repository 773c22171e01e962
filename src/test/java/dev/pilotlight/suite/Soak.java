package dev.pilotlight.suite;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The long form of a test: `mvn verify -Psoak` runs every case, `mvn verify` at least one of each
/// kind.
public final class Soak {
  private static final boolean ON = Boolean.getBoolean("pilotlight.soak");

  private Soak() {}

  /// Whether the long form runs.
  public static boolean isOn() {
    return ON;
  }

  /// Whether tests of faults run that `mvn verify` leaves to `mvn -Pfaults`.
  public static boolean orFaults() {
    return ON || System.getProperty("faults.seconds") != null;
  }

  /// How many, or for how long.
  public static int amount(int inVerify, int inSoak) {
    return ON ? inSoak : inVerify;
  }

  /// All cases in the long form, else the first of each kind, in their order.
  public static <T> List<T> cases(List<T> all, Function<T, ?> kind) {
    if (ON) {
      return all;
    }
    return List.copyOf(
        all.stream()
            .collect(Collectors.toMap(kind, one -> one, (first, _) -> first, LinkedHashMap::new))
            .values());
  }
}
