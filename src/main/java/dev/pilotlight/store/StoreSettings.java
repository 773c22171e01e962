package dev.pilotlight.store;

import dev.pilotlight.store.ResultStore.Policy;
import dev.pilotlight.support.Settings;
import java.time.Duration;
import java.util.Optional;

/// The settings of the result store.
///
/// @param largeBucket the S3 bucket for values that are too large for an item
/// @param timeToLive of results whose model declares none
/// @param itemBytesMax larger values go to the bucket; DynamoDB allows 400 KB for a whole item
/// @param attempt the time-out of one attempt to connect to DynamoDB, or of one answer
/// @param read the budget of a look-up with its retries, for every 100 keys
/// @param write the budget of a write with its retries, for every 100 results
/// @param probe the interval between probes after DynamoDB failed
/// @param client who makes the calls of the inference path
public record StoreSettings(
    Policy policy,
    String table,
    Optional<String> largeBucket,
    Duration timeToLive,
    int itemBytesMax,
    Duration attempt,
    Duration read,
    Duration write,
    Duration probe,
    Client client) {

  /// The client that makes the calls of the inference path.
  public enum Client {
    /// Pilotlight itself; the SDK repeats those that fail.
    DIRECT,
    /// The AWS SDK, all of them.
    SDK
  }

  private static final Duration BATCHES_REMEMBERED = Duration.ofDays(14);

  /// How long a batch's state is kept: longer than any event waits, so that no late duplicate
  /// begins a finished batch again.
  public Duration batchesRemembered() {
    return timeToLive.compareTo(BATCHES_REMEMBERED) > 0 ? timeToLive : BATCHES_REMEMBERED;
  }

  public static StoreSettings from(Settings s) {
    Policy policy =
        s.of(
                "STORE",
                "required answers 503 if it cannot store a result, best-effort answers"
                    + " anyway, off stores nothing")
            .oneOf(Policy.REQUIRED);
    String table =
        s.of("TABLE", "the table of results").text("pilotlight-results", "a DynamoDB table's name");
    String bucket =
        s.of("LARGE_BUCKET", "S3 bucket for results over the item limit")
            .text("", "an S3 bucket's name");
    return new StoreSettings(
        policy,
        table,
        bucket.isEmpty() ? Optional.empty() : Optional.of(bucket),
        s.of(
                "RESULT_TTL_SECONDS",
                "how long DynamoDB keeps a result, unless its model sets another time")
            .seconds(2_592_000, 60, 315_360_000),
        (int)
            s.of("STORE_ITEM_BYTES", "the item limit: larger results go to the bucket")
                .bytes(358_400, 0, 390_000),
        s.of("STORE_ATTEMPT_MS", "timeout of one attempt of one DynamoDB call")
            .millis(1_000, 10, 60_000),
        s.of("STORE_READ_MS", "time limit of one look-up with its retries, per started 100 keys")
            .millis(2_000, 10, 300_000),
        s.of("STORE_WRITE_MS", "time limit of one write with its retries, per started 100 results")
            .millis(5_000, 10, 300_000),
        s.of("STORE_PROBE_MS", "pause between probes of a failed DynamoDB")
            .millis(1_000, 10, 60_000),
        s.of(
                "DYNAMODB_CLIENT",
                "direct sends look-ups and writes itself and leaves those that fail to the AWS SDK,"
                    + " sdk leaves all to the AWS SDK")
            .oneOf(Client.DIRECT));
  }
}
