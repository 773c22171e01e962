package dev.pilotlight.batch.s3;

import dev.pilotlight.support.Settings;

/// Which objects the state machine answers, and in which shards.
///
/// @param bytes a larger object is left to the state machine; 0 leaves none to it
/// @param shardLines the most lines of a shard
/// @param shardBytes about the most bytes of a shard: it ends with the line that reaches them
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
                "larger objects are left to the state machine, which answers their shards at the"
                    + " same time; 0 for none")
            .bytes(0, 0, 50_000_000_000_000L),
        s.of("BATCH_SHARD_LINES", "lines of one shard of an object for the state machine")
            .number(30_000, 1, 10_000_000),
        s.of("BATCH_SHARD_BYTES", "bytes of one shard of an object for the state machine")
            .bytes(64 * MIB, 1, 5_000_000_000L));
  }
}
