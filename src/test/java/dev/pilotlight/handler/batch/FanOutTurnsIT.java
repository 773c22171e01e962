package dev.pilotlight.handler.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.access.ClientRows;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// A plan that limits how many batches of a tenant run at once, for objects in shards.
final class FanOutTurnsIT {
  private static final String FIRST = "ada/1.txt";
  private static final String SECOND = "ada/2.txt";

  @Test
  @OnlyInFaults
  void batchThatWaitsHasOneRowAndLosesItWithItsExecution(@TempDir Path models) throws IOException {
    try (FanOutFunction function = withPlan(models);
        ClientRows rows = new ClientRows(function.dynamo())) {
      rows.plan("ada", "free");
      function.put(FIRST, "one\ntwo\n".getBytes(UTF_8), Map.of());
      function.put(SECOND, "three\nfour\n".getBytes(UTF_8), Map.of());
      JsonNode first = function.plan(FIRST, FanOutFunction.EXECUTION);
      for (int i = 0; i < 3; i++) {
        JsonNode waits = function.plan(SECOND, FanOutFunction.EXECUTION);
        assertThat(waits.get("outcome").asText()).isEqualTo("waits");
        assertThat(waits.get("seconds").asInt()).isEqualTo(30);
      }
      assertThat(waiting(function)).hasSize(1);
      var _ = function.fail(SECOND, "States.ABORTED", "the execution ended as ABORTED");
      assertThat(waiting(function)).isEmpty();

      finish(function, first);
      assertThat(function.keys(".pilotlight/")).as("nothing wakes what failed").isEmpty();
      finish(function, function.plan(SECOND, FanOutFunction.EXECUTION));
      assertThat(function.output(SECOND).out().lines()).hasSize(2);
      assertThat(left(function)).isEmpty();
    }
  }

  @Test
  void batchOfAnUnreadableShardIsBilledAndGivesItsTurnUpAtOnce(@TempDir Path models)
      throws IOException {
    try (FanOutFunction function = withPlan(models);
        ClientRows rows = new ClientRows(function.dynamo())) {
      rows.plan("ada", "free");
      function.put("ada/1.txt.gz", "damaged".getBytes(UTF_8), Map.of());
      function.put(SECOND, "three\nfour\n".getBytes(UTF_8), Map.of());
      JsonNode first = function.plan("ada/1.txt.gz", FanOutFunction.EXECUTION);
      JsonNode shard = function.plan(first).getFirst();
      assertThatThrownBy(() -> function.answer(first, shard))
          .isInstanceOf(BatchException.Unreadable.class);

      JsonNode second = function.plan(SECOND, FanOutFunction.EXECUTION);
      assertThat(second.get("outcome").asText()).isEqualTo("planned");
      assertThat(function.item(first.get("batch").asText())).containsKey("billed");
      assertThat(function.answer(first, shard).get("outcome").asText())
          .as("another delivery of the shard")
          .isEqualTo("done");
      finish(function, second);
      assertThat(left(function)).isEmpty();
    }
  }

  @Test
  void batchThatFailsWhileItsTenantCannotBeReadEndsWithAWarningAboutItsBill(@TempDir Path models)
      throws IOException {
    try (FanOutFunction function = withPlan(models);
        ClientRows rows = new ClientRows(function.dynamo())) {
      rows.plan("ada", "free");
      function.put(FIRST, "one\ntwo\n".getBytes(UTF_8), Map.of());
      JsonNode planned = function.plan(FIRST, FanOutFunction.EXECUTION);
      function.calls().refuseClients();

      var _ = function.fail(FIRST, BatchException.Unreadable.class.getName(), "{}");

      assertThat(function.item(planned.get("batch").asText()))
          .containsEntry("state", fromS("FAILED"))
          .doesNotContainKey("billed");
      assertThat(function.log.toString(UTF_8))
          .containsPattern(
              "the batch ends without a bill: its tenant cannot be read\","
                  + ".*\"batch\":\"s3://[^\"]+/%s\"".formatted(FIRST));
    }
  }

  private static FanOutFunction withPlan(Path models) throws IOException {
    return new FanOutFunction(
        models,
        TenantSettings.byFolder(
            "PILOTLIGHT_BATCH_SHARD_LINES",
            "5",
            "PILOTLIGHT_PLANS",
            "{\"free\":{\"batches_at_once\":1}}"));
  }

  private static void finish(FanOutFunction function, JsonNode planned) {
    for (JsonNode shard : function.plan(planned)) {
      FanOutHarness.requireDone(function.answer(planned, shard));
    }
    FanOutHarness.requireDone(function.publish(planned, FanOutFunction.EXECUTION));
  }

  private static List<String> waiting(FanOutFunction function) {
    return left(function).stream().filter(row -> row.startsWith("wait#")).toList();
  }

  private static List<String> left(FanOutFunction function) {
    try (DynamoDbClient client = function.dynamo().client()) {
      return client
          .query(
              query ->
                  query
                      .tableName(ClientRows.TABLE)
                      .keyConditionExpression("pk = :pk")
                      .expressionAttributeValues(Map.of(":pk", fromS("batches#ada"))))
          .items()
          .stream()
          .map(item -> Objects.requireNonNull(item.get("sk")).s())
          .toList();
    }
  }
}
