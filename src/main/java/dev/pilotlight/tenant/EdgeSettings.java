package dev.pilotlight.tenant;

import dev.pilotlight.support.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The settings for a CloudFront distribution before the API.
///
/// @param secrets one or two texts; a request that has none of them is refused
/// @param results how long the distribution may cache an answer
public record EdgeSettings(List<String> secrets, Duration results) {
  private static final String NAME = "EDGE_SECRETS";
  private static final String ACCEPTED =
      "one or two secrets of 32 to 128 letters and digits, separated by a comma";
  private static final int SECRETS_MAX = 2;
  private static final String SECRET = "[A-Za-z0-9]{32,128}";
  private static final int RESULTS_SECONDS = 300;
  private static final int RESULTS_SECONDS_MAX = 86_400;

  public EdgeSettings {
    secrets = List.copyOf(secrets);
  }

  /// Reads the settings.
  ///
  /// @return null without a distribution
  /// @throws IllegalArgumentException naming the setting that is wrong, without its value
  static @Nullable EdgeSettings from(Settings settings) {
    String text =
        settings
            .of(
                NAME,
                "the secrets of the CloudFront distribution before the API; if there are any, the"
                    + " function refuses requests with none of them. Two are valid during a"
                    + " rotation")
            .text("", ACCEPTED);
    Settings.Setting seconds =
        settings.of(
            "EDGE_SECONDS",
            "how long the distribution may answer with a result that it has; lists and"
                + " descriptions of models for a minute at most. Only together with"
                + " `PILOTLIGHT_EDGE_SECRETS`");
    Duration results = seconds.seconds(RESULTS_SECONDS, 1, RESULTS_SECONDS_MAX);
    if (text.isEmpty()) {
      if (seconds.isSet()) {
        throw new IllegalArgumentException(
            "PILOTLIGHT_EDGE_SECONDS is set without PILOTLIGHT_EDGE_SECRETS; accepted: both, or no"
                + " seconds");
      }
      return null;
    }
    List<String> secrets = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String secret = part.strip();
      if (!secret.matches(SECRET) || secrets.size() == SECRETS_MAX) {
        throw new IllegalArgumentException("PILOTLIGHT_" + NAME + " is not " + ACCEPTED);
      }
      secrets.add(secret);
    }
    return new EdgeSettings(secrets, results);
  }

  /// The secrets are not shown.
  @Override
  public String toString() {
    return "EdgeSettings[secrets=%d, results=%s]".formatted(secrets.size(), results);
  }
}
