package dev.pilotlight.e2e.batch.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.e2e.Client;
import dev.pilotlight.files.FileIds;
import dev.pilotlight.files.FileTable;
import dev.pilotlight.files.Purpose;
import dev.pilotlight.files.StoredFile;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.suite.Soak;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/// Batches of OpenAI's API in a local stack, with input files that are put by hand.
final class ApiBatches implements AutoCloseable {
  static final String OUT = "pilotlight-out";
  private static final Set<String> FINAL = Set.of("completed", "failed", "expired", "cancelled");
  private static final Duration PATIENCE = Duration.ofMinutes(Soak.amount(2, 60));
  private static final ObjectMapper JSON = new ObjectMapper();

  private final S3Client s3;
  private final DynamoDbClient dynamo;
  private final String table;
  private final Client api;

  ApiBatches(LocalStack stack) {
    s3 = stack.s3().client();
    dynamo = stack.dynamo().client();
    table = stack.tables().getFirst();
    api = new Client(stack.gatewayUrl());
  }

  /// Requests with different texts; every `badEvery`th asks for a model that does not exist.
  static String requests(int count, int badEvery) {
    return IntStream.range(0, count)
        .mapToObj(i -> request("c" + i, i % badEvery == badEvery - 1 ? "none" : Client.MODEL))
        .collect(Collectors.joining());
  }

  static String request(String customId, String model) {
    return """
        {"custom_id":"%s","method":"POST","url":"/v1/embeddings",\
        "body":{"model":"%s","input":"text of %s"}}
        """
        .formatted(customId, model, customId);
  }

  /// Puts an input file, and returns its id.
  String upload(String lines) {
    String id = FileIds.random("file-");
    String owner = "stack:" + table;
    String key = FileIds.key(owner, id);
    byte[] bytes = lines.getBytes(UTF_8);
    var _ = s3.putObject(put -> put.bucket(OUT).key(key), RequestBody.fromBytes(bytes));
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    new FileTable(() -> dynamo, table, InstantSource.system())
        .add(
            StoredFile.processed(
                id,
                owner,
                "in.jsonl",
                Purpose.BATCH,
                bytes.length,
                now,
                now.plus(Duration.ofDays(1)),
                OUT,
                key,
                null),
            Deadline.in(Duration.ofSeconds(10)));
    return id;
  }

  /// @param headers names and values in turn
  Client.Reply post(String path, String body, String... headers) {
    return api.post(path, body.replace('\'', '"').getBytes(UTF_8), headers);
  }

  /// The body of a request that makes a batch, with single quotes.
  static String body(String file, String endpoint) {
    return "{'input_file_id':'%s','endpoint':'%s','completion_window':'24h'}"
        .formatted(file, endpoint);
  }

  /// The id of the batch of an answer.
  static String id(Client.Reply reply) throws IOException {
    assertThat(reply.status()).as(new String(reply.body(), UTF_8)).isEqualTo(200);
    return JSON.readTree(reply.body()).path("id").textValue();
  }

  /// Makes a batch, and returns its id.
  String create(String lines) throws IOException {
    Client.Reply reply = post("/v1/batches", body(upload(lines), "/v1/embeddings"));
    assertThat(reply.status()).as(new String(reply.body(), UTF_8)).isEqualTo(200);
    JsonNode batch = JSON.readTree(reply.body());
    assertThat(batch.path("status").textValue()).isEqualTo("validating");
    return batch.path("id").textValue();
  }

  JsonNode get(String path) throws IOException {
    Client.Reply reply = api.get(path);
    assertThat(reply.status()).as(new String(reply.body(), UTF_8)).isEqualTo(200);
    return JSON.readTree(reply.body());
  }

  JsonNode batch(String id) throws IOException {
    return get("/v1/batches/" + id);
  }

  /// Waits until it has ended.
  JsonNode awaitEnd(String id) throws IOException, InterruptedException {
    return await(id, FINAL);
  }

  JsonNode await(String id, Set<String> statuses) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    JsonNode batch = batch(id);
    while (!statuses.contains(batch.path("status").textValue())) {
      assertThat(System.nanoTime() - begun).as("%s", batch).isLessThan(PATIENCE.toNanos());
      Thread.sleep(200);
      batch = batch(id);
    }
    return batch;
  }

  /// The lines of the file that a batch names.
  ///
  /// @param name of the batch's field
  List<JsonNode> lines(JsonNode batch, String name) {
    if (batch.path(name).isNull()) {
      return List.of();
    }
    return text(batch.path(name).textValue())
        .lines()
        .map(
            line -> {
              try {
                return JSON.readTree(line);
              } catch (IOException e) {
                throw new AssertionError(line, e);
              }
            })
        .toList();
  }

  String text(String fileId) {
    String key = FileIds.key("stack:" + table, fileId);
    return s3.getObjectAsBytes(get -> get.bucket(OUT).key(key)).asUtf8String();
  }

  /// Answers and errors, without ids that differ between two batches.
  String output(JsonNode batch) {
    return Stream.of("output_file_id", "error_file_id")
        .flatMap(name -> lines(batch, name).stream())
        .map(line -> line.toString().replaceAll("\"(id|request_id)\":\"[^\"]*\",?", ""))
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    s3.close();
    dynamo.close();
  }
}
