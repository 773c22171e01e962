package dev.pilotlight.domain;

import java.time.Duration;
import java.time.Instant;

/// A result as the caches keep it.
///
/// @param value [ResultCodec] bytes; callers do not change them
/// @param expires when the store forgets it, to the second; no cache keeps it longer
@SuppressWarnings("ArrayRecordComponent") // never compared
public record CachedResult(byte[] value, Instant expires) {

  /// How long a cache may keep it from now on: zero or less if not at all.
  public Duration timeToLive(Duration longest) {
    Duration left = Duration.between(Instant.now(), expires);
    return left.compareTo(longest) < 0 ? left : longest;
  }
}
