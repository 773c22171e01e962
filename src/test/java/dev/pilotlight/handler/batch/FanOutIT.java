package dev.pilotlight.handler.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.claim.TestProgress;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.suite.OnlyInFaults;
import dev.pilotlight.suite.Soak;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// An object in shards has the same bytes as one that is answered by one invocation after the
/// other.
final class FanOutIT extends FanOutHarness {
  private static final int LINES = Soak.amount(18, 33);

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private FanOutOutput answered(String key, byte[] content, Map<String, String> metadata) {
    FanOutOutput chain = function.answerInChain(key, content, metadata);
    requireDone(function.run(key));
    FanOutOutput output = function.output(key);
    output.requireSame(chain);
    requireCleanedUp();
    return output;
  }

  @Test
  void shardsOfRequestsGiveTheSameBytesAlsoForIdsThatOccurInSeveral() {
    FanOutOutput output = answered("a.jsonl", lines(LINES), NO_METADATA);
    assertThat(output.summary().get("shards").asInt()).isEqualTo(Math.ceilDiv(LINES, 5));
    assertThat(output.errors()).contains("line 1 has this custom_id, too");
    assertThat(function.notice("a.jsonl").at("/batches/0/ending").asText()).isEqualTo("fanned-out");
    assertThat(function.plan("a.jsonl", "another").get("outcome").asText())
        .isEqualTo("done-before");
  }

  @ParameterizedTest
  @CsvSource({"b.csv", "b.jsonl.gz"})
  void everyFormGivesTheSameBytes(String key) throws IOException {
    String delimiter = key.endsWith("tsv") ? "\t" : ",";
    byte[] content =
        switch (key) {
          case "b.txt" -> "\ufeffeins\r\n\nzwei é\n%s".formatted("x\n".repeat(8)).getBytes(UTF_8);
          case "b.jsonl.gz" -> gzip(lines(12));
          default ->
              ("id,text\n" + "1,\"two\nlines, \"\"quoted\"\"\"\n2,plain\n3,\"open\n4,x\n".repeat(3))
                  .replace(",", delimiter)
                  .getBytes(UTF_8);
        };
    FanOutOutput output = answered(key, content, NO_METADATA);
    assertThat(output.summary().get("shards").asInt())
        .isEqualTo(key.endsWith("gz") ? 1 : output.out().lines().count() / 5 + 1);
  }

  @ParameterizedTest
  @CsvSource({"b.txt", "b.tsv"})
  @OnlyInFaults
  void otherFormsGiveTheSameBytes(String key) throws IOException {
    everyFormGivesTheSameBytes(key);
  }

  @Test
  void largeShardsAreJoinedByS3() {
    // so many bytes of each line return in its answer
    String column = "y".repeat(1_100_000);
    String lines =
        IntStream.range(0, 5)
            .mapToObj(i -> "{\"text\":\"t%d\",\"c\":\"%s\"}\n".formatted(i, column))
            .collect(Collectors.joining());
    FanOutOutput output =
        answered("large.jsonl", (lines + "{}\n").getBytes(UTF_8), Map.of("fields", "carry"));
    assertThat(output.out().length()).isGreaterThan(5 * (1 << 20));
    assertThat(function.calls().toS3())
        .as("parts that S3 copies have no body")
        .anyMatch(
            call ->
                call.method().equals("PUT")
                    && call.uri().toString().contains("partNumber=")
                    && call.uri().toString().contains("large.jsonl.out.jsonl")
                    && call.body().isEmpty());
  }

