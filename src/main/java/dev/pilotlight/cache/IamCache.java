package dev.pilotlight.cache;

import dev.pilotlight.support.Settings;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The ElastiCache cache whose users authenticate by IAM.
///
/// @param serverless else a replication group, that is a cache of nodes
/// @param name of the serverless cache, or the replication group's id; in lower case, as signed
public record IamCache(boolean serverless, String name) {
  private static final String OFF = "off";
  private static final String ACCEPTED = "off, serverless:<cache name>, replication-group:<id>";
  private static final Pattern FORM =
      Pattern.compile("(serverless|replication-group):([A-Za-z][A-Za-z0-9-]{0,39})");

  /// Empty when `PILOTLIGHT_REDIS_IAM` is `off`.
  static Optional<IamCache> from(Settings s) {
    String value =
        s.of(
                "REDIS_IAM",
                "the ElastiCache cache where that user authenticates by IAM; needs TLS,"
                    + " and no password")
            .text(OFF, ACCEPTED);
    if (value.equals(OFF)) {
      return Optional.empty();
    }
    Matcher parts = FORM.matcher(value);
    if (!parts.matches()) {
      throw Settings.wrong("REDIS_IAM", value, ACCEPTED);
    }
    return Optional.of(
        new IamCache(parts.group(1).equals("serverless"), parts.group(2).toLowerCase(Locale.ROOT)));
  }

  /// Rejects settings that conflict with IAM, which would fail at every connection.
  static void check(boolean tls, String user, String password) {
    if (!tls) {
      throw wrong("needs TLS: %1$sREDIS must begin with rediss:// or rediss+cluster://");
    }
    if (user.isEmpty()) {
      throw wrong("needs %1$sREDIS_USER, the id of an ElastiCache user with IAM authentication");
    }
    if (!password.isEmpty()) {
      throw wrong("generates the passwords: unset %1$sREDIS_PASSWORD");
    }
  }

  private static IllegalArgumentException wrong(String problem) {
    return new IllegalArgumentException(("%1$sREDIS_IAM " + problem).formatted(Settings.PREFIX));
  }
}
