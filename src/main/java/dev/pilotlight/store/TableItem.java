package dev.pilotlight.store;

import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One item of the table. The attributes:
///
/// | attribute | |
/// |---|---|
/// | `pk` S | the result's id |
/// | `value` B | the encoded result, unless it is in S3 |
/// | `s3_key` S, `bytes` N, `sha256` B | the object in S3, its length and its digest |
/// | `tenant`, `model`, `version` S | tenant and model of the result |
/// | `created`, `expires_at` N | seconds since 1970; `expires_at` is the table's TTL attribute |
///
/// @param value not copied; null if the item has none
/// @param pointer null if the item has none
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TableItem(
    ResultKey key,
    String tenant,
    String model,
    String version,
    long created,
    long expires,
    byte @Nullable [] value,
    @Nullable Pointer pointer) {
  public static final String KEY = "pk";
  public static final String VALUE = "value";
  public static final String S3_KEY = "s3_key";
  public static final String BYTES = "bytes";
  public static final String SHA_256 = "sha256";
  public static final String TENANT = "tenant";
  public static final String MODEL = "model";
  public static final String VERSION = "version";
  public static final String CREATED = "created";
  public static final String EXPIRES = "expires_at";

  /// The condition of [DynamoCalls#putIfAbsent]; DynamoDB deletes expired items days late.
  public static final String ABSENT_OR_EXPIRED =
      "attribute_not_exists(" + KEY + ") OR " + EXPIRES + " <= :now";

  /// The condition of [DynamoCalls#putRefused].
  public static final String EXISTS = "attribute_exists(" + KEY + ")";

  /// @param large the value's object in S3; null if the value is in the item
  static TableItem of(StoredResult result, @Nullable Pointer large) {
    long created = result.created().getEpochSecond();
    return new TableItem(
        result.key(),
        result.tenant(),
        result.model(),
        result.version(),
        created,
        created + result.timeToLive().toSeconds(),
        large == null ? result.value() : null,
        large);
  }

  boolean expired(Instant now) {
    return expires <= now.getEpochSecond();
  }

  StoredResult result(byte[] whole) {
    return new StoredResult(
        key,
        tenant,
        model,
        version,
        whole,
        Instant.ofEpochSecond(created),
        Duration.ofSeconds(expires - created));
  }
}
