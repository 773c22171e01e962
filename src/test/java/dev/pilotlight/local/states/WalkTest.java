package dev.pilotlight.local.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WalkTest {
  private static final String TASK =
      """
      {"StartAt": "Call", "States": {
        "Call": {
          "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
          "Parameters": {
            "FunctionName": "f",
            "Payload": {"id.$": "$$.Execution.Id", "all.$": "$$.Execution.Input",
              "deep": [{"n.$": "$.a.n"}], "literal": 7}},
          "ResultSelector": {"answer.$": "$.Payload.x"}, "ResultPath": "$.call",
          "TimeoutSeconds": 5,
          "Retry": [
            {"ErrorEquals": ["Often"], "MaxAttempts": 2, "JitterStrategy": "FULL"},
            {"ErrorEquals": ["States.ALL"], "MaxAttempts": 1, "BackoffRate": 1.5}],
          "Next": "Asked"},
        "Asked": {"Type": "Choice", "Choices": [
            {"Variable": "$.call.answer", "StringEquals": "again", "Next": "Call"},
            {"Variable": "$.call.answer", "StringEquals": "yes", "Next": "Empty"}],
          "Default": "Wrong"},
        "Empty": {"Type": "Succeed", "OutputPath": null},
        "Wrong": {"Type": "Fail", "Error": "No", "Cause": "because"}}}
      """;

  private static final String MAP =
      """
      {"StartAt": "Each", "States": {
        "Each": {"Type": "Map", "Label": "each",
          "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "JSON"},
            "Parameters": {"Bucket": "out", "Key.$": "$.key"}},
          "ItemSelector": {"of.$": "$$.Execution.Id", "item.$": "$$.Map.Item.Value"},
          "MaxConcurrency": 2, "ToleratedFailurePercentage": 0, "ResultPath": null,
          "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "One", "States": {"One": {
              "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
              "Parameters": {
                "FunctionName": "f", "Payload": {"of.$": "$.of", "item.$": "$.item"}},
              "ResultSelector": {"answer.$": "$.Payload"}, "ResultPath": "$.call",
              "TimeoutSeconds": 5, "Next": "Over"},
              "Over": {"Type": "Succeed"}}},
          "Next": "Done"},
        "Done": {"Type": "Succeed"}}}
      """;

  @Test
  void taskGetsItsParametersAndItsAnswerGoesWhereTheResultPathLeads() throws Exception {
    FakeCalls calls = new FakeCalls("[]", _ -> "{\"x\":\"yes\"}");
    assertThat(calls.walk(TASK, "{\"a\":{\"n\":1}}").run()).hasToString("{}");
    assertThat(calls.payloads)
        .containsExactly(
            """
            {"id":"arn:aws:states:us-east-1:123456789012:execution:Machine:1",\
            "all":{"a":{"n":1}},"deep":[{"n":1}],"literal":7}""");
  }

  @Test
  void choiceLoopsUntilAnotherRuleHolds() throws Exception {
    AtomicInteger answers = new AtomicInteger();
    FakeCalls calls =
        new FakeCalls(
            "[]", _ -> answers.incrementAndGet() < 4 ? "{\"x\":\"again\"}" : "{\"x\":\"yes\"}");
    calls.walk(TASK, "{\"a\":{\"n\":1}}").run();
    assertThat(calls.payloads).hasSize(4);
  }

  @Test
  void failStateFailsWithItsErrorAndCause() {
    FakeCalls calls = new FakeCalls("[]", _ -> "{\"x\":\"what\"}");
    assertThatThrownBy(() -> calls.walk(TASK, "{\"a\":{\"n\":1}}").run())
        .isInstanceOfSatisfying(StatesError.class, e -> assertThat(e.name()).isEqualTo("No"))
        .hasMessage("because");
  }

  @Test
  void eachRetrierHasItsOwnNumberOfAttempts() {
    AtomicInteger calls = new AtomicInteger();
    FakeCalls fake =
        new FakeCalls(
            "[]",
            _ -> {
              throw new StatesError(calls.incrementAndGet() % 2 == 1 ? "Often" : "Other", "x");
            });
    assertThatThrownBy(() -> fake.walk(TASK, "{\"a\":{\"n\":1}}").run())
        .isInstanceOfSatisfying(StatesError.class, e -> assertThat(e.name()).isEqualTo("Other"));
    // Often, Other, Often, Other: the second Other is one too many
    assertThat(calls).hasValue(4);
    assertThat(fake.out)
        .containsExactly(
            "Call again after Often", "Call again after Other", "Call again after Often");
  }

  @Test
  void countsOfAttemptsBeginAgainWhenAStateIsEnteredAgain() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    FakeCalls fake =
        new FakeCalls(
            "[]",
            _ -> {
              int call = calls.incrementAndGet();
              if (call % 3 != 0) {
                throw new StatesError("Often", "x");
              }
              return call < 9 ? "{\"x\":\"again\"}" : "{\"x\":\"yes\"}";
            });
    fake.walk(TASK, "{\"a\":{\"n\":1}}").run();
    assertThat(calls).hasValue(9);
  }

  @Test
  void pathThatLeadsNowhereFailsTheState() {
    FakeCalls calls = new FakeCalls("[]", _ -> "{}");
    assertThatThrownBy(() -> calls.walk(TASK, "{}").run())
        .hasMessage("Call.Parameters.n.$: there is nothing at $.a.n");
  }

  @Test
  void mapRunsEveryItemAndNeverMoreThanItsConcurrencyAtOnce() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    FakeCalls calls =
        new FakeCalls(
            "[1,2,3,4,5,6,7,8,9]",
            _ -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              Thread.sleep(3);
              now.decrementAndGet();
              return "{}";
            });
    assertThat(calls.walk(MAP, "{\"key\":\"plan\"}").run()).hasToString("{\"key\":\"plan\"}");
    assertThat(most).hasValue(2);
    assertThat(calls.payloads)
        .hasSize(9)
        .contains(
            """
            {"of":"arn:aws:states:us-east-1:123456789012:execution:Machine:1","item":9}""");
    assertThat(calls.out).startsWith("each: 0 of 9").endsWith("each: 9 of 9");
  }

  @Test
  void itemThatFailsStopsTheOthersAndFailsTheMap() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch waits = new CountDownLatch(1);
    FakeCalls calls =
        new FakeCalls(
            "[1,2,3]",
            payload -> {
              if (payload.path("item").asInt() == 2) {
                waits.await();
                throw new StatesError("Broken", "the second");
              }
              try {
                waits.countDown();
                Thread.sleep(60_000);
              } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
              }
              return "{}";
            });
    assertThatThrownBy(() -> calls.walk(MAP, "{\"key\":\"plan\"}").run())
        .isInstanceOfSatisfying(
            StatesError.class, e -> assertThat(e.name()).isEqualTo(Items.FAILED));
    assertThat(interrupted.await(1, TimeUnit.SECONDS)).isTrue();
    assertThat(calls.payloads).hasSize(2);
    assertThat(calls.out).contains("each: Broken: the second");
  }

  @Test
  void redriveOfAMapRunsOnlyTheItemsThatHaveNotSucceeded() throws Exception {
    Set<Integer> broken = ConcurrentHashMap.newKeySet();
    broken.add(3);
    FakeCalls calls =
        new FakeCalls(
            "[1,2,3,4]",
            payload -> {
              if (broken.contains(payload.path("item").asInt())) {
                throw new StatesError("Broken", "x");
              }
              return "{}";
            });
    Walk walk =
        calls.walk(
            MAP.replace("\"MaxConcurrency\": 2", "\"MaxConcurrency\": 1"), "{\"key\":\"plan\"}");
    assertThatThrownBy(walk::run).isInstanceOf(StatesError.class);
    assertThat(calls.payloads).hasSize(3);
    broken.clear();
    calls.payloads.clear();
    walk.run();
    assertThat(calls.payloads).hasSize(2).allMatch(it -> it.matches(".*\"item\":[34]}"));
    assertThat(walk.isDone()).isTrue();
  }

  @Test
  void itemsThatCannotBeReadFailTheMapByName() {
    FakeCalls calls = new FakeCalls("[]", _ -> "{}");
    assertThatThrownBy(() -> calls.walk(MAP, "{\"key\":\"none\"}").run())
        .hasMessage("there is no out/none");
  }

  @Test
  void mapWithoutItemsGoesOn() throws Exception {
    FakeCalls calls = new FakeCalls("[]", _ -> "{}");
    calls.walk(MAP, "{\"key\":\"plan\"}").run();
    assertThat(calls.payloads).isEmpty();
  }

  @Test
  void answerAbove256KilobytesFailsTheState() {
    FakeCalls calls = new FakeCalls("[]", _ -> "{\"x\":\"%s\"}".formatted("y".repeat(262_144)));
    String once = TASK.replace("\"States.ALL\"", "\"Else\"");
    assertThatThrownBy(() -> calls.walk(once, "{\"a\":{\"n\":1}}").run())
        .isInstanceOfSatisfying(
            StatesError.class, e -> assertThat(e.name()).isEqualTo("States.DataLimitExceeded"));
  }
}
