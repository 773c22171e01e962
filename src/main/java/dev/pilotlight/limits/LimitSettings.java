package dev.pilotlight.limits;

import dev.pilotlight.support.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// The settings of limits.
///
/// @param plans empty if nothing is limited; else a file, the JSON itself, or [#STANDARD]
/// @param environments by which each rate is divided while Redis does not keep it
/// @param operator the tenant whose keys read the usage of all; empty for none
/// @param period after which counters are written, and a tenant's month is read again
public record LimitSettings(String plans, int environments, String operator, Duration period) {
  private static final String OFF = "off";
  private static final String STANDARD = "default";
  private static final String NAME = Settings.PREFIX + "PLANS";
  private static final String RESOURCE = "plans.json";

  /// Reads the settings.
  public static LimitSettings from(Settings settings) {
    String plans =
        settings
            .of(
                "PLANS",
                "what each plan of a tenant may use (docs/limits.md): `default` has the plans"
                    + " `free`, `pro` and `unlimited`")
            .text(OFF, "off, default, a file of plans, or its JSON");
    return new LimitSettings(
        plans.equals(OFF) || plans.isEmpty() ? "" : plans,
        settings
            .of(
                "LIMITS_ENVIRONMENTS",
                "how many environments serve at most: while no Redis keeps the rates of plans,"
                    + " each environment admits one share")
            .number(10, 1, 10_000),
        settings
            .of(
                "OPERATOR_TENANT",
                "the tenant whose keys read the usage of all tenants, by OpenAI's usage route")
            .text("", "a tenant's name in keys"),
        Duration.ofSeconds(
            settings
                .of(
                    "USAGE_SECONDS",
                    "after how long an environment writes a tenant's counters, and reads the sums"
                        + " of its month again (docs/limits.md)")
                .number(60, 1, 300)));
  }

  /// Fails if anything is set, because no key identifies a tenant.
  ///
  /// @throws IllegalArgumentException naming the setting
  public void requireOff() {
    if (areOn() || !operator.isEmpty()) {
      throw new IllegalArgumentException(
          Settings.PREFIX
              + (areOn() ? "PLANS" : "OPERATOR_TENANT")
              + " is set, but only API keys identify tenants here; accepted with it:"
              + " PILOTLIGHT_AUTH=keys");
    }
  }

  /// Whether plans limit tenants.
  public boolean areOn() {
    return !plans.isEmpty();
  }

  /// Reads the plans.
  ///
  /// @throws IllegalArgumentException if they cannot be read
  Plans read() {
    if (plans.startsWith("{")) {
      return Plans.read(plans.getBytes(StandardCharsets.UTF_8), NAME);
    }
    try {
      return plans.equals(STANDARD)
          ? Plans.read(standard(), "the package's " + RESOURCE)
          : Plans.read(Files.readAllBytes(Path.of(plans)), plans);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          NAME + " is '" + plans + "', and that file cannot be read", e);
    }
  }

  private static byte[] standard() throws IOException {
    try (InputStream in = LimitSettings.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the package has no " + RESOURCE);
      }
      return in.readAllBytes();
    }
  }
}
