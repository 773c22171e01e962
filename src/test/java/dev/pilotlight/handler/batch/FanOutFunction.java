package dev.pilotlight.handler.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.claim.Cancellation;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.handler.App;
import dev.pilotlight.handler.BatchHandler;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestContext;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.suite.leaks.CapturedLog;
import dev.pilotlight.support.TestSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The batch function in this process, as S3 calls it for small objects and the state machine for
/// large ones, with its own S3 and DynamoDB.
final class FanOutFunction extends FanOutBuckets {
  static final String TABLE = "results";
  static final String EXECUTION = "arn:aws:states:us-east-1:1:execution:fan-out:one";
  private static final int TRIES_MAX = 100;
  private static final int MILLIS = 600_000;

  private final DynamoLocal dynamo = DynamoLocal.start(0);
  private final FanOutCalls calls;
  final CapturedLog log = new CapturedLog();
  private final Map<String, String> variables;
  private BatchHandler chain;
  private BatchHandler shards;
  private volatile int millis = MILLIS;
  private volatile Invocation invocation = new Invocation(0, System.nanoTime());

  /// @param number from 1
  /// @param began by [System#nanoTime]
  record Invocation(int number, long began) {
    Duration age() {
      return Duration.ofNanos(System.nanoTime() - began);
    }
  }

  /// @param settings of the function, names and values in turn
  FanOutFunction(Path models, String... settings) throws IOException {
    calls = new FanOutCalls(endpoint(), dynamo.endpoint());
    dynamo.createTable(TABLE, "pk", "expires_at");
    variables =
        TestSettings.of(
            """
            PILOTLIGHT_MODEL_SETTLE_MS=0
            PILOTLIGHT_BATCH_LEASE_MS=600
            PILOTLIGHT_BATCH_WINDOW_ITEMS=4
            PILOTLIGHT_BATCH_CHECKPOINT_MS=100
            PILOTLIGHT_DEFAULT_MODEL=moods
            AWS_REGION=us-east-1
            AWS_ACCESS_KEY_ID=local
            AWS_SECRET_ACCESS_KEY=local
            AWS_LAMBDA_FUNCTION_MEMORY_SIZE=4096
            """);
    variables.put("PILOTLIGHT_MODELS", models.toString());
    variables.put("PILOTLIGHT_TABLE", TABLE);
    variables.put("PILOTLIGHT_BATCH_OUTPUT_BUCKET", OUT);
    variables.put("AWS_ENDPOINT_URL_S3", calls.s3());
    variables.put("AWS_ENDPOINT_URL_DYNAMODB", calls.dynamo());
    var _ = new TestModels(models).withClassifier("moods");
    TestSettings.put(variables, "", settings);
    chain = handler("0");
    shards = handler("1");
  }

  /// @param above objects of more bytes are answered in shards
  private BatchHandler handler(String above) {
    Map<String, String> all = new HashMap<>(variables);
    all.put("PILOTLIGHT_BATCH_FAN_OUT_BYTES", above);
    return new BatchHandler(App.start(all, new PrintStream(log, true)));
  }

  /// From now on other environments answer, which have loaded no model yet.
  void replaceEnvironments() {
    chain.close();
    shards.close();
    chain = handler("0");
    shards = handler("1");
  }

  /// The time of an invocation.
  void setTime(int newMillis) {
    millis = newMillis;
  }

  void resetTime() {
    millis = MILLIS;
  }

  /// The newest one.
  Invocation invocation() {
    return invocation;
  }

  FanOutCalls calls() {
    return calls;
  }

  /// Puts an object, and has one invocation after the other answer it. Only the object is left.
  FanOutOutput answerInChain(String key, byte[] content, Map<String, String> metadata) {
    put(key, content, metadata);
    JsonNode answer = answerInChain(key);
    assertThat(answer.at("/batches/0/ending").asText()).isEqualTo("done");
    FanOutOutput output = output(key);
    forget();
    return output;
  }

  /// Has one invocation answer an object that was put, or continue to answer it.
  JsonNode answerInChain(String key) {
    return send(chain, event(key));
  }

  /// Puts a newer version, and has one invocation after the other answer it.
  void putNewer(String key, byte[] content) {
    put(key, content, Map.of());
    try (BatchHandler one = handler("1000000")) {
      assertThat(send(one, event(key).replace("\"01\"", "\"02\"")).toString()).contains("done\"");
    }
  }

  /// Removes all outputs, and what the table has.
  void forget() {
    keys("").forEach(this::delete);
    try (DynamoDbClient table = dynamo.client()) {
      table.deleteTable(delete -> delete.tableName(TABLE));
    }
    dynamo.createTable(TABLE, "pk", "expires_at");
    calls.forget();
  }

