package dev.pilotlight.e2e.batch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.support.Option;
import dev.pilotlight.local.support.Ports;
import dev.pilotlight.suite.Soak;
import dev.pilotlight.support.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/// A local stack for disturbing batches: tests see and change every call of the function to S3 and
/// DynamoDB. Checkpoints and windows are small, leases are short, and the memory cache keeps no
/// result, so that lost work is done again.
final class BatchStack implements AutoCloseable {
  static final String IN = "pilotlight-in";
  static final String OUT = "pilotlight-out";
  static final String FUNCTION = "BatchFunction";
  private static final String PRIVATE = ".pilotlight/";
  private static final Duration PATIENCE = Duration.ofMinutes(Soak.amount(3, 60));
  private static final ObjectMapper JSON = new ObjectMapper();

  private final BatchForm form;
  private final Between betweenS3;
  private final Between betweenDynamo;
  private final LocalStack stack;
  private final S3Client s3;
  private final DynamoDbClient dynamo;
  private final HttpClient http = HttpClient.newHttpClient();

  private BatchStack(BatchForm form, UnaryOperator<Options> more) throws IOException {
    this.form = form;
    int s3Port = Ports.unused();
    int dynamoPort = Ports.unused();
    betweenS3 = new Between(URI.create("http://127.0.0.1:" + s3Port));
    betweenDynamo = new Between(URI.create("http://127.0.0.1:" + dynamoPort));
    Options options =
        Options.onFreePorts()
            .withPort(Option.S3_PORT, s3Port)
            .withPort(Option.DYNAMODB_PORT, dynamoPort)
            .withEnvironmentsMax(1)
            .withRetryPause(Duration.ofMillis(20))
            .withVariable("AWS_ENDPOINT_URL_S3", betweenS3.endpoint().toString())
            .withVariable("AWS_ENDPOINT_URL_DYNAMODB", betweenDynamo.endpoint().toString())
            .withVariable("PILOTLIGHT_MEMORY_CACHE_BYTES", "0")
            .withVariable("PILOTLIGHT_BATCH_LEASE_MS", "1000")
            .withVariable("PILOTLIGHT_BATCH_CHECKPOINT_MS", "200")
            .withVariable("PILOTLIGHT_BATCH_WINDOW_ITEMS", "16");
    stack = LocalStack.start(more.apply(form.in(options)));
    s3 = stack.s3().client();
    dynamo = stack.dynamo().client();
  }

  static BatchStack start(UnaryOperator<Options> more) throws IOException {
    return start(BatchForm.EVENTS, more);
  }

  static BatchStack start(BatchForm form, UnaryOperator<Options> more) throws IOException {
    return new BatchStack(form, more);
  }

  /// The objects and the item of a finished batch.
  ///
  /// @param errors empty if there are none
  record Output(String out, String errors, JsonNode summary) {
    /// The part that disturbances must not change.
    List<String> counts() {
      return BatchStack.counts(summary);
    }

    int count(String name) {
      return summary.get(name).intValue();
    }

    void requireSame(Output reference) {
      assertThat(firstDifference(out, reference.out)).as("in the answers").isEmpty();
      assertThat(firstDifference(errors, reference.errors)).as("in the errors").isEmpty();
      assertThat(counts()).isEqualTo(reference.counts());
    }
  }

  private static List<String> counts(JsonNode summary) {
    return Stream.of("lines", "succeeded", "failed", "items", "tokens", "output", "errors")
        .map(name -> name + "=" + summary.get(name))
        .toList();
  }

  /// Said in few words, for lines are long. Empty if every byte is the same.
  private static String firstDifference(String actual, String wanted) {
    if (actual.equals(wanted)) {
      return "";
    }
    List<String> lines = actual.lines().toList();
    List<String> wantedLines = wanted.lines().toList();
    for (int i = 0; i < Math.min(lines.size(), wantedLines.size()); i++) {
      if (!lines.get(i).equals(wantedLines.get(i))) {
        return "line %d is %.200s in place of %.200s"
            .formatted(i + 1, lines.get(i), wantedLines.get(i));
      }
    }
    return "%d lines and %d bytes in place of %d and %d"
        .formatted(lines.size(), actual.length(), wantedLines.size(), wanted.length());
  }

  LocalStack stack() {
    return stack;
  }

  S3Client s3() {
    return s3;
  }

  Between betweenS3() {
    return betweenS3;
  }

