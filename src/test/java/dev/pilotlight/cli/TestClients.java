package dev.pilotlight.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.store.client.EmulatedClients;
import dev.pilotlight.support.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Commands with `--local` on the emulators of the local runner.
@ResourceLock("TestClients") // its subclasses share what is static here
abstract class TestClients {
  static final String CLIENTS = "pilotlight-clients";
  static final String RESULTS = "pilotlight-results";
  static final ObjectMapper JSON = new ObjectMapper();

  @SuppressWarnings("NullAway.Init")
  static DynamoLocal dynamo;

  @SuppressWarnings("NullAway.Init")
  static S3Local s3;

  @SuppressWarnings("NullAway.Init")
  static Clients aws;

  @BeforeAll
  static void start() {
    dynamo = DynamoLocal.start(0);
    s3 = S3Local.start(0, "pilotlight-large-results", "pilotlight-in", "pilotlight-out");
    aws =
        EmulatedClients.of(
            StoreSettings.from(new Settings(Map.of())),
            Map.of("DYNAMODB", dynamo.endpoint(), "S3", s3.endpoint()));
  }

  @AfterAll
  static void stop() {
    aws.close();
    dynamo.close();
    s3.close();
  }

  @BeforeEach
  void makeTables() {
    dynamo.createTable(CLIENTS, List.of("pk", "sk"), "expires_at");
    dynamo.createTable(RESULTS, "pk", "expires_at");
  }

  @AfterEach
  void dropTables() {
    aws.dynamo().deleteTable(table -> table.tableName(CLIENTS));
    aws.dynamo().deleteTable(table -> table.tableName(RESULTS));
  }

  static TestRun run(String... arguments) {
    return runOn(new Terminal(false, false), arguments);
  }

  static TestRun runOn(Terminal terminal, String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(
        List.of(
            "--local",
            "--dynamodb",
            dynamo.endpoint().toString(),
            "--s3",
            s3.endpoint().toString()));
    return TestRun.runOn(terminal, all.toArray(String[]::new));
  }

  static JsonNode json(TestRun run) {
    try {
      return JSON.readTree(run.out());
    } catch (IOException e) {
      throw new UncheckedIOException(run.toString(), e);
    }
  }

  static Map<String, AttributeValue> item(String table, String pk, String sk) {
    return aws.dynamo()
        .getItem(
            get ->
                get.tableName(table)
                    .key(Map.of("pk", AttributeValue.fromS(pk), "sk", AttributeValue.fromS(sk))))
        .item();
  }

  static AttributeValue attribute(Map<String, AttributeValue> item, String name) {
    return Objects.requireNonNull(item.get(name), name);
  }

  static void put(String table, Map<String, AttributeValue> item) {
    aws.dynamo().putItem(put -> put.tableName(table).item(item));
  }

  static List<Map<String, AttributeValue>> all(String table) {
    return aws.dynamo().scan(scan -> scan.tableName(table)).items();
  }
}
