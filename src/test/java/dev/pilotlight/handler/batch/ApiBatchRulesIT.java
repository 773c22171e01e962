package dev.pilotlight.handler.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromL;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromM;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.access.ClientRows;
import dev.pilotlight.batch.claim.Cancellation;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.files.FileIds;
import dev.pilotlight.handler.batch.BatchFunction.Event;
import dev.pilotlight.handler.models.TestModels;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Batches of OpenAI's API that end before their last request: in the batch function, with rows as
/// the API writes them.
final class ApiBatchRulesIT {
  private static final String ID = "batch_0123456789abcdef0123456789abcdef";
  private static final String KEY = "ada/openai/" + ID + ".jsonl";

  @TempDir private Path models;

  @SuppressWarnings("NullAway.Init")
  private BatchFunction function;

  @SuppressWarnings("NullAway.Init")
  private ClientRows rows;

  @SuppressWarnings("NullAway.Init")
  private DynamoDbClient client;

  @BeforeEach
  void start() throws IOException {
    var _ = new TestModels(models).withClassifier("other");
    function =
        BatchFunction.withClassifier(
            models,
            TenantSettings.byFolder(
                "PILOTLIGHT_PLANS",
                "{\"free\":{},\"ten\":{\"items_per_month\":10}}",
                "PILOTLIGHT_FILE_DAYS",
                "7",
                "PILOTLIGHT_BATCH_WINDOW_ITEMS",
                "4"));
    rows = new ClientRows(function.dynamo());
    rows.plan("ada", "free");
    client = function.dynamo().client();
  }

  @AfterEach
  void stop() {
    client.close();
    rows.close();
    function.close();
  }

  @Test
  void anExpiredBatchHasAnErrorForEachRequest() {
    row(Map.of("window_ends", number(Instant.now().getEpochSecond() - 1)));
    assertThat(function.send(function.put(KEY, requests(30)))).containsExactly("done");
    requireEnd("EXPIRED", 0, 30);
    assertThat(errors()).hasSize(30).allMatch(line -> line.contains("\"batch_expired\""));
  }

  @Test
  void expiresWithoutQuota() {
    rows.plan("ada", "ten");
    assertThatThrownBy(() -> function.send(function.put("ada/a.jsonl", lines(30))))
        .isInstanceOf(BatchException.QuotaUsedUp.class);
    row(Map.of("window_ends", number(Instant.now().getEpochSecond() - 1)));
    assertThat(function.send(function.put(KEY, requests(3)))).containsExactly("done");
    requireEnd("EXPIRED", 0, 3);
  }

  @Test
  void cancelBeforeFirstWindowAnswersNothing() {
    row(Map.of());
    new Cancellation(() -> client, BatchFunction.TABLE, InstantSource.system())
        .request(
            new ObjectVersion(BatchFunction.IN, KEY, "", "", -1, "").batchId(),
            Instant.now().plusSeconds(60),
            new Retries(Duration.ofSeconds(5), Deadline.in(Duration.ofSeconds(9))));
    assertThat(function.send(function.put(KEY, requests(9)))).containsExactly("done");
    requireEnd("CANCELLED", 0, 9);
    assertThat(errors()).allMatch(line -> line.contains("\"batch_cancelled\""));
  }

  @Test
  void answersUntilTheQuotaIsUsedUpAreDelivered() {
    rows.plan("ada", "ten");
    row(Map.of());
    assertThat(function.send(function.put(KEY, requests(40)))).containsExactly("done");
    Map<String, AttributeValue> row = row();
    int answered = Integer.parseInt(text(row, "completed"));
    assertThat(answered).isBetween(10, 22);
    requireEnd("COMPLETED", answered, 40 - answered);
    assertThat(errors()).allMatch(line -> line.contains("\"insufficient_quota\""));
    assertThat(function.output(file(row, "output_file")).orElseThrow().lines()).hasSize(answered);
    Map<String, AttributeValue> file = item("file#" + text(row, "output_file"));
    assertThat(Long.parseLong(text(file, "expires_at")) - Long.parseLong(text(file, "created")))
        .as("no longer than the bucket keeps it")
        .isEqualTo(Duration.ofDays(7).toSeconds());
  }

