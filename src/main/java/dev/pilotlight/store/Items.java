package dev.pilotlight.store;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromB;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/// Converts results to items of the table and back. The attributes:
///
/// | attribute | |
/// |---|---|
/// | `pk` S | the result's id |
/// | `value` B | the encoded result, unless it is in S3 |
/// | `s3_key` S, `bytes` N, `sha256` B | the object in S3, its length and its digest |
/// | `tenant`, `model`, `version` S | tenant and model of the result |
/// | `created`, `expires_at` N | seconds since 1970; `expires_at` is the table's TTL attribute |
final class Items {
  static final String KEY = "pk";
  static final String EXPIRES = "expires_at";

  private static final String VALUE = "value";
  private static final String S3_KEY = "s3_key";
  private static final String BYTES = "bytes";
  private static final String SHA_256 = "sha256";
  private static final String TENANT = "tenant";
  private static final String MODEL = "model";
  private static final String VERSION = "version";
  private static final String CREATED = "created";

  private Items() {}

  static Map<String, AttributeValue> key(ResultKey key) {
    return Map.of(KEY, fromS(key.id()));
  }

  /// Makes an eventually consistent read of one result.
  static GetItemRequest ofAnyTenant(String table, ResultKey key, Duration budget) {
    return GetItemRequest.builder()
        .tableName(table)
        .key(key(key))
        .consistentRead(false)
        .overrideConfiguration(o -> o.apiCallTimeout(budget))
        .build();
  }

  /// Makes a strongly consistent read of one result of the tenant. DynamoDB compares the tenant and
  /// does not send another tenant's result.
  static QueryRequest ofTenant(String table, ResultKey key, String tenant, Duration budget) {
    return QueryRequest.builder()
        .tableName(table)
        .keyConditionExpression("#key = :key")
        .filterExpression("#tenant = :tenant")
        .expressionAttributeNames(Map.of("#key", KEY, "#tenant", TENANT))
        .expressionAttributeValues(Map.of(":key", fromS(key.id()), ":tenant", fromS(tenant)))
        .consistentRead(true)
        .overrideConfiguration(o -> o.apiCallTimeout(budget))
        .build();
  }

  /// @param large the value's object in S3; null if the value is in the item
  static Map<String, AttributeValue> of(StoredResult result, @Nullable Pointer large) {
    Map<String, AttributeValue> item = new HashMap<>(key(result.key()));
    long created = result.created().getEpochSecond();
    item.put(TENANT, fromS(result.tenant()));
    item.put(MODEL, fromS(result.model()));
    item.put(VERSION, fromS(result.version()));
    item.put(CREATED, number(created));
    item.put(EXPIRES, number(created + result.timeToLive().toSeconds()));
    if (large == null) {
      item.put(VALUE, fromB(SdkBytes.fromByteArrayUnsafe(result.value())));
    } else {
      item.put(S3_KEY, fromS(large.key()));
      item.put(BYTES, number(large.bytes()));
      item.put(SHA_256, fromB(SdkBytes.fromByteArrayUnsafe(large.sha256())));
    }
    return item;
  }

  static ResultKey key(Map<String, AttributeValue> item) {
    return new ResultKey(text(item, KEY));
  }

  /// DynamoDB deletes expired items days late.
  static boolean expired(Map<String, AttributeValue> item, Instant now) {
    return number(item, EXPIRES) <= now.getEpochSecond();
  }

  static Optional<byte[]> value(Map<String, AttributeValue> item) {
    AttributeValue value = item.get(VALUE);
    return value == null || value.b() == null
        ? Optional.empty()
        : Optional.of(value.b().asByteArrayUnsafe());
  }

  static Optional<Pointer> pointer(Map<String, AttributeValue> item) {
    AttributeValue sha = item.get(SHA_256);
    return !item.containsKey(S3_KEY) || sha == null
        ? Optional.empty()
        : Optional.of(
            new Pointer(text(item, S3_KEY), number(item, BYTES), sha.b().asByteArrayUnsafe()));
  }

  static StoredResult result(Map<String, AttributeValue> item, byte[] value) {
    long created = number(item, CREATED);
    return new StoredResult(
        key(item),
        text(item, TENANT),
        text(item, MODEL),
        text(item, VERSION),
        value,
        Instant.ofEpochSecond(created),
        Duration.ofSeconds(number(item, EXPIRES) - created));
  }

  static AttributeValue number(long value) {
    return fromN(Long.toString(value));
  }

  private static String text(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    return value == null || value.s() == null ? "" : value.s();
  }

  private static long number(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    return value == null || value.n() == null ? 0 : Long.parseLong(value.n());
  }
}
