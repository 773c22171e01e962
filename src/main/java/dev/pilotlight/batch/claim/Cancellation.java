package dev.pilotlight.batch.claim;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.store.Attributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Requests to cancel batches, as rows of the results table. The owner of a batch reads its row
/// between windows, and ends the batch if it is there. Thread-safe. The attributes of a row:
///
/// | attribute | |
/// |---|---|
/// | `pk` S | `cancel#` and the batch's id |
/// | `requested` N | versions that were put until then are cancelled; in ms since 1970 |
/// | `expires_at` N | seconds since 1970; the table's TTL attribute |
///
/// A version that is put later is another batch, which the row does not cancel.
public final class Cancellation {
  /// The attribute with the time until which versions are cancelled, in ms since 1970.
  public static final String REQUESTED = "requested";

  /// How long a row is kept: 14 days, in which an event may wait for its function, and 30, in which
  /// the batch may wait for its turn with the default of `PILOTLIGHT_RESULT_TTL_SECONDS`.
  static final Duration KEPT = Duration.ofDays(45);

  private static final String EXPIRES = "expires_at";
  private static final String KEY_PREFIX = "cancel#";

  private final JobTable table;
  private final InstantSource clock;

  /// @param client makes the client at the first call
  /// @param table of the results
  public Cancellation(Supplier<DynamoDbClient> client, String table, InstantSource clock) {
    this.table = new JobTable(client, table);
    this.clock = clock;
  }

  /// Cancels the batches of all versions of an object that were put up to a time. May be repeated;
  /// a finished batch stays as it is.
  ///
  /// @param batchId [ObjectVersion#batchId()]
  /// @param until by the clock of S3
  /// @throws dev.pilotlight.batch.s3.BatchException.Unavailable if DynamoDB fails or times out
  public void request(String batchId, Instant until, Retries retries) {
    Map<String, AttributeValue> item = new HashMap<>();
    row(batchId, until, clock.instant()).forEach((name, value) -> item.put(name, attribute(value)));
    table.put("cancel a batch", item, retries);
  }

  /// The attributes of the row that cancels a batch: texts and longs.
  ///
  /// @param until versions that were put until then are cancelled, by the clock of S3
  /// @param now from which the row is kept
  public static Map<String, Object> row(String batchId, Instant until, Instant now) {
    return Map.of(
        JobItem.KEY,
        rowKey(batchId),
        REQUESTED,
        until.toEpochMilli(),
        EXPIRES,
        now.plus(KEPT).getEpochSecond());
  }

  private static AttributeValue attribute(Object value) {
    return value instanceof Long number ? fromN(number.toString()) : fromS(value.toString());
  }

  /// Whether a row cancels the batch of a version; by one strongly consistent read.
  ///
  /// @param version with its time of modification
  /// @throws dev.pilotlight.batch.s3.BatchException.Unavailable if DynamoDB fails or times out
  /// @throws IllegalStateException if the row has no valid time: it must not count as none
  public boolean isRequested(ObjectVersion version, Retries retries) {
    Map<String, AttributeValue> key = Map.of(JobItem.KEY, fromS(rowKey(version.batchId())));
    Map<String, AttributeValue> row = table.get("read a cancellation", key, retries);
    return !row.isEmpty() && version.modifiedMillis() <= Attributes.whole(row, REQUESTED);
  }

  /// The `pk` of the row of a batch.
  public static String rowKey(String batchId) {
    return KEY_PREFIX + batchId;
  }
}
