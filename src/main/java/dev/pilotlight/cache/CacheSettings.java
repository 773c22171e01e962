package dev.pilotlight.cache;

import dev.pilotlight.support.Settings;
import java.time.Duration;
import java.util.Optional;

/// Limits of the caches.
///
/// @param memoryBytesMax limit of the memory tier; 0 switches it off
/// @param timeToLive how long memory and Redis keep a result, unless the model has its own time
/// @param redis empty if it is off
public record CacheSettings(
    long memoryBytesMax, Duration timeToLive, Optional<RedisSettings> redis) {

  public static CacheSettings from(Settings s) {
    return new CacheSettings(
        s.of(
                "MEMORY_CACHE_BYTES",
                "size of the memory tier in each environment, with overhead; 0 switches it off")
            .bytes(33_554_432, 0, 8_589_934_592L),
        s.of(
                "CACHE_TTL_SECONDS",
                "how long memory and Redis keep a result, unless its model sets another time")
            .seconds(86_400, 1, 31_536_000),
        RedisSettings.from(s));
  }
}
