package dev.pilotlight.store.direct;

import org.jspecify.annotations.Nullable;

/// AWS credentials.
///
/// @param token of a session; null for credentials of a user
public record Credentials(String id, String secret, @Nullable String token) {
  /// Does not show the secret.
  @Override
  public String toString() {
    return "Credentials of " + id;
  }
}
