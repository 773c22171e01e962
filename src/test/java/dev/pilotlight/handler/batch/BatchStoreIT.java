package dev.pilotlight.handler.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.input.TestParquet;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultCodec;
import dev.pilotlight.domain.packed.PackedId;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.local.runtime.Between.Call;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.store.packed.PackReader;
import dev.pilotlight.suite.OnlyInFaults;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// `PILOTLIGHT_BATCH_STORE`: where results of batches are kept, and what follows for their lines.
final class BatchStoreIT {
  private static final String KEY = "moods.jsonl";
  private static final String OWNER = "stack:results";
  private static final int LINES = 320;
  private static final int DIFFERENT = 80;
  private static final String TEXTS =
      IntStream.range(0, LINES)
          .mapToObj(i -> "{\"id\":%d,\"text\":\"text %d\"}\n".formatted(i, i % DIFFERENT))
          .collect(Collectors.joining());

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path root;

  private final List<BatchFunction> functions = new ArrayList<>();

  private BatchFunction start(String store) throws Exception {
    BatchFunction function =
        BatchFunction.withClassifier(
            root,
            "PILOTLIGHT_BATCH_STORE",
            store,
            "PILOTLIGHT_LARGE_BUCKET",
            BatchFunction.MODELS,
            "PILOTLIGHT_BATCH_CHECKPOINT_MS",
            "100",
            "PILOTLIGHT_BATCH_LEASE_MS",
            "1000",
            "PILOTLIGHT_BATCH_PATIENCE_MS",
            "2000",
            "PILOTLIGHT_BATCH_WINDOW_ITEMS",
            "8");
    functions.add(function);
    return function;
  }

  @AfterEach
  void stop() {
    functions.forEach(BatchFunction::close);
  }

  @ParameterizedTest
  @ValueSource(strings = "packed")
  void disturbedRunHasTheBytesOfAnUndisturbedOne(String store) throws Exception {
    BatchFunction function = start(store);
    assertThat(function.send(function.put(KEY, TEXTS))).containsExactly("done");
    String undisturbed = function.output(KEY + ".out.jsonl").orElseThrow();

    AtomicInteger calls = new AtomicInteger();
    function.between().rule(call -> refuseSecond(call, calls));
    BatchFunction.Event again = function.put(KEY, TEXTS);
    assertThatThrownBy(() -> function.send(again)).isInstanceOf(BatchException.class);
    function.passAll();
    assertThat(function.send(again)).containsExactly("done");

    assertThat(function.output(KEY + ".out.jsonl")).contains(undisturbed);
    JsonNode summary = function.json(KEY + ".summary.json");
    assertThat(summary.path("invocations").asInt()).isEqualTo(2);
    assertThat(summary.path("store").asText()).isEqualTo(store);
    assertThat(summary.path("hits").asInt() + summary.path("runs").asInt()).isEqualTo(LINES);
    requireEqualTextsToHaveEqualAnswers(undisturbed);
    if (store.equals("packed")) {
      requireAllFoundById(function);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"table", "off", "none"})
  @OnlyInFaults
  void disturbedRunWithAnotherStoreHasTheBytesOfAnUndisturbedOne(String store) throws Exception {
    disturbedRunHasTheBytesOfAnUndisturbedOne(store);
  }

  /// Fails the run at its second checkpoint, or at its end on a machine that comes to it first.
  private static Fate refuseSecond(Call call, AtomicInteger checkpoints) {
    boolean isTail = call.uri().getPath().contains("/out-");
    boolean isEnd = call.uri().getPath().endsWith(".out.jsonl");
    return call.method().equals("PUT") && (isEnd || (isTail && checkpoints.incrementAndGet() >= 2))
        ? new Fate.Fail(403, "<Error><Code>AccessDenied</Code></Error>")
        : new Fate.Pass();
  }

  private static void requireEqualTextsToHaveEqualAnswers(String out) throws Exception {
    Map<Integer, String> answers = new HashMap<>();
    for (String line : out.lines().toList()) {
      JsonNode answer = Harness.JSON.readTree(line);
      String first =
          answers.putIfAbsent(
              answer.get("id").asInt() % DIFFERENT, answer.get("label") + "" + answer.get("score"));
      assertThat(first).isIn(null, answer.get("label") + "" + answer.get("score"));
    }
    assertThat(answers).hasSize(DIFFERENT);
  }

