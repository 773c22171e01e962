package dev.pilotlight.protocol.door;

import dev.pilotlight.domain.Refusal;
import java.util.Optional;

/// Fields of a request that mean the same and must not differ.
public final class Agreement {
  private Agreement() {}

  /// Returns the value of a field.
  ///
  /// @param path of the field
  /// @param before the value that an earlier field of the same meaning had
  /// @throws Refusal INVALID if they differ, because no order of fields decides between them
  public static <T> Optional<T> of(String path, Optional<T> before, T value) {
    if (before.isPresent() && !before.get().equals(value)) {
      throw Refusal.invalid(
          path, path + " contradicts another field of the request; accepted: one of them");
    }
    return Optional.of(value);
  }
}
