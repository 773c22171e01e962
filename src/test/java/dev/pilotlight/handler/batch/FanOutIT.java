package dev.pilotlight.handler.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.suite.Soak;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An object in shards has the same bytes as one that is answered by one invocation after the
/// other.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FanOutIT {
  private static final Map<String, String> NO_METADATA = Map.of();
  private static final int KILLED_EVERY = Soak.amount(29, 1);

  @SuppressWarnings("NullAway.Init")
  private FanOutFunction function;

  @BeforeAll
  void start(@TempDir Path root) throws IOException {
    function = new FanOutFunction(root, "PILOTLIGHT_BATCH_SHARD_LINES", "5");
  }

  @AfterAll
  void stop() {
    function.close();
  }

  @AfterEach
  void undisturbed() {
    function.killAt(_ -> false);
    function.revive();
    function.forget();
  }

  /// Every third line is a request, whose id line after line occurs again in later shards.
  private static byte[] lines(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                switch (i % 6) {
                  case 0, 3 ->
                      """
                      {"custom_id":"c%d","method":"POST","url":"/v2/models/moods/infer",\
                      "body":{"inputs":[{"name":"text","datatype":"BYTES","shape":[1],\
                      "data":["request %d"]}]}}"""
                          .formatted(i % 9, i);
                  case 4 -> "broken";
                  default -> "{\"id\":%d,\"text\":\"größer als %d\"}".formatted(i, i);
                })
        .collect(Collectors.joining("\r\n"))
        .getBytes(UTF_8);
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  /// Neither objects nor uploads, and of the items only that of the whole object.
  private void requireNothingLeft() {
    assertThat(function.keys(".pilotlight/")).isEmpty();
    assertThat(function.uploads()).isEmpty();
    assertThat(function.items()).isOne();
  }

  private FanOutOutput answered(String key, byte[] content, Map<String, String> metadata) {
    FanOutOutput chain = function.answerInChain(key, content, metadata);
    assertThat(function.run(key).get("outcome").asText()).isEqualTo("done");
    FanOutOutput output = function.output(key);
    output.requireSame(chain);
    requireNothingLeft();
    return output;
  }

  @Test
  void shardsOfRequestsGiveTheSameBytesAlsoForIdsThatOccurInSeveral() {
    FanOutOutput output = answered("a.jsonl", lines(33), NO_METADATA);
    assertThat(output.summary().get("shards").asInt()).isEqualTo(7);
    assertThat(output.errors()).contains("line 1 has this custom_id, too");
    assertThat(function.notice("a.jsonl").at("/batches/0/ending").asText()).isEqualTo("fanned-out");
    assertThat(function.plan("a.jsonl", "another").get("outcome").asText())
        .isEqualTo("done-before");
  }

  @ParameterizedTest
  @CsvSource({"b.txt", "b.csv", "b.tsv", "b.jsonl.gz"})
  void everyFormGivesTheSameBytes(String key) throws IOException {
    String delimiter = key.endsWith("tsv") ? "\t" : ",";
    byte[] content =
        switch (key) {
          case "b.txt" -> "\ufeffeins\r\n\nzwei é\n%s".formatted("x\n".repeat(20)).getBytes(UTF_8);
          case "b.jsonl.gz" -> gzip(lines(20));
          default ->
              ("id,text\n" + "1,\"two\nlines, \"\"quoted\"\"\"\n2,plain\n3,\"open\n4,x\n".repeat(6))
                  .replace(",", delimiter)
                  .getBytes(UTF_8);
        };
    FanOutOutput output = answered(key, content, NO_METADATA);
    assertThat(output.summary().get("shards").asInt())
        .isEqualTo(key.endsWith("gz") ? 1 : output.out().lines().count() / 5 + 1);
  }

  @Test
  void largeShardsAreJoinedByS3() {
    // so many bytes of each line return in its answer
    String column = "y".repeat(1_100_000);
    String lines =
        IntStream.range(0, 11)
            .mapToObj(i -> "{\"text\":\"t%d\",\"c\":\"%s\"}\n".formatted(i, column))
            .collect(Collectors.joining());
    FanOutOutput output =
        answered("large.jsonl", (lines + "{}\n").getBytes(UTF_8), Map.of("fields", "carry"));
    assertThat(output.out().length()).isGreaterThan(2 * 5 * (1 << 20));
  }

  /// In the short form, at some of them.
  @Test
  void killAtAnyCallOfAnyStepChangesNothing() {
    String key = "killed.jsonl";
    byte[] content = lines(12);
    FanOutOutput chain = function.answerInChain(key, content, NO_METADATA);
    function.killAt(_ -> false);
    assertThat(function.run(key).get("outcome").asText()).isEqualTo("done");
    int calls = function.calls();
    for (int i = 0; i < calls; i += KILLED_EVERY) {
      function.forget();
      int at = i;
      function.killAt(call -> call == at);
      assertThat(function.run(key).get("outcome").asText())
          .as("after a kill at call %d of %d", at, calls)
          .isIn("done", "done-before");
      function.output(key).requireSame(chain);
      requireNothingLeft();
    }
  }

  @Test
  void stepsThatComeTwiceAtTheSameTimeChangeNothing() throws Exception {
    String key = "twice.jsonl";
    FanOutOutput chain = function.answerInChain(key, lines(21), NO_METADATA);
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
    requireNothingLeft();
  }

  @Test
  void shardWhoseObjectIsGoneIsAnsweredOnceMoreBeforePublishing() {
    String key = "lost.jsonl";
    FanOutOutput chain = function.answerInChain(key, lines(12), NO_METADATA);
    JsonNode planned = function.plan(key, FanOutFunction.EXECUTION);
    List<JsonNode> shards = function.plan(planned);
    assertThat(function.answer(planned, shards.get(1)).get("outcome").asText()).isEqualTo("done");
    function.keys(".pilotlight/").stream()
        .filter(object -> object.endsWith("out.jsonl"))
        .forEach(function::delete);
    JsonNode published = function.publish(planned, FanOutFunction.EXECUTION);
    assertThat(published.get("outcome").asText()).isEqualTo("done");
    function.output(key).requireSame(chain);
    requireNothingLeft();
  }

  @Test
  void failedExecutionLeavesItsReasonAndAnotherOneContinuesWithItsShards() {
    String key = "failed.jsonl";
    FanOutOutput chain = function.answerInChain(key, lines(12), NO_METADATA);
    JsonNode planned = function.plan(key, FanOutFunction.EXECUTION);
    List<JsonNode> shards = function.plan(planned);
    assertThat(function.plan(key, "another").get("outcome").asText()).isEqualTo("held");
    assertThat(function.answer(planned, shards.get(0)).get("outcome").asText()).isEqualTo("done");
    String cause = "{\"errorMessage\":\"S3 is away\"}";
    String error = "dev.pilotlight.batch.s3.BatchException$Unavailable";
    assertThat(function.fail(key, error, cause).get("outcome").asText()).isEqualTo("failed");
    assertThat(function.read(key + ".failed.json").orElseThrow())
        .contains("S3 is away", "\"final\":false", "fan-out:one");
    // what another execution takes over, the first one leaves to it
    JsonNode again = function.plan(key, "another");
    assertThat(again.get("shards")).isEqualTo(planned.get("shards"));
    assertThat(function.answer(planned, shards.get(1)).get("outcome").asText()).isEqualTo("done");
    assertThat(function.publish(planned, FanOutFunction.EXECUTION).get("outcome").asText())
        .isEqualTo("superseded");
    assertThat(function.publish(planned, "another").get("outcome").asText()).isEqualTo("done");
    function.output(key).requireSame(chain);
    requireNothingLeft();
    assertThat(function.read(key + ".failed.json")).isEmpty();
  }

  @Test
  void newerVersionThatOneInvocationAnswersLeavesNothingOfTheShards() {
    String key = "newer.jsonl";
    FanOutOutput _ = function.answerInChain(key, lines(12), NO_METADATA);
    JsonNode planned = function.plan(key, FanOutFunction.EXECUTION);
    List<JsonNode> shards = function.plan(planned);
    assertThat(function.answer(planned, shards.get(0)).get("outcome").asText()).isEqualTo("done");
    function.putNewer(key, lines(6));
    assertThat(function.answer(planned, shards.get(1)).get("outcome").asText()).isEqualTo("done");
    assertThat(function.publish(planned, FanOutFunction.EXECUTION).get("outcome").asText())
        .isEqualTo("done-before");
    assertThat(function.output(key).out().lines()).hasSize(6);
    assertThat(function.keys(".pilotlight/")).isEmpty();
  }

  @Test
  void objectThatCannotBeReadFailsForGood() {
    String key = "wrong.csv";
    byte[] content = "no,such,column\n1,2,3\n".getBytes(UTF_8);
    try {
      var _ = function.answerInChain(key, content, NO_METADATA);
    } catch (RuntimeException e) {
      function.forget();
    }
    assertThatThrownBy(() -> function.plan(key, FanOutFunction.EXECUTION))
        .hasMessageContaining("has no column \"text\"");
  }
}