  /// Runs the state machine for an object.
  JsonNode run(String key) {
    JsonNode planned = plan(key, EXECUTION);
    assertThat(planned.get("outcome").asText()).isEqualTo("planned");
    for (JsonNode shard : plan(planned)) {
      assertThat(answer(planned, shard).get("outcome").asText()).isEqualTo("done");
    }
    return publish(planned, EXECUTION);
  }

  JsonNode plan(String key, String execution) {
    return until("{\"step\":\"plan\",\"execution\":\"%s\",\"event\":%s}", execution, event(key));
  }

  List<JsonNode> plan(JsonNode planned) {
    List<JsonNode> all = new ArrayList<>();
    json(read(planned.get("key").asText()).orElseThrow()).forEach(all::add);
    assertThat(all).hasSize(planned.get("shards").asInt());
    return all;
  }

  JsonNode answer(JsonNode planned, JsonNode shard) {
    return until(
        "{\"step\":\"shard\",\"execution\":\"%s\",\"batch\":\"%s\",\"shard\":%s}",
        EXECUTION, planned.get("batch").asText(), shard);
  }

  JsonNode publish(JsonNode planned, String execution) {
    return until(
        "{\"step\":\"publish\",\"execution\":\"%s\",\"batch\":\"%s\"}",
        execution, planned.get("batch").asText());
  }

  JsonNode fail(String key, String error, String cause) {
    return step(
        "{\"step\":\"fail\",\"execution\":\"%s\",\"event\":%s,\"error\":%s}"
            .formatted(
                EXECUTION,
                event(key),
                Harness.JSON.createObjectNode().put("Error", error).put("Cause", cause)));
  }

  /// As the state machine calls a step: again if it was killed, if another invocation had its work,
  /// or if it was handed over.
  private JsonNode until(String form, Object... values) {
    for (int i = 0; i < TRIES_MAX; i++) {
      try {
        JsonNode answer = step(form.formatted(values));
        if (!answer.get("outcome").asText().equals("handed-over")) {
          return answer;
        }
      } catch (RuntimeException e) {
        if (!calls.isKilled() && !BatchException.isBusy(e)) {
          throw e;
        }
        calls.revive();
      }
    }
    throw new AssertionError("no end after %d calls".formatted(TRIES_MAX));
  }

  JsonNode step(String step) {
    return send(shards, "{\"fanOut\":" + step + "}");
  }

  /// Has the batch of an object end early.
  void cancel(String key) {
    ObjectVersion version = new ObjectVersion(IN, key, "", "", -1, "");
    Retries retries = new Retries(Duration.ofSeconds(5), Deadline.in(Duration.ofSeconds(5)));
    try (DynamoDbClient table = dynamo.client()) {
      new Cancellation(() -> table, TABLE, InstantSource.system())
          .request(version.batchId(), Instant.now(), retries);
    }
  }

  DynamoLocal dynamo() {
    return dynamo;
  }

  JsonNode notice(String key) {
    return send(shards, event(key));
  }

  private JsonNode send(BatchHandler handler, String event) {
    CapturedLog out = new CapturedLog();
    invocation = new Invocation(invocation.number() + 1, System.nanoTime());
    try {
      handler.handleRequest(
          new ByteArrayInputStream(event.getBytes(UTF_8)), out, new TestContext("r-1", millis));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return json(out.toString(UTF_8));
  }

  private static JsonNode json(String text) {
    try {
      return Harness.JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String event(String key) {
    return ("{\"source\":\"aws.s3\",\"detail-type\":\"Object Created\",\"detail\":{\"bucket\":"
            + "{\"name\":\"%s\"},\"object\":{\"key\":\"%s\",\"sequencer\":\"01\"},"
            + "\"reason\":\"PutObject\"}}")
        .formatted(IN, key);
  }

  FanOutOutput output(String key) {
    return new FanOutOutput(
        read(key + ".out.jsonl").or(() -> read(key + ".out.parquet")).orElseThrow(),
        read(key + ".errors.jsonl").orElse(""),
        json(read(key + ".summary.json").orElseThrow()));
  }

  /// The attributes of a batch's item, or of a shard's.
  Map<String, AttributeValue> item(String id) {
    try (DynamoDbClient table = dynamo.client()) {
      return table
          .getItem(get -> get.tableName(TABLE).key(Map.of("pk", fromS("batch#" + id))))
          .item();
    }
  }

  long items() {
    try (DynamoDbClient table = dynamo.client()) {
      return table.scan(scan -> scan.tableName(TABLE)).items().stream()
          .filter(item -> Objects.requireNonNull(item.get("pk")).s().startsWith("batch#"))
          .count();
    }
  }

  @Override
  public void close() {
    chain.close();
    shards.close();
    super.close();
    calls.close();
    dynamo.close();
  }
}
