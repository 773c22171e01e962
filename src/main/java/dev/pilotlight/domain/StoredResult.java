package dev.pilotlight.domain;

import java.time.Duration;
import java.time.Instant;

/// A result in the store: the encoded [Result], bit for bit, with its tenant and model.
///
/// @param value [ResultCodec] bytes; callers do not change them
/// @param created when it was first stored, to the second
/// @param timeToLive how long it is kept after that
@SuppressWarnings("ArrayRecordComponent") // never compared
public record StoredResult(
    ResultKey key,
    String tenant,
    String model,
    String version,
    byte[] value,
    Instant created,
    Duration timeToLive) {

  /// Returns the form for the caches.
  public CachedResult cached() {
    return new CachedResult(value, created.plus(timeToLive));
  }
}
