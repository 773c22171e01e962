package dev.pilotlight.cache;

import dev.pilotlight.domain.CachedResult;
import dev.pilotlight.domain.ResultKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

/// Writes and reads a value in Redis. Its bytes, in order:
///
/// ```
/// result      ResultCodec's bytes
/// expires_at  8 bytes, seconds since 1970: the time when the store drops it
/// id          43 bytes, the result's id
/// ```
///
/// The id binds a value to its key: a reply that reaches the wrong request would pass the result's
/// checksum.
final class RedisValue {
  private static final byte[] PREFIX = "pl:".getBytes(StandardCharsets.US_ASCII);
  private static final int ID_BYTES = 43;
  private static final int TRAILER_BYTES = Long.BYTES + ID_BYTES;

  private RedisValue() {}

  /// The key in Redis.
  static byte[] name(ResultKey key) {
    return name(key.id());
  }

  /// The name of a key after the prefix of all.
  static byte[] name(String key) {
    byte[] rest = key.getBytes(StandardCharsets.UTF_8);
    byte[] name = new byte[PREFIX.length + rest.length];
    System.arraycopy(PREFIX, 0, name, 0, PREFIX.length);
    System.arraycopy(rest, 0, name, PREFIX.length, rest.length);
    return name;
  }

  static byte[] of(byte[] name, CachedResult result) {
    return ByteBuffer.allocate(result.value().length + TRAILER_BYTES)
        .put(result.value())
        .putLong(result.expires().getEpochSecond())
        .put(name, PREFIX.length, ID_BYTES)
        .array();
  }

  /// Null if the value belongs to another key, or has another form.
  static @Nullable CachedResult read(ResultKey key, byte[] kept) {
    int end = kept.length - TRAILER_BYTES;
    if (end < 0 || !hasId(key.id(), kept)) {
      return null;
    }
    long seconds = ByteBuffer.wrap(kept).getLong(end);
    // Instant has no later time
    return seconds < 0 || seconds > Instant.MAX.getEpochSecond()
        ? null
        : new CachedResult(Arrays.copyOf(kept, end), Instant.ofEpochSecond(seconds));
  }

  private static boolean hasId(String id, byte[] kept) {
    int start = kept.length - ID_BYTES;
    for (int i = 0; i < ID_BYTES; i++) {
      if (kept[start + i] != id.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// @param resultBytesMax of the result alone
  static long bytesMax(long resultBytesMax) {
    return resultBytesMax + TRAILER_BYTES;
  }

  /// The commands that write results, except those over the size limit or about to expire.
  static List<CommandArguments> writes(
      List<ResultKey> keys,
      Map<ResultKey, CachedResult> results,
      Duration longest,
      long valueBytesMax) {
    List<CommandArguments> sets = new ArrayList<>(keys.size());
    for (ResultKey key : keys) {
      CachedResult result = Objects.requireNonNull(results.get(key));
      long seconds = seconds(result, longest);
      if (seconds > 0 && result.value().length <= valueBytesMax) {
        byte[] name = name(key);
        sets.add(
            new CommandArguments(Protocol.Command.SETEX)
                .add(name)
                .add(seconds)
                .add(of(name, result)));
      }
    }
    return sets;
  }

  /// Never longer than the store keeps the result.
  private static long seconds(CachedResult result, Duration longest) {
    long left = result.timeToLive(Duration.ofSeconds(Long.MAX_VALUE)).toSeconds();
    return Math.min(left, Math.max(1, longest.toSeconds()));
  }
}
