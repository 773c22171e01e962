package dev.pilotlight.domain;

import java.time.Duration;
import java.time.Instant;

/// A result in a cache.
///
/// @param value [ResultCodec] bytes; callers do not change them
/// @param expires when it expires in the store, to the second; no cache keeps it longer
@SuppressWarnings("ArrayRecordComponent") // never compared
public record CachedResult(byte[] value, Instant expires) {

  /// How long a cache may keep it from now on; zero or less for an expired result.
  public Duration timeToLive(Duration longest) {
    Duration left = Duration.between(Instant.now(), expires);
    return left.compareTo(longest) < 0 ? left : longest;
  }
}
