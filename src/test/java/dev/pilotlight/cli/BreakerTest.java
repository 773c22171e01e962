package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `pilotlight breaker`, with a script in place of the AWS CLI: calls and output.
final class BreakerTest {
  private static final String FACTS =
      "ThrottleRate\t100\nThrottleBurst\t200\nBreakerUsdPerHour\t20\nApiId\ta1\n";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @BeforeEach
  void start() throws IOException {
    answers(FACTS + "BreakerAlarmName\tb-1\n", "0.0\t0\n", "OK\n");
  }

  /// The stage has the throttle that it is given.
  private void answers(String facts, String throttle, String alarm) throws IOException {
    Files.writeString(directory.resolve("facts"), facts);
    Files.writeString(directory.resolve("throttle"), throttle);
    Files.writeString(directory.resolve("alarm"), alarm);
    Path script = directory.resolve("aws");
    Files.writeString(
        script,
        """
        #!/bin/sh
        cd '%s'
        echo "$*" >> calls
        case "$2" in
          describe-stacks)
            [ "$4" = ours ] || { echo 'Stack  does not' >&2; exit 254; }
            cat facts ;;
          get-stage) [ "$6" = '$default' ] && cat throttle ;;
          describe-alarms) cat alarm ;;
          update-stage) echo "$8" | sed 's/[^=]*=//;s/,[^=]*=/\\t/' > throttle ;;
        esac
        """
            .formatted(directory));
    assertThat(script.toFile().setExecutable(true)).isTrue();
  }

  private TestRun run(String... arguments) {
    return runWith(directory.resolve("aws").toString(), arguments);
  }

  private static TestRun runWith(String aws, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Pilotlight.commandLine(new Terminal(false, false), new AwsCli(aws))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new TestRun(exitCode, out.toString(), err.toString());
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(directory.resolve("calls"));
  }

  @Test
  void statusPrintsWhetherTheApiIsOpenAndWhy() throws IOException {
    assertThat(run("breaker", "status", "ours"))
        .isEqualTo(
            new TestRun(
                1,
                """
                closed: the API answers 429
                alarm OK: closes at more than 20 USD an hour; the last hour did not
                """,
                ""));
    answers(FACTS, "100.0\t200\n", "");
    assertThat(run("breaker", "status", "ours"))
        .isEqualTo(
            new TestRun(
                0,
                """
                open: 100.0 requests a second, 200 at once
                no breaker: BreakerUsdPerHour is 0
                """,
                ""));
    assertThat(calls()).noneMatch(call -> call.contains("update-stage"));
  }

  @Test
  void resetGivesTheStageTheThrottleOfTheStack() throws IOException {
    assertThat(run("breaker", "reset", "ours"))
        .isEqualTo(new TestRun(0, "open: 100 requests a second, 200 at once\n", ""));
    assertThat(calls())
        .contains(
            "apigatewayv2 update-stage --api-id a1 --stage-name $default --default-route-settings"
                + " ThrottlingRateLimit=100,ThrottlingBurstLimit=200 --output text")
        .anyMatch(call -> call.startsWith("cloudwatch describe-alarms --alarm-names b-1 "));
  }

  @Test
  void resetWithoutABreakerOpensWhatOneHasClosed() throws IOException {
    answers(FACTS, "0.0\t0\n", "");
    assertThat(run("breaker", "reset", "ours").exitCode()).isZero();
  }

  @Test
  void resetWhileTheAlarmIsOnNeedsItsOption() throws IOException {
    answers(FACTS + "BreakerAlarmName\tb-1\n", "0.0\t0\n", "ALARM\n");
    TestRun refused = run("breaker", "reset", "ours");
    assertThat(refused.exitCode()).isOne();
    assertThat(refused.err())
        .startsWith("pilotlight: not opened: the last hour cost more than 20 USD")
        .hasLineCount(1);
    assertThat(calls()).noneMatch(call -> call.contains("update-stage"));

    TestRun forced = run("breaker", "reset", "ours", "--now");
    assertThat(forced.exitCode()).isZero();
    assertThat(forced.out()).endsWith("until it is off, nothing closes the API again\n");
  }

  @Test
  void aRefusalOfAwsIsOneLine() throws IOException {
    TestRun missing = run("breaker", "status", "other");
    assertThat(missing)
        .isEqualTo(new TestRun(1, "", "pilotlight: aws cloudformation failed: Stack  does not\n"));
    answers("Something\telse\n", "", "");
    assertThat(run("breaker", "reset", "ours").err())
        .isEqualTo("pilotlight: the stack ours has no ApiId\n");
    answers(FACTS, "None\n", "");
    assertThat(run("breaker", "status", "ours").err())
        .isEqualTo("pilotlight: the stage has no throttle: None\n");
    assertThat(runWith("/nowhere/aws", "breaker", "status", "ours").err())
        .startsWith("pilotlight: could not run the AWS CLI, which must be installed: ");
  }

  @Test
  void aCommandAndAStackAreNeeded() {
    assertThat(run("breaker").exitCode()).isEqualTo(2);
    assertThat(run("breaker", "reset").exitCode()).isEqualTo(2);
    assertThat(run("breaker", "--help").out()).contains("status", "reset", "Exit codes:");
  }
}
