package dev.pilotlight.store.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromBool;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromL;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromNul;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromSs;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.store.StoreException;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.store.client.EmulatedClients;
import dev.pilotlight.support.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Rows read directly, and by the AWS SDK.
final class RowReadsIT {
  private static final String TABLE = "rows";
  private static final RowKey FIRST = new RowKey("one", "a");
  private static final RowKey SECOND = new RowKey("two \"quoted\" ü", "b");
  private static final RowKey ABSENT = new RowKey("one", "b");

  @SuppressWarnings("NullAway.Init")
  private static DynamoLocal dynamo;

  @SuppressWarnings("NullAway.Init")
  private Between between;

  @BeforeAll
  static void start() {
    dynamo = DynamoLocal.start(0);
    dynamo.createTable(TABLE, List.of("pk", "sk"), "expires_at");
    put(
        FIRST,
        Map.of(
            "text", fromS("t\"ä"),
            "number", fromN("1795900000"),
            "half", fromN("1.5"),
            "set", fromSs(List.of("a", "b")),
            "list", fromL(List.of(fromS("x"))),
            "flag", fromBool(true),
            "none", fromNul(true)));
    put(SECOND, Map.of("text", fromS("second")));
  }

  private static void put(RowKey key, Map<String, AttributeValue> more) {
    Map<String, AttributeValue> item = new HashMap<>(more);
    item.put("pk", fromS(key.pk()));
    item.put("sk", fromS(key.sk()));
    try (DynamoDbClient client = dynamo.client()) {
      var _ = client.putItem(put -> put.tableName(TABLE).item(item));
    }
  }

  @AfterAll
  static void stop() {
    dynamo.close();
  }

  @BeforeEach
  void listen() throws IOException {
    between = new Between(dynamo.endpoint());
  }

  @AfterEach
  void stopListening() {
    between.close();
  }

  private Clients clients(String client) {
    StoreSettings settings =
        StoreSettings.from(
            new Settings(
                Map.of(
                    "PILOTLIGHT_DYNAMODB_CLIENT", client, "PILOTLIGHT_STORE_ATTEMPT_MS", "10000")));
    return EmulatedClients.of(settings, Map.of("DYNAMODB", between.endpoint()));
  }

  private static List<Row> read(Clients clients, RowKey... keys) {
    return clients.rows(TABLE).read(List.of(keys), Deadline.in(Duration.ofSeconds(20)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "sdk"})
  void attributesAreReadByTheirTypes(String client) {
    try (Clients clients = clients(client)) {
      List<Row> rows = read(clients, FIRST, ABSENT, SECOND);
      assertThat(rows).hasSize(2);
      Row row = rows.stream().filter(one -> one.has(FIRST)).findFirst().orElseThrow();
      assertThat(row.has(ABSENT)).isFalse();
      assertThat(row.text("text")).isEqualTo("t\"ä");
      assertThat(row.number("number")).isEqualTo(1_795_900_000L);
      assertThat(row.texts("set")).isEqualTo(Set.of("a", "b"));
      assertThat(row.text("other")).isNull();
      assertThat(row.number("other")).isNull();
      assertThat(row.texts("other")).isNull();
      for (String wrong : List.of("number", "half", "set", "list", "flag", "none")) {
        assertThatThrownBy(() -> row.text(wrong)).hasMessageContaining(wrong);
      }
      for (String wrong : List.of("text", "half", "set", "list", "flag", "none")) {
        assertThatThrownBy(() -> row.number(wrong)).hasMessageContaining(wrong);
      }
      for (String wrong : List.of("text", "number", "half", "list", "flag", "none")) {
        assertThatThrownBy(() -> row.texts(wrong)).hasMessageContaining(wrong);
      }
      assertThat(rows.stream().filter(one -> one.has(SECOND)).toList()).hasSize(1);
    }
    assertThat(between.calls()).hasSize(1);
    assertThat(between.calls().getFirst().body()).contains("\"ConsistentRead\":true");
  }

  @Test
  void theSdkReadsWhatADirectCallHasNot() {
    String unprocessed =
        """
        {"Responses":{},"UnprocessedKeys":{"rows":{"Keys":[
          {"pk":{"S":"one"},"sk":{"S":"a"}}]}}}""";
    String another =
        """
        {"Responses":{"rows":[{"pk":{"S":"one"},"sk":{"S":"b"}}]},"UnprocessedKeys":{}}""";
    for (String answer : List.of(unprocessed, another, "{\"Responses\":", "[]")) {
      between.forgetCalls();
      between.rule(_ -> between.calls().size() == 1 ? new Fate.Fail(200, answer) : new Fate.Pass());
      try (Clients clients = clients("direct")) {
        assertThat(read(clients, FIRST)).as(answer).hasSize(1);
        assertThat(between.calls()).hasSize(2);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "sdk"})
  void aTableThatIsAwayIsAFailureOfTheStore(String client) {
    between.rule(_ -> new Fate.Fail(500, "{}"));
    try (Clients clients = clients(client)) {
      assertThatThrownBy(() -> read(clients, FIRST)).isInstanceOf(StoreException.class);
    }
  }
}
