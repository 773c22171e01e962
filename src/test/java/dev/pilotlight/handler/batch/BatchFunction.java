package dev.pilotlight.handler.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.handler.App;
import dev.pilotlight.handler.BatchHandler;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestContext;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.suite.leaks.CapturedLog;
import dev.pilotlight.support.TestSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/// The batch function in this process, with its own S3 and DynamoDB. Tests send the events.
final class BatchFunction implements AutoCloseable {
  static final String IN = "in-bucket";
  static final String OUT = "out-bucket";

  /// Empty at the start.
  static final String MODELS = "models-bucket";

  static final String TABLE = "results";

  private final S3Local storage = S3Local.start(0, IN, OUT, MODELS);
  private final Between between;
  private final DynamoLocal dynamo = DynamoLocal.start(0);
  private final S3Client s3 = storage.client();
  private final CapturedLog log = new CapturedLog();
  private final BatchHandler handler;
  private long sequence;
  private int millis = 60_000;

  /// @param versions whether the bucket of inputs keeps them
  /// @param settings names and values in turn
  BatchFunction(Path models, boolean versions, String... settings) throws IOException {
    between = new Between(storage.endpoint());
    if (versions) {
      storage.keepVersions(IN);
    }
    dynamo.createTable(TABLE, "pk", "expires_at");
    Map<String, String> environment =
        TestSettings.of(
            """
            PILOTLIGHT_MODEL_SETTLE_MS=0
            AWS_REGION=us-east-1
            AWS_ACCESS_KEY_ID=local
            AWS_SECRET_ACCESS_KEY=local
            AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/batch
            AWS_LAMBDA_LOG_STREAM_NAME=2026/11/29/[1]abc
            AWS_LAMBDA_FUNCTION_MEMORY_SIZE=4096
            """);
    environment.put("PILOTLIGHT_MODELS", models.toString());
    environment.put("PILOTLIGHT_TABLE", TABLE);
    environment.put("PILOTLIGHT_BATCH_OUTPUT_BUCKET", OUT);
    environment.put("AWS_ENDPOINT_URL_S3", between.endpoint().toString());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString());
    TestSettings.put(environment, "", settings);
    handler = new BatchHandler(App.start(environment, new PrintStream(log, true)));
  }

  /// With versions, and one model, a classifier of texts.
  ///
  /// @param root a folder for the model
  static BatchFunction withClassifier(Path root, String... settings) throws IOException {
    var _ = new TestModels(root).withClassifier("moods");
    String[] all = Arrays.copyOf(settings, settings.length + 2);
    all[settings.length] = "PILOTLIGHT_DEFAULT_MODEL";
    all[settings.length + 1] = "moods";
    return new BatchFunction(root, true, all);
  }

  /// A record of an event: of a version, or of what is there.
  ///
  /// @param fields of its object besides the key
  record Event(String key, Map<String, String> fields) {
    Event without(String name) {
      Map<String, String> fewer = new HashMap<>(fields);
      fewer.remove(name);
      return new Event(key, fewer);
    }

    String json() {
      StringBuilder more = new StringBuilder();
      fields.forEach((name, value) -> more.append(",\"%s\":\"%s\"".formatted(name, value)));
      return ("{\"eventSource\":\"aws:s3\",\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":"
              + "{\"name\":\"%s\"},\"object\":{\"key\":\"%s\"%s}}}")
          .formatted(IN, URLEncoder.encode(key, StandardCharsets.UTF_8), more);
    }
  }

  /// Puts an object, and returns S3's event about it.
  Event put(String key, String content) {
    return put(key, content.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  Event put(String key, byte[] content, Map<String, String> metadata) {
    s3.putObject(put -> put.bucket(IN).key(key).metadata(metadata), RequestBody.fromBytes(content));
    HeadObjectResponse head = s3.headObject(of -> of.bucket(IN).key(key));
    Map<String, String> fields = new HashMap<>();
    fields.put("eTag", head.eTag().replace("\"", ""));
    fields.put("sequencer", "%016X".formatted(++sequence));
    if (head.versionId() != null) {
      fields.put("versionId", head.versionId());
    }
    return new Event(key, fields);
  }

  /// Puts the files of a directory into the bucket of models.
  void upload(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String key = directory.relativize(file).toString();
        s3.putObject(put -> put.bucket(MODELS).key(key), file);
      }
    }
  }

  /// The time of an invocation from now on.
  void setTime(int newMillis) {
    millis = newMillis;
  }

  /// @return the ending of each record
  /// @throws RuntimeException as Lambda gets it
  List<String> send(Event... events) {
    List<String> records = new ArrayList<>();
    for (Event event : events) {
      records.add(event.json());
    }
    return sendJson("{\"Records\":[" + String.join(",", records) + "]}");
  }

  List<String> sendJson(String event) {
    CapturedLog out = new CapturedLog();
    try {
      handler.handleRequest(
          new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)),
          out,
          new TestContext("request-1", millis));
      return Harness.JSON.readTree(out.toByteArray()).findValuesAsText("ending");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  S3Client s3() {
    return s3;
  }

  DynamoLocal dynamo() {
    return dynamo;
  }

  /// Between the function and S3.
  Between between() {
    return between;
  }

  /// Lets every call to S3 through.
  void passAll() {
    between.rule(_ -> new Between.Fate.Pass());
  }

  /// Leaves a batch as an environment does that Lambda killed long ago.
  void kill(String key) {
    try (DynamoDbClient table = dynamo.client()) {
      ObjectVersion object = new ObjectVersion(IN, key, "", "", -1, "");
      var _ =
          table.updateItem(
              update ->
                  update
                      .tableName(TABLE)
                      .key(Map.of("pk", AttributeValue.fromS("batch#" + object.batchId())))
                      .updateExpression("SET #s = :running, lease_until = :past")
                      .expressionAttributeNames(Map.of("#s", "state"))
                      .expressionAttributeValues(
                          Map.of(
                              ":running",
                              AttributeValue.fromS("RUNNING"),
                              ":past",
                              AttributeValue.fromN("1"))));
    }
  }

  /// Empty if it does not exist.
  Optional<String> output(String key) {
    try {
      return Optional.of(s3.getObjectAsBytes(get -> get.bucket(OUT).key(key)).asUtf8String());
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    }
  }

  JsonNode json(String key) {
    try {
      return Harness.JSON.readTree(output(key).orElseThrow());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> keys(String bucket) {
    return s3.listObjectsV2(list -> list.bucket(bucket)).contents().stream()
        .map(object -> object.key())
        .toList();
  }

  /// The function's log, line by line.
  List<String> log() {
    return log.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Override
  public void close() {
    handler.close();
    s3.close();
    between.close();
    storage.close();
    dynamo.close();
  }
}
