package dev.pilotlight.domain;

import java.time.Duration;
import java.time.Instant;

/// A result as it is kept: the encoded [Result], bit for bit, and what it is of.
///
/// @param value [ResultCodec] bytes; callers do not change them
/// @param created when it was first stored, to the second
/// @param timeToLive how long it is kept from then on
@SuppressWarnings("ArrayRecordComponent") // never compared: the key says what it is
public record StoredResult(
    ResultKey key,
    String tenant,
    String model,
    String version,
    byte[] value,
    Instant created,
    Duration timeToLive) {

  /// As the caches keep it.
  public CachedResult cached() {
    return new CachedResult(value, created.plus(timeToLive));
  }
}