  /// In the short form, at some of them.
  @ParameterizedTest
  @ValueSource(strings = "jsonl")
  void killAtAnyCallOfAnyStepChangesNothing(String form) {
    String key = "killed.jsonl";
    byte[] content = lines(Soak.amount(6, 12));
    FanOutOutput chain = function.answerInChain(key, content, Map.of("output-format", form));
    function.calls().killAt(_ -> false);
    requireDone(function.run(key));
    int calls = function.calls().count();
    for (int at : disturbed(calls).toArray()) {
      function.forget();
      function.calls().killAt(call -> call == at);
      assertThat(function.run(key).get("outcome").asText())
          .as("after a kill at call %d of %d", at, calls)
          .isIn("done", "done-before");
      function.output(key).requireSame(chain);
      requireCleanedUp();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = "parquet")
  @OnlyInFaults
  void killAtAnyCallOfAnyStepChangesNothingOfAParquetFile(String form) {
    killAtAnyCallOfAnyStepChangesNothing(form);
  }

  @Test
  void stepsThatComeTwiceAtTheSameTimeChangeNothing() throws Exception {
    String key = "twice.jsonl";
    FanOutOutput chain = function.answerInChain(key, lines(12), NO_METADATA);
    JsonNode planned = function.plan(key, FanOutFunction.EXECUTION);
    List<JsonNode> shards = function.plan(planned);
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Callable<JsonNode>> twice =
          IntStream.range(0, 2 * shards.size())
              .<Callable<JsonNode>>mapToObj(
                  i -> () -> function.answer(planned, shards.get(i % shards.size())))
              .toList();
      for (Future<JsonNode> answer : threads.invokeAll(twice)) {
        assertThat(answer.get().get("outcome").asText()).isEqualTo("done");
      }
      List<Callable<JsonNode>> published =
          List.of(
              () -> function.publish(planned, FanOutFunction.EXECUTION),
              () -> function.publish(planned, FanOutFunction.EXECUTION));
      assertThat(
              threads.invokeAll(published).stream()
                  .map(Future::resultNow)
                  .map(answer -> answer.get("outcome").asText()))
          .containsExactlyInAnyOrder("done", "done-before");
    }
    function.output(key).requireSame(chain);
    requireCleanedUp();
  }

  @Test
  @OnlyInFaults
  void shardWhoseObjectIsGoneIsAnsweredOnceMoreBeforePublishing() {
    String key = "lost.jsonl";
    FanOutOutput chain = function.answerInChain(key, lines(12), NO_METADATA);
    JsonNode planned = function.plan(key, FanOutFunction.EXECUTION);
    List<JsonNode> shards = function.plan(planned);
    requireDone(function.answer(planned, shards.get(1)));
    function.keys(".pilotlight/").stream()
        .filter(object -> object.endsWith("out.jsonl"))
        .forEach(function::delete);
    requireDone(function.publish(planned, FanOutFunction.EXECUTION));
    function.output(key).requireSame(chain);
    requireCleanedUp();
  }

  @Test
  void shardOfAReleaseThatKnewNoPlansIsNotAnsweredAgain() {
    String key = "older.jsonl";
    FanOutOutput chain = function.answerInChain(key, lines(9), NO_METADATA);
    JsonNode planned = function.plan(key, FanOutFunction.EXECUTION);
    List<JsonNode> shards = function.plan(planned);
    requireDone(function.answer(planned, shards.get(0)));
    recordDigestsAlone();
    requireDone(function.answer(planned, shards.get(1)));
    function.calls().forget();

    requireDone(function.publish(planned, FanOutFunction.EXECUTION));

    assertThat(function.calls().toS3())
        .filteredOn(call -> call.uri().getPath().endsWith("/out.jsonl"))
        .extracting(Between.Call::method)
        .doesNotContain("PUT", "POST");
    function.output(key).requireSame(chain);
  }

  private void recordDigestsAlone() {
    try (DynamoDbClient table = function.dynamo().client()) {
      for (var item : table.scan(scan -> scan.tableName(FanOutFunction.TABLE)).items()) {
        AttributeValue progress = item.get("progress");
        if (progress != null) {
          Map<String, AttributeValue> older = new HashMap<>(item);
          older.put("progress", TestProgress.withDigestsAlone(progress));
          var _ = table.putItem(put -> put.tableName(FanOutFunction.TABLE).item(older));
        }
      }
    }
  }

  @Test
  void newerVersionThatOneInvocationAnswersLeavesNothingOfTheShards() {
    String key = "newer.jsonl";
    FanOutOutput _ = function.answerInChain(key, lines(12), NO_METADATA);
    JsonNode planned = function.plan(key, FanOutFunction.EXECUTION);
    List<JsonNode> shards = function.plan(planned);
    requireDone(function.answer(planned, shards.get(0)));
    function.putNewer(key, lines(6));
    requireDone(function.answer(planned, shards.get(1)));
    assertThat(function.publish(planned, FanOutFunction.EXECUTION).get("outcome").asText())
        .isEqualTo("done-before");
    assertThat(function.output(key).out().lines()).hasSize(6);
    assertThat(function.keys(".pilotlight/")).isEmpty();
  }
}
