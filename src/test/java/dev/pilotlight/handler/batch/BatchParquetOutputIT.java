package dev.pilotlight.handler.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.input.TestParquet;
import dev.pilotlight.batch.output.parquet.ParquetRows;
import dev.pilotlight.batch.output.parquet.ParquetRows.Row;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.batch.BatchFunction.Event;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/// Batches whose output is a Parquet file.
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BatchParquetOutputIT {
  private static final Map<String, String> PARQUET = Map.of("output-format", "parquet");

  // more windows than a fast machine answers between two checkpoints
  private static final int ROWS = 1_200;

  private static final Fate REFUSE =
      new Fate.Fail(403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>");

  @SuppressWarnings("NullAway.Init")
  private Path root;

  @SuppressWarnings("NullAway.Init")
  private BatchFunction function;

  @BeforeAll
  void start(@TempDir Path models) throws IOException {
    var _ = new TestModels(models).withSample().withClassifier("moods");
    root = models;
    function = function(true);
  }

  private BatchFunction function(boolean versions) throws IOException {
    BatchFunction started =
        new BatchFunction(
            root,
            versions,
            "PILOTLIGHT_DEFAULT_MODEL",
            "moods",
            "PILOTLIGHT_STORE",
            "off",
            "PILOTLIGHT_BATCH_CHECKPOINT_MS",
            "100",
            "PILOTLIGHT_BATCH_WINDOW_ITEMS",
            "5");
    started.setTime(200_000);
    return started;
  }

  @AfterAll
  void stop() {
    function.close();
  }

  private byte[] bytes(String key) {
    return bytes(function, key);
  }

  private static byte[] bytes(BatchFunction of, String key) {
    return of.s3().getObjectAsBytes(get -> get.bucket(BatchFunction.OUT).key(key)).asByteArray();
  }

  /// Answers an object until a call to S3 of some number, when the environment dies.
  private static void killAt(
      BatchFunction function, Event event, Predicate<String> calls, int failing) {
    AtomicInteger count = new AtomicInteger();
    function
        .between()
        .rule(
            call ->
                call.method().equals("PUT")
                        && calls.test(call.uri().toString())
                        && count.incrementAndGet() == failing
                    ? REFUSE
                    : new Fate.Pass());
    assertThatThrownBy(() -> function.send(event)).isInstanceOf(BatchException.class);
    function.passAll();
    function.kill(event.key());
  }

  private void requireNothingElse(String key) {
    assertThat(function.keys(BatchFunction.OUT))
        .noneMatch(name -> name.startsWith(".pilotlight/"))
        .doesNotContain(key + ".out.jsonl");
    assertThat(function.s3().listMultipartUploads(list -> list.bucket(BatchFunction.OUT)).uploads())
        .isEmpty();
  }

  /// The rows that lines of JSON have, each with its model's own columns alone.
  private List<Row> rowsOf(String key) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : function.output(key).orElseThrow().lines().toList()) {
      JsonNode json = Harness.JSON.readTree(line);
      JsonNode score = json.get("score");
      JsonNode tokens = json.get("tokens");
      rows.add(
          new Row(
              json.get("line").asLong(),
              text(json.path("id").isNull() ? null : json.get("id")),
              text(json.get("model")),
              json.has("embedding") ? bits(json.get("embedding")) : null,
              text(json.get("label")),
              score == null ? null : Float.floatToRawIntBits(Float.parseFloat(score.asText())),
              tokens == null ? null : tokens.asLong(),
              text(json.get("result_id")),
              json.has("fields") ? json.get("fields").toString() : null,
              json.has("ignored") ? json.get("ignored").toString() : null));
    }
    return rows;
  }

  private static @Nullable String text(@Nullable JsonNode value) {
    return value == null ? null : value.asText();
  }

  private static List<Integer> bits(JsonNode floats) {
    List<Integer> bits = new ArrayList<>();
    floats.forEach(value -> bits.add(Float.floatToRawIntBits(Float.parseFloat(value.asText()))));
    return bits;
  }

  @Test
  void parquetInAndParquetOutResumesBetweenRows() throws IOException {
    String[] texts = new String[ROWS];
    String[] ids = new String[ROWS];
    for (int i = 0; i < ROWS; i++) {
      texts[i] = i % 50 == 7 ? null : "row ü " + i;
      ids[i] = "r" + i;
    }
    byte[] content = new TestParquet().texts("text", texts).texts("id", ids).cut(500, 70).write();
    Event event = function.put("rows.parquet", content, PARQUET);
    killAt(
        function, event, uri -> uri.contains(".pilotlight/batches/") && uri.contains("/out-"), 2);
    assertThat(function.send(event)).containsExactly("done");
    byte[] file = bytes("rows.parquet.out.parquet");
    requireNothingElse("rows.parquet");
    JsonNode summary = function.json("rows.parquet.summary.json");
    assertThat(summary.at("/output/key").asText()).isEqualTo("rows.parquet.out.parquet");
    assertThat(summary.at("/output/bytes").asInt()).isEqualTo(file.length);
    assertThat(summary.path("failed").asInt()).isEqualTo(24);
    assertThat(function.output("rows.parquet.errors.jsonl").orElseThrow().lines()).hasSize(24);

    assertThat(function.send(function.put("rows.parquet", content, Map.of()))).contains("done");
    assertThat(ParquetRows.read(file)).hasSize(ROWS).isEqualTo(rowsOf("rows.parquet.out.jsonl"));
    assertThat(function.keys(BatchFunction.OUT))
        .as("the newer version's output replaces it")
        .doesNotContain("rows.parquet.out.parquet");
    assertThat(function.send(function.put("again.parquet", content, PARQUET))).contains("done");
    assertThat(bytes("again.parquet.out.parquet")).as("undisturbed").isEqualTo(file);
  }

  @Test
  @OnlyInFaults
  void fileOfSeveralRowGroupsResumesBetweenThem() {
    StringBuilder csv = new StringBuilder("text,id,much\n");
    String much = "z".repeat(200_000);
    for (int i = 0; i < 110; i++) {
      csv.append("t").append(i % 9).append(',').append(i).append(",").append(much).append('\n');
    }
    byte[] content = csv.toString().getBytes(UTF_8);
    Map<String, String> metadata = Map.of("output-format", "parquet", "fields", "carry");
    Event event = function.put("much.csv", content, metadata);
    killAt(
        function,
        event,
        uri -> uri.contains("much.csv.out.parquet") && uri.contains("partNumber=2"),
        1);
    assertThat(function.send(event)).containsExactly("done");
    byte[] file = bytes("much.csv.out.parquet");
    requireNothingElse("much.csv");
    assertThat(ParquetRows.groups(file)).isGreaterThan(1);
    List<Row> rows = ParquetRows.read(file);
    assertThat(rows).hasSize(110);
    assertThat(rows.getLast().fields()).isEqualTo("{\"much\":\"" + much + "\"}");

    Event again = function.put("much2.csv", content, metadata);
    killAt(
        function,
        again,
        uri -> uri.contains("much2.csv.out.parquet") && uri.contains("partNumber=2"),
        1);
    function.keys(BatchFunction.OUT).stream()
        .filter(key -> key.endsWith("/answers.jsonl"))
        .forEach(key -> function.s3().deleteObject(o -> o.bucket(BatchFunction.OUT).key(key)));
    assertThat(function.send(again)).containsExactly("done");
    assertThat(bytes("much2.csv.out.parquet")).as("from its beginning").isEqualTo(file);
    requireNothingElse("much2.csv");
  }

  @Test
  void embeddingsHaveTheBitsOfTheLines() throws IOException {
    byte[] content =
        """
        {"id":"größer","text":"one"}
        {"id":7,"text":"two","stars":5}
        {"text":"three","model":"moods"}
        broken
        {"id":"list","inputs":["four"]}
        {"custom_id":"c","method":"POST","url":"/v1/embeddings","body":{"input":"a"}}
        """
            .getBytes(UTF_8);
    String model = TestModels.SAMPLE;
    Map<String, String> parquet = Map.of("output-format", "parquet", "model", model);
    assertThat(function.send(function.put("few.jsonl", content, parquet))).contains("done");
    List<Row> rows = ParquetRows.read(bytes("few.jsonl.out.parquet"));
    String errors = function.output("few.jsonl.errors.jsonl").orElseThrow();
    assertThat(errors)
        .contains("which cannot hold the answer to a list of texts; accepted: a line with one text")
        .contains("which cannot hold the answer to a request; accepted: a line with one text");
    assertThat(rows).extracting(Row::id).containsExactly("größer", "7", null, null, "list", "c");
    assertThat(rows.get(1).ignored()).isEqualTo("[\"stars\"]");
    assertThat(rows.get(2).label()).isNotNull();
    assertThat(rows.subList(3, 6)).allMatch(row -> row.embedding() == null && row.model() == null);

    Map<String, String> lines = Map.of("model", model);
    assertThat(function.send(function.put("few.jsonl", content, lines))).contains("done");
    assertThat(rows.subList(0, 3)).isEqualTo(rowsOf("few.jsonl.out.jsonl").subList(0, 3));
  }

  @Test
  void objectWithoutLinesIsAFileWithoutRows() {
    assertThat(function.send(function.put("none.txt", new byte[0], PARQUET))).contains("done");
    assertThat(ParquetRows.read(bytes("none.txt.out.parquet"))).isEmpty();
    requireNothingElse("none.txt");
  }

  @Test
  void objectOfAnotherWriterIsKept() {
    byte[] content = "one".getBytes(UTF_8);
    String converted = "own.txt.out.parquet";
    function
        .s3()
        .putObject(
            put -> put.bucket(BatchFunction.OUT).key(converted), RequestBody.fromBytes(content));
    assertThat(function.send(function.put("own.txt", content, Map.of()))).contains("done");
    assertThat(bytes(converted)).isEqualTo(content);
  }

  @Test
  void batchWhoseFormChangesBeginsAgain() throws IOException {
    Map<String, String> lines = Map.of("model", TestModels.SAMPLE);
    Map<String, String> parquet = Map.of("model", TestModels.SAMPLE, "output-format", "parquet");
    StringBuilder texts = new StringBuilder();
    for (int i = 0; i < 600; i++) {
      texts.append("text ").append(i).append('\n');
    }
    byte[] content = texts.toString().getBytes(UTF_8);
    try (BatchFunction plain = function(false)) {
      Event event = plain.put("form.txt", content, lines);
      killAt(plain, event, uri -> uri.contains(".pilotlight/batches/") && uri.contains("/out-"), 2);
      // an event without the id of a version means the object of these bytes that is there
      Event next = plain.put("form.txt", content, parquet);
      assertThat(plain.send(event)).containsExactly("done");
      byte[] file = bytes(plain, "form.txt.out.parquet");
      assertThat(plain.send(next)).containsExactly("done");
      assertThat(bytes(plain, "form.txt.out.parquet")).isEqualTo(file);
    }
  }

  @Test
  void otherFormsAreRefused() {
    Map.of(
            Map.of("output-format", "csv"),
            "output-format csv; accepted: jsonl, parquet",
            Map.of("output-format", "parquet", "encoding-format", "base64"),
            "encoding-format base64; accepted: float with output-format parquet")
        .forEach(
            (metadata, message) ->
                assertThatThrownBy(
                        () -> function.send(function.put("no.txt", "a".getBytes(UTF_8), metadata)))
                    .hasMessageContaining("the object's metadata have " + message));
  }
}
