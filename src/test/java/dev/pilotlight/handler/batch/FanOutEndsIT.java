package dev.pilotlight.handler.batch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.suite.OnlyInFaults;
import dev.pilotlight.suite.Soak;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// An object in shards that fails, or is cancelled or deleted.
final class FanOutEndsIT extends FanOutHarness {
  @Test
  void cancelledBatchPublishesTheAnswersOfItsShards() {
    String key = "cancelled.jsonl";
    List<String> chain = function.answerInChain(key, lines(18), NO_METADATA).out().lines().toList();
    JsonNode planned = function.plan(key, FanOutFunction.EXECUTION);
    List<JsonNode> shards = function.plan(planned);
    requireDone(function.answer(planned, shards.get(3)));
    requireDone(function.answer(planned, shards.get(1)));
    function.cancel(key);
    for (JsonNode shard : shards) {
      requireDone(function.answer(planned, shard));
    }
    requireDone(function.publish(planned, FanOutFunction.EXECUTION));
    FanOutOutput output = function.output(key);
    assertThat(output.out().lines())
        .containsExactlyElementsOf(
            Stream.concat(chain.subList(5, 10).stream(), chain.subList(15, 18).stream()).toList());
    assertThat(output.summary().get("cancelled").asBoolean()).isTrue();
    assertThat(output.summary().get("lines").asInt()).isEqualTo(8);
    requireCleanedUp();
  }

  @Test
  void batchThatIsCancelledBeforeItsPlanAnswersNothing() {
    String key = "early.jsonl";
    FanOutOutput _ = function.answerInChain(key, lines(12), NO_METADATA);
    function.cancel(key);
    requireDone(function.run(key));
    FanOutOutput output = function.output(key);
    assertThat(output.out()).isEmpty();
    assertThat(output.summary().get("lines").asInt()).isZero();
    assertThat(output.summary().get("cancelled").asBoolean()).isTrue();
    requireCleanedUp();
  }

  @Test
  @OnlyInFaults
  void uploadThatAnOlderVersionInOneChainBeganIsAborted() {
    String key = "begun.jsonl";
    FanOutOutput _ = function.answerInChain(key, lines(6), NO_METADATA);
    String batch = function.plan(key, FanOutFunction.EXECUTION).get("batch").asText();
    function.beginUpload(".pilotlight/batches/%s/answers.jsonl".formatted(batch));
    requireDone(function.run(key));
    requireCleanedUp();
  }

  @Test
  void parquetFileWithoutRowsBeginsAgainWhenItsUploadIsGone() {
    String key = "upload.jsonl";
    function.put(key, lines(6), Map.of("output-format", "parquet"));
    function.cancel(key);
    AtomicBoolean aborted = new AtomicBoolean();
    function
        .calls()
        .before(
            call -> {
              if (call.method().equals("POST")
                  && call.uri().toString().contains(".out.parquet?uploadId=")
                  && !aborted.getAndSet(true)) {
                function.abortUploads();
              }
            });
    requireDone(function.run(key));
    assertThat(aborted).isTrue();
    assertThat(function.output(key).summary().get("lines").asInt()).isZero();
    requireCleanedUp();
  }

  @Test
  @OnlyInFaults
  void cancelAtAnyCallOfAnyStepPublishesAnswersOfTheWholeObject() {
    String key = "ended.jsonl";
    byte[] content = lines(Soak.amount(6, 12));
    List<String> chain = function.answerInChain(key, content, NO_METADATA).out().lines().toList();
    function.calls().killAt(_ -> false);
    requireDone(function.run(key));
    int calls = function.calls().count();
    int cut = 0;
    int whole = 0;
    for (int at : disturbed(calls).toArray()) {
      function.forget();
      function
          .calls()
          .killAt(
              call -> {
                if (call == at) {
                  function.cancel(key);
                }
                return false;
              });
      requireDone(function.run(key));
      FanOutOutput output = function.output(key);
      List<String> out = output.out().lines().toList();
      assertThat(out)
          .as("cancelled at call %d of %d", at, calls)
          .isEqualTo(chain.stream().filter(out::contains).toList());
      assertThat(output.summary().get("lines").asInt()).isEqualTo(out.size());
      assertThat(output.summary().has("cancelled")).isEqualTo(out.size() < chain.size());
      if (out.size() < chain.size()) {
        cut++;
      } else {
        whole++;
      }
      requireCleanedUp();
    }
    assertThat(cut).as("runs that ended early, of %d calls", calls).isPositive();
    assertThat(whole).as("runs of all lines, of %d calls", calls).isPositive();
  }

  @Test
  void objectThatIsDeletedLeavesNothingOfItsPlan() {
    String key = "deleted.jsonl";
    FanOutOutput _ = function.answerInChain(key, lines(12), NO_METADATA);
    JsonNode planned = function.plan(key, FanOutFunction.EXECUTION);
    function.deleteInput(key);
    requireDone(function.answer(planned, function.plan(planned).get(0)));
    assertThat(function.publish(planned, FanOutFunction.EXECUTION).get("outcome").asText())
        .isEqualTo("gone");
    requireCleanedUp();
  }

