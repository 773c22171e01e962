package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `pilotlight breaker reset` while the alarm changes: the API does not stay open without a
/// breaker.
final class BreakerAlarmTest {
  private static final String NONE = "{\"ReservedConcurrentExecutions\":0}";

  @SuppressWarnings("NullAway.Init")
  private TestAws aws;

  @SuppressWarnings("NullAway.Init")
  private TestStack stack;

  @BeforeEach
  void start() throws IOException {
    aws = new TestAws();
    stack = new TestStack(aws).throttle("0.0", 0).reserved(NONE);
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  private TestRun reset(String... options) {
    String[] arguments =
        Stream.concat(Stream.of("breaker", "reset", "ours"), Stream.of(options))
            .toArray(String[]::new);
    return stack.run(TestProject.SOMEBODY, "us-east-1", arguments);
  }

  @Test
  void anAlarmThatGoesOnDuringTheResetClosesTheApiAgain() {
    aws.on("PATCH " + TestStack.STAGE, body -> goesOn("GET " + TestStack.STAGE, body));
    TestRun run = reset();
    assertThat(run)
        .isEqualTo(
            new TestRun(
                1,
                "",
                "pilotlight: the alarm went on while the API was opened: the API is closed again,"
                    + " because nothing else might close it; --now opens it without a breaker\n"));
    assertThat(aws.changes())
        .hasSize(2)
        .last(STRING)
        .endsWith("{\"throttlingRateLimit\":0,\"throttlingBurstLimit\":0}}");

    stack.alarm("OK");
    TestRun forced = reset("--now");
    assertThat(forced.exitCode()).isZero();
    assertThat(forced.out())
        .startsWith("open: 100 requests")
        .endsWith("until it is off, nothing closes the API again\n");
  }

  private void goesOn(String then, String body) {
    aws.put(then, 200, body);
    stack.alarm("ALARM");
  }

  @Test
  void anAlarmThatGoesOnDuringTheResetOfAUrlClosesItAsTheBreakerDoes() {
    stack.stack(Map.of("Door", "url", "ReservedConcurrency", "50", "StartMode", "provisioned"));
    aws.put("DELETE " + TestStack.PROVISIONED, 204, "");
    String reserved = "GET " + TestStack.RESERVED;
    aws.on("PUT " + TestStack.CONCURRENCY, body -> goesOn(reserved, body));
    assertThat(reset().exitCode()).isOne();
    assertThat(aws.changes())
        .hasSize(4)
        .endsWith("DELETE " + TestStack.PROVISIONED, "PUT " + TestStack.CONCURRENCY + " " + NONE);
  }

  @Test
  void aResetThatCannotCloseAgainPrintsIt() {
    stack.stack(Map.of("Door", "url", "ReservedConcurrency", "-1", "StartMode", "on-demand"));
    aws.on("DELETE " + TestStack.CONCURRENCY, _ -> goesOn("GET " + TestStack.RESERVED, "{}"));
    aws.put("PUT " + TestStack.CONCURRENCY, 403, "{\"message\":\"not you\"}");
    TestRun run = reset();
    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .startsWith(
            "pilotlight: the alarm went on while the API was opened, and it cannot be closed")
        .contains("lambda: ")
        .hasLineCount(1);
  }

  @Test
  void aResetThatCannotReadTheAlarmAgainPrintsThatTheApiIsOpen() {
    aws.on("PATCH " + TestStack.STAGE, _ -> aws.put("DescribeAlarms", 200, "<html>a proxy"));
    TestRun run = reset();
    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .isEqualTo(
            "pilotlight: the API is open, but the alarm cannot be read: monitoring: the answer is"
                + " not valid XML\n");
  }
}
