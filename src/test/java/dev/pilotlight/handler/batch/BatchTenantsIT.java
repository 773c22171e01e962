package dev.pilotlight.handler.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.access.ClientRows;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.handler.batch.BatchFunction.Event;
import dev.pilotlight.handler.models.TestModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Batches whose first folder names a tenant of API keys.
final class BatchTenantsIT {
  private static final String LINES = ClassifierBatches.LINE;

  @TempDir private Path models;

  @SuppressWarnings("NullAway.Init")
  private BatchFunction function;

  @SuppressWarnings("NullAway.Init")
  private ClientRows rows;

  @BeforeEach
  void start() throws IOException {
    function = BatchFunction.withClassifier(models, TenantSettings.byFolder());
    rows = new ClientRows(function.dynamo());
  }

  @AfterEach
  void stop() {
    rows.close();
    function.close();
  }

  @Test
  void resultsBelongToTheTenantsGeneration() {
    rows.tenant("ada", 0);
    rows.tenant("bob", 2);
    assertThat(function.send(function.put("ada/moods.jsonl", LINES))).containsExactly("done");
    assertThat(function.send(function.put("bob/moods.jsonl", LINES))).containsExactly("done");
    assertThat(owners("key:ada")).isEqualTo(1);
    assertThat(owners("key:bob#2")).isEqualTo(1);
  }

  @Test
  void aBatchOfADeletedOrUnknownTenantIsRefusedAloud() {
    rows.tenant("gone", 0);
    rows.delete("gone", 1);
    for (String key : new String[] {"gone/a.jsonl", "nobody/a.jsonl", "Ada/a.jsonl", "a.jsonl"}) {
      Event event = function.put(key, LINES);
      assertThatThrownBy(() -> function.send(event)).isInstanceOf(BatchException.Unreadable.class);
      assertThat(function.json(key + ".failed.json").path("reason").asText())
          .as(key)
          .contains("folder");
      assertThat(function.output(key + ".out.jsonl")).isEmpty();
    }
  }

  @Test
  void aBatchIsTriedAgainIfTheTenantsCannotBeRead() {
    try (DynamoDbClient client = function.dynamo().client()) {
      var _ = client.deleteTable(delete -> delete.tableName(ClientRows.TABLE));
    }
    Event event = function.put("ada/later.jsonl", LINES);
    assertThatThrownBy(() -> function.send(event)).isInstanceOf(BatchException.Unavailable.class);
    assertThat(function.json("ada/later.jsonl.failed.json").path("final").asBoolean()).isFalse();
  }

  @Test
  void aTenantsModelsHoldForLinesMetadataAndTheDefaultModel() throws IOException {
    var _ = new TestModels(models).withClassifier("other");
    rows.tenant("few", 0, "moods");
    String lines =
        """
        {"text":"hello"}
        {"text":"hello","model":"other"}
        {"custom_id":"1","method":"POST","url":"/v2/models/other/infer","body":{"inputs":[\
        {"name":"text","shape":[1],"datatype":"BYTES","data":["hello"]}]}}
        {"text":"hello","model":"nothing"}
        """;
    var _ = function.send(function.put("few/lines.jsonl", lines));
    assertThat(refused("few/lines.jsonl")).isEqualTo(3);

    rows.tenant("rest", 0, "other");
    var _ = function.send(function.put("rest/lines.jsonl", LINES));
    assertThat(refused("rest/lines.jsonl")).isEqualTo(1);

    Event named = function.put("few/meta.jsonl", LINES.getBytes(UTF_8), Map.of("model", "other"));
    assertThatThrownBy(() -> function.send(named)).isInstanceOf(BatchException.Unreadable.class);
    assertThat(function.json("few/meta.jsonl.failed.json").path("reason").asText())
        .contains("may not use this model");
    assertThat(owners("key:few")).isEqualTo(1);
    assertThat(owners("key:rest")).isZero();
  }

  /// The number of lines that were refused for their model.
  private long refused(String key) {
    return function
        .output(key + ".errors.jsonl")
        .orElseThrow()
        .lines()
        .filter(line -> line.contains("may not use this model"))
        .count();
  }

  /// The number of stored results of an owner.
  private int owners(String owner) {
    try (DynamoDbClient client = function.dynamo().client()) {
      return client
          .scan(
              scan ->
                  scan.tableName("results")
                      .filterExpression("tenant = :owner")
                      .expressionAttributeValues(Map.of(":owner", AttributeValue.fromS(owner))))
          .count();
    }
  }
}