  @Test
  void refusesModelsThatItsKeyMayNotUse() {
    row(Map.of("models", fromL(List.of(fromS("other")))));
    assertThat(function.send(function.put(KEY, requests(2)))).containsExactly("done");
    requireEnd("COMPLETED", 0, 2);
    assertThat(errors()).allMatch(line -> line.contains("may not use this model"));
  }

  @Test
  void failedAttemptShowsReasonWithoutBucketOrKey() {
    rows.plan("ada", "gold");
    row(Map.of());
    Event event = function.put(KEY, requests(2));
    assertThatThrownBy(() -> function.send(event)).isInstanceOf(BatchException.Misconfigured.class);
    assertThat(text(row(), "errors"))
        .contains("attempt_failed")
        .doesNotContain("s3://", BatchFunction.IN, BatchFunction.OUT);
    rows.plan("ada", "free");
    assertThat(function.send(event)).containsExactly("done");
    requireEnd("COMPLETED", 2, 0);
    assertThat(text(row(), "errors")).isEmpty();
  }

  @Test
  void aBatchWhoseRowHasEndedIsNotAnswered() {
    row(Map.of("status", fromS("FAILED")));
    assertThat(function.send(function.put(KEY, requests(2)))).containsExactly("done");
    requireEnd("FAILED", 0, 0);
    assertThat(function.keys(BatchFunction.OUT)).isEmpty();
  }

  private void requireEnd(String status, int completed, int failed) {
    Map<String, AttributeValue> row = row();
    assertThat(text(row, "status")).isEqualTo(status);
    assertThat(text(row, "completed")).isEqualTo(Integer.toString(completed));
    assertThat(text(row, "failed")).isEqualTo(Integer.toString(failed));
    assertThat(row.containsKey("output_file")).isEqualTo(completed > 0);
    assertThat(row.containsKey("error_file")).isEqualTo(failed > 0);
  }

  private List<String> errors() {
    return function.output(file(row(), "error_file")).orElseThrow().lines().toList();
  }

  private static String file(Map<String, AttributeValue> row, String name) {
    return FileIds.key("key:ada", text(row, name));
  }

  /// Writes the row of a batch that has not begun.
  private void row(Map<String, AttributeValue> other) {
    long now = Instant.now().getEpochSecond();
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("pk", fromS("openai-batch#" + ID));
    item.put("owner", fromS("key:ada"));
    item.put("input_file", fromS("file-1"));
    item.put("endpoint", fromS("/v2/models/moods/infer"));
    item.put("metadata", fromM(Map.of()));
    item.put("bucket", fromS(BatchFunction.IN));
    item.put("key", fromS(KEY));
    item.put("status", fromS("VALIDATING"));
    for (String count : List.of("output_seconds", "total", "completed", "failed", "tokens")) {
      item.put(count, number(0));
    }
    item.put("created", number(now));
    item.put("window_ends", number(now + 86_400));
    item.putAll(other);
    var _ = client.putItem(put -> put.tableName(BatchFunction.TABLE).item(item));
  }

  private Map<String, AttributeValue> row() {
    return item("openai-batch#" + ID);
  }

  private Map<String, AttributeValue> item(String key) {
    return client
        .getItem(get -> get.tableName(BatchFunction.TABLE).key(Map.of("pk", fromS(key))))
        .item();
  }

  private static String text(Map<String, AttributeValue> item, String name) {
    AttributeValue value = Objects.requireNonNull(item.get(name), name);
    return value.s() == null ? value.n() : value.s();
  }

  private static AttributeValue number(long value) {
    return fromN(Long.toString(value));
  }

  private static String requests(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                """
                {"custom_id":"%d","method":"POST","url":"/v2/models/moods/infer","body":\
                {"inputs":[{"name":"text","shape":[1],"datatype":"BYTES","data":["text %d"]}]}}
                """
                    .formatted(i, i))
        .collect(Collectors.joining());
  }

  private static String lines(int count) {
    return IntStream.range(0, count)
        .mapToObj("{\"text\":\"line %d\"}\n"::formatted)
        .collect(Collectors.joining());
  }
}