  @Test
  void objectOfMoreShardsThanCanBeJoinedIsRefusedByThePlan() {
    String key = "many.txt";
    function.put(key, "x\n".repeat(9_900 * 5 + 1).getBytes(UTF_8), NO_METADATA);
    assertThatThrownBy(() -> function.plan(key, FanOutFunction.EXECUTION))
        .hasMessageContaining("has more than 9900 shards; set larger");
  }

  @Test
  void mapFailureKeepsNoteOfShardAndShardDeletesItWhenDone() {
    String key = "note.jsonl";
    FanOutOutput _ = function.answerInChain(key, lines(12), NO_METADATA);
    JsonNode planned = function.plan(key, FanOutFunction.EXECUTION);
    List<JsonNode> shards = function.plan(planned);
    String repeated =
        function.keys(".pilotlight/").stream()
            .filter(object -> object.endsWith("repeated"))
            .findFirst()
            .orElseThrow();
    String kept = function.read(repeated).orElseThrow();
    function.delete(repeated);
    assertThatThrownBy(() -> function.answer(planned, shards.get(1)))
        .hasMessageContaining("was deleted while its batch ran");
    String note = function.read(key + ".failed.json").orElseThrow();
    var _ = function.fail(key, "States.ExceedToleratedFailureThreshold", "the map failed");
    assertThat(function.read(key + ".failed.json")).hasValue(note);
    function.write(repeated, kept);
    requireDone(function.answer(planned, shards.get(1)));
    assertThat(function.read(key + ".failed.json")).isEmpty();
    var _ = function.fail(key, "States.ExceedToleratedFailureThreshold", "the map failed");
    assertThat(function.read(key + ".failed.json").orElseThrow()).contains("the map failed");
  }

  @Test
  void modelThatDoesNotExistIsFoundByThePlan() {
    String key = "model.jsonl";
    function.put(key, lines(12), Map.of("model", "modos"));
    assertThatThrownBy(() -> function.plan(key, FanOutFunction.EXECUTION))
        .hasMessageContaining("the object's metadata name a model: ");
  }

  @Test
  @OnlyInFaults
  void failedExecutionLeavesItsReasonAndAnotherOneContinuesWithItsShards() {
    String key = "failed.jsonl";
    FanOutOutput chain = function.answerInChain(key, lines(12), NO_METADATA);
    JsonNode planned = function.plan(key, FanOutFunction.EXECUTION);
    List<JsonNode> shards = function.plan(planned);
    assertThat(function.plan(key, "another").get("outcome").asText()).isEqualTo("held");
    requireDone(function.answer(planned, shards.get(0)));
    String cause = "{\"errorMessage\":\"S3 is away\"}";
    String error = "dev.pilotlight.batch.s3.BatchException$Unavailable";
    assertThat(function.fail(key, error, cause).get("outcome").asText()).isEqualTo("failed");
    assertThat(function.read(key + ".failed.json").orElseThrow())
        .contains("S3 is away", "\"final\":false", "fan-out:one");
    // what another execution takes over, the first one leaves to it
    JsonNode again = function.plan(key, "another");
    assertThat(again.get("shards")).isEqualTo(planned.get("shards"));
    requireDone(function.answer(planned, shards.get(1)));
    assertThat(function.publish(planned, FanOutFunction.EXECUTION).get("outcome").asText())
        .isEqualTo("superseded");
    requireDone(function.publish(planned, "another"));
    function.output(key).requireSame(chain);
    requireCleanedUp();
    assertThat(function.read(key + ".failed.json")).isEmpty();
  }

  @Test
  void noteShowsOnlyErrorsThatAreMeantForPeopleOutside() {
    String key = "internal.jsonl";
    FanOutOutput _ = function.answerInChain(key, lines(12), NO_METADATA);
    assertThat(noteOf(key, "software.amazon.awssdk.services.s3.model.S3Exception", "arn:aws:role"))
        .contains("internal error (S3Exception)")
        .doesNotContain("arn:aws:role");
    assertThat(noteOf(key, "Sandbox.Timedout", "Task timed out after 900.00 seconds"))
        .contains("Sandbox.Timedout: Task timed out after 900.00 seconds");
    // a surrogate pair is not cut in half
    String own = "dev.pilotlight.batch.s3.BatchException$Unavailable";
    assertThat(noteOf(key, own, "x".repeat(1_974) + "\ud83d\ude00" + "y".repeat(1_024)))
        .contains("x".repeat(1_974) + "… (3000 characters)");
  }

  private String noteOf(String key, String error, String cause) {
    var _ = function.fail(key, error, cause);
    byte[] note = function.read(key + ".failed.json").orElseThrow().getBytes(ISO_8859_1);
    return new String(note, UTF_8);
  }

  @Test
  void objectThatCannotBeReadFailsForGood() {
    String key = "wrong.csv";
    byte[] content = "no,such,column\n1,2,3\n".getBytes(UTF_8);
    function.put(key, content, NO_METADATA);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> function.plan(key, FanOutFunction.EXECUTION))
          .isInstanceOf(BatchException.Unreadable.class)
          .hasMessageContaining("has no column \"text\"");
    }
    String message = "{\"errorMessage\":\"it has no column\"}";
    var _ = function.fail(key, BatchException.Unreadable.class.getName(), message);
    assertThat(function.read(key + ".failed.json").orElseThrow())
        .contains("\"final\":true", "has no column \\\"text\\\"");
    requireCleanedUp();
  }
}
