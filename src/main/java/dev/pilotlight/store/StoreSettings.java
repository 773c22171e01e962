package dev.pilotlight.store;

import dev.pilotlight.store.ResultStore.Policy;
import dev.pilotlight.support.Settings;
import java.time.Duration;
import java.util.Optional;

/// Where results are kept, for how long, and how long that may take.
///
/// @param largeBucket for values that are too large for an item
/// @param timeToLive unless the model says otherwise
/// @param itemBytesMax larger values go to the bucket; an item may have 400 KB with everything
/// @param attempt for connecting, and for one answer of DynamoDB
/// @param read for one look-up with its retries, per begun 100 keys
/// @param write for one write with its retries, per begun 100 results
/// @param probe between attempts to reach DynamoDB after it failed
public record StoreSettings(
    Policy policy,
    String table,
    Optional<String> largeBucket,
    Duration timeToLive,
    int itemBytesMax,
    Duration attempt,
    Duration read,
    Duration write,
    Duration probe) {

  public static StoreSettings from(Settings s) {
    Policy policy =
        s.oneOf(
            "STORE",
            Policy.REQUIRED,
            "required answers 503 if it cannot store a result, best-effort answers anyway,"
                + " off stores nothing");
    String table =
        s.text("TABLE", "pilotlight-results", "a DynamoDB table's name", "the table of results");
    String bucket =
        s.text(
            "LARGE_BUCKET", "", "an S3 bucket's name", "S3 bucket for results over the item limit");
    return new StoreSettings(
        policy,
        table,
        bucket.isEmpty() ? Optional.empty() : Optional.of(bucket),
        s.seconds(
            "RESULT_TTL_SECONDS",
            2_592_000,
            60,
            315_360_000,
            "how long DynamoDB keeps a result, unless its model sets another time"),
        (int)
            s.bytes(
                "STORE_ITEM_BYTES",
                358_400,
                0,
                390_000,
                "the item limit: larger results go to the bucket"),
        s.millis(
            "STORE_ATTEMPT_MS", 1_000, 10, 60_000, "timeout of one attempt of one DynamoDB call"),
        s.millis(
            "STORE_READ_MS",
            2_000,
            10,
            300_000,
            "time limit of one look-up with its retries, per started 100 keys"),
        s.millis(
            "STORE_WRITE_MS",
            5_000,
            10,
            300_000,
            "time limit of one write with its retries, per started 100 results"),
        s.millis("STORE_PROBE_MS", 1_000, 10, 60_000, "pause between probes of a failed DynamoDB"));
  }
}
