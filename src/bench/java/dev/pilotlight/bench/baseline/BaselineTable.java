package dev.pilotlight.bench.baseline;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromB;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.bench.setup.Events;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// The calls to DynamoDB that an answer cannot do without, with items like the function's.
record BaselineTable(DynamoDbClient client, String table) {
  private static final String KEY = "pk";
  private static final int READ_TOGETHER = 100;
  private static final Duration KEPT = Duration.ofDays(30);

  List<String> keys(BaselineEvent event) {
    return IntStream.range(0, event.items().size()).mapToObj(event::key).toList();
  }

  void get(String key) {
    client.getItem(get -> get.tableName(table).key(key(key)));
  }

  /// On the function's own condition, without which the last of two writers would win.
  void put(String key, byte[] value) {
    AttributeValue now = fromN(Long.toString(Instant.now().getEpochSecond()));
    client.putItem(
        put ->
            put.tableName(table)
                .item(item(key, value))
                .conditionExpression("attribute_not_exists(pk) OR expires_at <= :now")
                .expressionAttributeValues(Map.of(":now", now)));
  }

  /// As few calls as there can be, side by side.
  void get(List<String> keys) {
    IntStream.range(0, Math.ceilDiv(keys.size(), READ_TOGETHER))
        .mapToObj(
            i -> keys.subList(i * READ_TOGETHER, Math.min((i + 1) * READ_TOGETHER, keys.size())))
        .parallel()
        .forEach(this::getTogether);
  }

  private void getTogether(List<String> keys) {
    KeysAndAttributes asked =
        KeysAndAttributes.builder().keys(keys.stream().map(BaselineTable::key).toList()).build();
    client.batchGetItem(get -> get.requestItems(Map.of(table, asked)));
  }

  /// @param keys at most 25
  void put(List<String> keys, List<byte[]> values) {
    List<WriteRequest> writes = new ArrayList<>(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      Map<String, AttributeValue> item = item(keys.get(i), values.get(i));
      writes.add(WriteRequest.builder().putRequest(put -> put.item(item)).build());
    }
    client.batchWriteItem(write -> write.requestItems(Map.of(table, writes)));
  }

  private static Map<String, AttributeValue> key(String key) {
    return Map.of(KEY, fromS(key));
  }

  private static Map<String, AttributeValue> item(String key, byte[] value) {
    long now = Instant.now().getEpochSecond();
    return Map.of(
        KEY,
        fromS(key),
        "tenant",
        fromS("public"),
        "model",
        fromS(Events.MODEL),
        "version",
        fromS("1"),
        "created",
        fromN(Long.toString(now)),
        "expires_at",
        fromN(Long.toString(now + KEPT.toSeconds())),
        "value",
        fromB(SdkBytes.fromByteArrayUnsafe(value)));
  }
}
