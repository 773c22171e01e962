package dev.pilotlight.batch.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutionEndedTest {
  private static final String EVENT =
      """
      {"version":"0","detail-type":"Step Functions Execution Status Change","source":"aws.states",
       "resources":["arn:e"],"detail":{"executionArn":"arn:e","stateMachineArn":"arn:m",
       "status":"%s","startDate":1,"input":"{\\"detail\\":{\\"object\\":1}}","output":null,
       "error":%s,"cause":%s}}
      """;

  @Test
  void failureKeepsItsNameItsCauseAndTheEventThatStartedTheExecution() {
    FanOutStep.Fail step = read(EVENT.formatted("FAILED", "\"Some.Error\"", "\"why\""));
    assertThat(step.execution()).isEqualTo("arn:e");
    assertThat(step.error()).isEqualTo("Some.Error");
    assertThat(step.cause()).isEqualTo("why");
    assertThat(new String(step.event(), StandardCharsets.UTF_8))
        .isEqualTo("{\"detail\":{\"object\":1}}");
  }

  @Test
  void executionThatSomebodyStoppedIsNamedByItsStatus() {
    FanOutStep.Fail step = read(EVENT.formatted("ABORTED", "null", "null"));
    assertThat(step.error()).isEqualTo("States.ABORTED");
    assertThat(step.cause()).isEqualTo("the execution ended as ABORTED");
  }

  @Test
  void otherEventsAreNone() {
    assertThat(ExecutionEnded.read("{\"Records\":[]}".getBytes(StandardCharsets.UTF_8))).isEmpty();
    assertThat(ExecutionEnded.read("[1]".getBytes(StandardCharsets.UTF_8))).isEmpty();
    assertThat(ExecutionEnded.read("no JSON".getBytes(StandardCharsets.UTF_8))).isEmpty();
    String created = "{\"detail-type\":\"Object Created\",\"detail\":{\"object\":{\"key\":\"a\"}}}";
    assertThat(ExecutionEnded.read(created.getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  @Test
  void eventWithoutAnExecutionIsRefused() {
    String event = EVENT.formatted("FAILED", "null", "null").replace("executionArn", "arn");
    assertThatThrownBy(() -> read(event))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("detail has no executionArn");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RUNNING", "SUCCEEDED", "PENDING_REDRIVE", ""})
  void executionThatRunsOrHasSucceededIsRefused(String status) {
    assertThatThrownBy(() -> read(EVENT.formatted(status, "null", "null")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "detail.status is '%s'; accepted: FAILED, TIMED_OUT and ABORTED", status);
  }

  private static FanOutStep.Fail read(String event) {
    byte[] utf8 = event.getBytes(StandardCharsets.UTF_8);
    return (FanOutStep.Fail) FanOutStep.read(utf8).orElseThrow();
  }
}