  private static void requireAllFoundById(BatchFunction function) throws Exception {
    PackReader packs =
        new PackReader(
            function.s3(), BatchFunction.MODELS, Duration.ofSeconds(20), InstantSource.system());
    for (String line : function.output(KEY + ".out.jsonl").orElseThrow().lines().toList()) {
      JsonNode answer = Harness.JSON.readTree(line);
      PackedId id = PackedId.read(answer.get("result_id").asText()).orElseThrow();
      assertThat(id.line()).isEqualTo(answer.get("line").asLong());
      Meter meter = new Meter();
      Result result = ResultCodec.decode(packs.find(id, OWNER, meter).orElseThrow().value());
      assertThat(result.output("score").floats()[0]).isEqualTo(answer.get("score").floatValue());
      assertThat(List.of(meter.puts(), meter.gets())).containsExactly(1L, 2L);
      assertThat(packs.find(id, "stack:another", new Meter())).isEmpty();
      assertThat(packs.find(id, OWNER + "#1", new Meter())).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"packed", "off", "none"})
  void noResultIsWrittenToTheTable(String store) throws Exception {
    BatchFunction function = start(store);
    assertThat(function.send(function.put(KEY, TEXTS))).containsExactly("done");
    assertThat(keys(function)).allMatch(key -> key.startsWith("batch#"));
    boolean packed = store.equals("packed");
    assertThat(function.keys(BatchFunction.MODELS).isEmpty()).isEqualTo(!packed);
    assertThat(function.output(KEY + ".out.jsonl").orElseThrow().contains("result_id"))
        .isEqualTo(packed);
  }

  /// Its last group of rows is damaged, which is noticed when it comes to it.
  @Test
  void batchThatEndsWithoutAnOutputLeavesNoPacks() throws Exception {
    String[] texts =
        IntStream.range(0, LINES).mapToObj("text %d"::formatted).toArray(String[]::new);
    byte[] file = new TestParquet().texts("text", texts).cut(40, 40).write();
    int last = new String(file, StandardCharsets.ISO_8859_1).lastIndexOf("text 319");
    file[last - 1] = 0x7f; // its length
    BatchFunction function = start("packed");
    AtomicInteger packs = new AtomicInteger();
    function.between().rule(call -> counted(call, packs));
    BatchFunction.Event event = function.put("damaged.parquet", file, Map.of());
    assertThatThrownBy(() -> function.send(event)).isInstanceOf(BatchException.Unreadable.class);
    assertThat(packs).hasPositiveValue();
    assertThat(function.keys(BatchFunction.MODELS)).isEmpty();
  }

  private static Fate counted(Call call, AtomicInteger packs) {
    if (call.method().equals("PUT") && call.uri().getPath().contains("results/packed/")) {
      packs.incrementAndGet();
    }
    return new Fate.Pass();
  }

  private static List<String> keys(BatchFunction function) {
    try (DynamoDbClient table = function.dynamo().client()) {
      return table.scan(scan -> scan.tableName("results")).items().stream()
          .map(item -> Objects.requireNonNull(item.get("pk")).s())
          .toList();
    }
  }

  @Test
  void requestsAndTensorsHaveNoIdsOfResultsThatAreNotKept() throws Exception {
    BatchFunction function = start("off");
    String lines =
        """
        {"custom_id":"a","method":"POST","url":"/v2/models/moods/infer",\
        "body":{"inputs":[{"name":"text","shape":[1],"datatype":"BYTES","data":["hello"]}]}}
        {"id":"b","inputs":["x","y"]}
        """;
    assertThat(function.send(function.put("ids.jsonl", lines))).containsExactly("done");
    String out = function.output("ids.jsonl.out.jsonl").orElseThrow();
    assertThat(out).doesNotContain("result_id").contains("\"outputs\":[", "\"labels\":[");
    assertThat(function.output("ids.jsonl.errors.jsonl")).isEmpty();
  }

  @Test
  void unknownStoreIsRefusedWithTheAcceptedOnes() {
    assertThatThrownBy(() -> start("disk"))
        .hasMessageContainingAll("PILOTLIGHT_BATCH_STORE", "disk", "table, packed, off, none");
  }

  @Test
  void packedNeedsABucket() {
    assertThatThrownBy(() -> BatchFunction.withClassifier(root, "PILOTLIGHT_BATCH_STORE", "packed"))
        .hasMessageContainingAll("PILOTLIGHT_BATCH_STORE", "PILOTLIGHT_LARGE_BUCKET", "table, off");
  }
}
