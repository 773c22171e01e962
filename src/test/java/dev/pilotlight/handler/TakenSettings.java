package dev.pilotlight.handler;

import dev.pilotlight.support.Settings;
import java.util.List;
import java.util.Map;

/// Reads the settings of an environment, for tests of other packages.
public final class TakenSettings {
  private TakenSettings() {}

  /// Reads the environment as a function does at its start.
  ///
  /// @return the settings that are known
  /// @throws IllegalArgumentException naming a setting that is unknown or wrong
  public static List<Settings.Entry> of(Map<String, String> environment) {
    Settings settings = new Settings(environment);
    AppSettings.from(settings);
    return settings.catalogue();
  }
}
