package dev.pilotlight.support;

import java.util.HashMap;
import java.util.Map;

/// Environments for tests.
public final class TestSettings {
  private TestSettings() {}

  /// An environment of one variable a line, as `NAME=value`; it may be changed.
  public static Map<String, String> of(String lines) {
    Map<String, String> environment = new HashMap<>();
    for (String line : lines.lines().toList()) {
      int equals = line.indexOf('=');
      environment.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return environment;
  }

  /// Sets more variables.
  ///
  /// @param pairs names without the prefix, and values, in turn
  public static void put(Map<String, String> environment, String prefix, String... pairs) {
    for (int i = 0; i < pairs.length; i += 2) {
      environment.put(prefix + pairs[i], pairs[i + 1]);
    }
  }
}
