package dev.pilotlight.handler.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.access.ClientRows;
import dev.pilotlight.batch.s3.ObjectVersion;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// Batches that wait for others of their tenant until the table forgets them.
final class BatchForgottenIT {
  @TempDir private Path models;

  @Test
  void droppedBatchLeavesNoteUnlessObjectIsDeletedOrReplaced() throws Exception {
    try (BatchFunction function =
            BatchFunction.withClassifier(
                models,
                TenantSettings.byFolder("PILOTLIGHT_PLANS", "{\"free\":{\"batches_at_once\":1}}"));
        ClientRows rows = new ClientRows(function.dynamo())) {
      rows.plan("ada", "free");
      slot(rows, Instant.now().plusSeconds(3_600)); // another batch has the only one
      for (String name : List.of("dropped", "deleted", "replaced")) {
        BatchFunction.Event event = function.put(key(name), ClassifierBatches.LINE);
        assertThat(function.send(event)).containsExactly("waits");
        forget(function, event.key());
      }
      var _ = function.s3().deleteObject(of -> of.bucket(BatchFunction.IN).key(key("deleted")));
      var _ = function.put(key("replaced"), ClassifierBatches.LINE.repeat(2));

      slot(rows, Instant.EPOCH.plusMillis(1));
      assertThat(function.sendJson(BatchTurnsIT.SCHEDULE)).containsExactly("woke");

      JsonNode note = function.json(key("dropped") + ".failed.json");
      assertThat(note.get("reason").asText()).contains("PILOTLIGHT_RESULT_TTL_SECONDS");
      assertThat(note.get("final").asBoolean()).isTrue();
      assertThat(note.at("/input/key").asText()).isEqualTo(key("dropped"));
      assertThat(note.get("next").asText()).endsWith("Put it again.");
      assertThat(function.output(key("deleted") + ".failed.json")).isEmpty();
      assertThat(function.output(key("replaced") + ".failed.json")).isEmpty();
      assertThat(String.join("\n", function.log()))
          .contains(
              "until the table forgot it", "\"object\":\"s3://in-bucket/" + key("dropped") + "\"");

      assertThat(function.send(function.put(key("dropped"), ClassifierBatches.LINE)))
          .as("nothing waits before it")
          .containsExactly("done");
      assertThat(function.output(key("dropped") + ".failed.json")).isEmpty();
    }
  }

  private static String key(String name) {
    return "ada/" + name + ".jsonl";
  }

  /// Writes the tenant's slot as kept for a batch that has no item.
  private static void slot(ClientRows rows, Instant until) {
    rows.put(
        Map.of(
            "pk", fromS("batches#ada"),
            "sk", fromS("slot#0"),
            "batch", fromS("another"),
            "until", fromN(Long.toString(until.toEpochMilli())),
            "waiting", fromS("")));
  }

  /// As DynamoDB does at the end of the item's time.
  private static void forget(BatchFunction function, String key) {
    String batchId = new ObjectVersion(BatchFunction.IN, key, "", "", -1, "").batchId();
    try (DynamoDbClient client = function.dynamo().client()) {
      var _ =
          client.deleteItem(
              delete ->
                  delete
                      .tableName(BatchFunction.TABLE)
                      .key(Map.of("pk", fromS("batch#" + batchId))));
    }
  }
}
