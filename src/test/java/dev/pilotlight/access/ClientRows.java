package dev.pilotlight.access;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromSs;

import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.suite.leaks.Planted;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Tenants and keys in a table of clients, as the command writes them.
public final class ClientRows implements AutoCloseable {
  public static final String TABLE = "clients";

  private static final SecureRandom RANDOM = Planted.random();

  private final String table;
  private final DynamoDbClient client;
  private final Map<String, Long> generations = new HashMap<>();

  /// Makes the table.
  public ClientRows(DynamoLocal dynamo) {
    this(dynamo, TABLE);
    dynamo.createTable(TABLE, List.of("pk", "sk"), "expires_at");
  }

  /// In a table that exists.
  public ClientRows(DynamoLocal dynamo, String table) {
    this.table = table;
    client = dynamo.client();
  }

  /// Writes a live tenant of a generation.
  ///
  /// @param models that it may use; none for all
  public void tenant(String name, long generation, String... models) {
    generations.put(name, generation);
    Map<String, AttributeValue> item = ofTenant(name, "live", generation);
    if (models.length > 0) {
      item.put("models", fromSs(List.of(models)));
    }
    put(item);
  }

  /// Writes a live tenant of a plan.
  public void plan(String name, String plan) {
    Map<String, AttributeValue> item = ofTenant(name, "live", 0);
    item.put("plan", fromS(plan));
    put(item);
  }

  /// Deletes a tenant as the command does: its generation rises.
  public void delete(String name, long newGeneration) {
    put(ofTenant(name, "deleted", newGeneration));
  }

  /// Writes a live key that may use all, and returns its text.
  public String key(String tenant) {
    return key(tenant, Map.of());
  }

  /// Writes a live key and returns its text.
  ///
  /// @param more attributes, instead of the usual ones of their names
  public String key(String tenant, Map<String, AttributeValue> more) {
    String text = ApiKey.create(tenant, RANDOM);
    write(text, tenant, more);
    return text;
  }

  /// Revokes a key.
  public void revoke(String text) {
    write(text, of(text).tenant(), Map.of("state", fromS("revoked")));
  }

  /// Writes the item of a key.
  public void write(String text, String tenant, Map<String, AttributeValue> more) {
    ApiKey key = of(text);
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("pk", fromS("key#" + key.digest()));
    item.put("sk", fromS("key"));
    item.put("tenant", fromS(tenant));
    item.put("id", fromS(key.id()));
    item.put("name", fromS("test"));
    item.put("state", fromS("live"));
    item.put("generation", fromN(generations.getOrDefault(tenant, 0L).toString()));
    item.put("created", fromN("1795900000"));
    item.putAll(more);
    put(item);
  }

  public void put(Map<String, AttributeValue> item) {
    var _ = client.putItem(put -> put.tableName(table).item(item));
  }

  private static Map<String, AttributeValue> ofTenant(String name, String state, long generation) {
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("pk", fromS("tenant#" + name));
    item.put("sk", fromS("tenant"));
    item.put("state", fromS(state));
    item.put("generation", fromN(Long.toString(generation)));
    item.put("plan", fromS("pro"));
    return item;
  }

  private static ApiKey of(String text) {
    return Objects.requireNonNull(ApiKey.parse(text));
  }

  @Override
  public void close() {
    client.close();
  }
}