  Between betweenDynamo() {
    return betweenDynamo;
  }

  /// Nothing of what was answered before is known any more, or is in the output.
  void forget() throws InterruptedException {
    awaitIdle();
    String table = stack.tables().getFirst();
    dynamo.deleteTable(delete -> delete.tableName(table));
    stack.dynamo().createTable(table, "pk", "expires_at");
    stack.redis().filter(RedisServer::running).ifPresent(RedisServer::flush);
    keys(OUT, "").forEach(key -> s3.deleteObject(delete -> delete.bucket(OUT).key(key)));
    betweenS3.forgetCalls();
    betweenDynamo.forgetCalls();
  }

  /// An event that is about nothing: a process that answers it is there and ready.
  void awaitReady() throws IOException, InterruptedException {
    String event = "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"b\"}";
    HttpResponse<String> reply;
    do {
      reply = invoke("RequestResponse", event);
    } while (reply.headers().firstValue("x-amz-function-error").isPresent());
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
  }

  /// Its event starts the function.
  void put(String key, String lines) {
    s3.putObject(put -> put.bucket(IN).key(key), RequestBody.fromString(lines));
  }

  /// As Lambda or the queue does when it delivers an event once more.
  void deliver(String event) throws IOException, InterruptedException {
    assertThat(invoke("Event", form.delivered(event)).statusCode()).isEqualTo(202);
  }

  void kill() {
    stack.kill(FUNCTION);
  }

  void awaitIdle() throws InterruptedException {
    assertThat(stack.awaitIdle(PATIENCE)).as("no event is left in time").isTrue();
  }

  /// Waits for the output.
  Output awaitOutput(String key) throws IOException, InterruptedException {
    JsonNode summary = awaitSummary(key);
    return new Output(
        read(OUT, key + ".out.jsonl").orElseThrow(),
        read(OUT, key + ".errors.jsonl").orElse(""),
        summary);
  }

  private JsonNode awaitSummary(String key) throws IOException, InterruptedException {
    awaitIdle();
    String summary =
        read(OUT, key + ".summary.json")
            .orElseThrow(
                () ->
                    new AssertionError("no summary; failures " + stack.failures() + stack.logs()));
    return JSON.readTree(summary);
  }

  /// Answers an object from nothing.
  Output answer(String key, String lines) throws IOException, InterruptedException {
    forget();
    awaitReady();
    put(key, lines);
    return awaitOutput(key);
  }

  /// Answers an object from nothing; the answers may be longer than a string can be.
  ///
  /// @return the digests of answers and errors, and their counts
  List<String> digests(String key, String lines) throws IOException, InterruptedException {
    betweenS3.keepNoCalls();
    betweenDynamo.keepNoCalls();
    forget();
    awaitReady();
    put(key, lines);
    JsonNode summary = awaitSummary(key);
    Stream<String> digests = Stream.of(digest(key + ".out.jsonl"), digest(key + ".errors.jsonl"));
    return Stream.concat(digests, counts(summary).stream()).toList();
  }

  private String digest(String key) throws IOException {
    MessageDigest digest = Sha256.start();
    try (InputStream object = s3.getObject(get -> get.bucket(OUT).key(key))) {
      object.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  void requireNothingLeft() {
    assertThat(s3.listMultipartUploads(list -> list.bucket(OUT)).uploads()).isEmpty();
    assertThat(keys(OUT, PRIVATE)).isEmpty();
    assertThat(keys(IN, PRIVATE)).isEmpty();
  }

  /// Each byte a character; empty if there is no such object.
  Optional<String> read(String bucket, String key) {
    try {
      return Optional.of(
          s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asString(ISO_8859_1));
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    }
  }

  List<String> keys(String bucket, String prefix) {
    return s3.listObjectsV2(list -> list.bucket(bucket).prefix(prefix)).contents().stream()
        .map(object -> object.key())
        .toList();
  }

  @Override
  public void close() {
    stack.close();
    betweenS3.close();
    betweenDynamo.close();
    s3.close();
    dynamo.close();
    http.close();
  }

  private HttpResponse<String> invoke(String type, String event)
      throws IOException, InterruptedException {
    URI uri = stack.invokeUrl().resolve("/2015-03-31/functions/" + FUNCTION + "/invocations");
    return http.send(
        HttpRequest.newBuilder(uri)
            .header("x-amz-invocation-type", type)
            .POST(HttpRequest.BodyPublishers.ofString(event))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
