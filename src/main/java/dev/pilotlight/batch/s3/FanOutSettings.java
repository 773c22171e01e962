package dev.pilotlight.batch.s3;

import dev.pilotlight.support.Settings;

/// Which objects the state machine answers, and in which shards.
///
/// @param bytes the state machine answers larger objects; 0 leaves it none
/// @param shardLines maximum lines of a shard
/// @param shardBytes a shard ends with the line that reaches this many bytes
public record FanOutSettings(long bytes, int shardLines, long shardBytes) {
  private static final long MIB = 1024 * 1024;

  /// Whether an object is so large that it is answered in shards.
  ///
  /// @param version with its size
  public boolean isAboveLimit(ObjectVersion version) {
    return bytes > 0 && version.size() > bytes;
  }

  static FanOutSettings from(Settings s) {
    return new FanOutSettings(
        s.of(
                "BATCH_FAN_OUT_BYTES",
                "the state machine answers larger objects in shards, several at once; 0 leaves it"
                    + " none")
            .bytes(0, 0, 50_000_000_000_000L),
        s.of("BATCH_SHARD_LINES", "maximum lines of a shard").number(30_000, 1, 10_000_000),
        s.of("BATCH_SHARD_BYTES", "a shard ends with the line that reaches this many bytes")
            .bytes(64 * MIB, 1, 5_000_000_000L));
  }
}
