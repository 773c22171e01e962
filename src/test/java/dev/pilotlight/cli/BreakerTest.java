package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/// `pilotlight breaker` against a server that answers as AWS does.
final class BreakerTest {
  private static final Map<String, String> URL =
      Map.of("Door", "url", "ReservedConcurrency", "-1", "StartMode", "on-demand");
  private static final Map<String, String> PROVISIONED =
      Map.of("Door", "url", "ReservedConcurrency", "50", "StartMode", "provisioned");
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

  private TestRun run(String... arguments) {
    return run(TestProject.SOMEBODY, "us-east-1", arguments);
  }

  private TestRun run(
      AwsCredentialsProvider credentials, @Nullable String region, String... arguments) {
    return stack.run(credentials, region, arguments);
  }

  @Test
  void statusPrintsWhetherTheApiIsOpenAndWhy() {
    assertThat(run("breaker", "status", "ours"))
        .isEqualTo(
            new TestRun(
                1,
                """
                closed: the API answers 429
                alarm OK: closes at more than 20 USD an hour; the last hour did not
                """,
                ""));
    stack.throttle("100.0", 200).stack(TestStack.API, false);
    assertThat(run("breaker", "status", "ours"))
        .isEqualTo(
            new TestRun(
                0,
                """
                open: 100 requests a second, 200 at once
                no breaker: BreakerUsdPerHour is 0
                """,
                ""));
    assertThat(aws.changes()).isEmpty();
  }

  @Test
  void resetGivesTheStageTheThrottleOfTheStack() {
    assertThat(run("breaker", "reset", "ours"))
        .isEqualTo(new TestRun(0, "open: 100 requests a second, 200 at once\n", ""));
    assertThat(aws.changes())
        .containsExactly(
            "PATCH /v2/apis/a1/stages/%24default {\"defaultRouteSettings\":"
                + "{\"throttlingRateLimit\":100,\"throttlingBurstLimit\":200}}");
  }

  @Test
  void eachRequestIsSignedForItsServiceInTheRegion() {
    assertThat(run("breaker", "--region", "eu-west-1", "reset", "ours").exitCode()).isZero();
    String[] after = {"breaker", "status", "ours", "--region", "eu-west-1"};
    assertThat(run(TestProject.SOMEBODY, null, after).exitCode()).isZero();
    assertThat(aws.calls())
        .containsOnly(
            "DescribeStacks eu-west-1/cloudformation",
            "DescribeAlarms eu-west-1/monitoring",
            "PATCH /v2/apis/a1/stages/%24default eu-west-1/apigateway",
            "GET /v2/apis/a1/stages/%24default eu-west-1/apigateway");
  }

  @Test
  void resetWithoutABreakerOpensWhatOneHasClosed() {
    stack.stack(TestStack.API, false);
    assertThat(run("breaker", "reset", "ours").exitCode()).isZero();
  }

  @Test
  void resetWhileTheAlarmIsOnNeedsItsOption() {
    stack.alarm("ALARM");
    TestRun refused = run("breaker", "reset", "ours");
    assertThat(refused.exitCode()).isOne();
    assertThat(refused.err())
        .startsWith("pilotlight: not opened: the last hour cost more than 20 USD")
        .hasLineCount(1);
    assertThat(aws.changes()).isEmpty();

    TestRun forced = run("breaker", "reset", "ours", "--now");
    assertThat(forced.exitCode()).isZero();
    assertThat(forced.out()).endsWith("until it is off, nothing closes the API again\n");
  }

  @Test
  void statusOfAUrlIsTheFunctionsReservedConcurrency() {
    stack.stack(URL);
    assertThat(run("breaker", "status", "ours").out()).startsWith("closed: the API answers 429\n");
    stack.reserved("{}");
    assertThat(run("breaker", "status", "ours").out())
        .startsWith("open: as many concurrent requests as the account allows\nalarm OK");
    stack.stack(PROVISIONED).reserved("{\"ReservedConcurrentExecutions\":50}");
    assertThat(run("breaker", "status", "ours").out())
        .startsWith("open: at most 50 concurrent requests\nprovisioned: no environments\nalarm OK");
    assertThat(aws.changes()).isEmpty();
  }

  @Test
  void resetOfAUrlDeletesAReservationThatTheStackDoesNotHave() {
    stack.stack(URL);
    assertThat(run("breaker", "reset", "ours"))
        .isEqualTo(new TestRun(0, "open: as many concurrent requests as the account allows\n", ""));
    assertThat(aws.changes())
        .containsExactly("DELETE /2017-10-31/functions/ours-Api-1/concurrency");
  }

  @Test
  void resetOfAUrlRestoresReservationAndProvisionedEnvironments() {
    stack.stack(PROVISIONED);
    assertThat(run("breaker", "reset", "ours"))
        .isEqualTo(
            new TestRun(
                0,
                """
                open: at most 50 concurrent requests
                provisioned: 2 environments, of which 0 are ready
                """,
                ""));
    assertThat(aws.changes())
        .containsExactly(
            "PUT /2017-10-31/functions/ours-Api-1/concurrency"
                + " {\"ReservedConcurrentExecutions\":50}",
            "PUT /2019-09-30/functions/ours-Api-1/provisioned-concurrency?Qualifier=live"
                + " {\"ProvisionedConcurrentExecutions\":2}");

    assertThat(run("breaker", "reset", "ours").exitCode()).isZero();
    assertThat(aws.changes())
        .as("does not shrink what scaling has added")
        .filteredOn(change -> change.contains("provisioned"))
        .hasSize(1);
  }

  @Test
  void aStackThatReservesNoneStaysClosed() {
    stack.stack(Map.of("Door", "url", "ReservedConcurrency", "0", "StartMode", "on-demand"));
    assertThat(run("breaker", "reset", "ours"))
        .isEqualTo(
            new TestRun(
                1,
                "",
                "pilotlight: the API is still closed; ReservedConcurrency of the stack is 0\n"));
  }

  @Test
  void aRefusalBeforeTheFirstChangeChangesNothing() {
    stack.stack(PROVISIONED);
    aws.put(
        TestStack.TARGETS, 400, "{\"__type\":\"AccessDeniedException\",\"Message\":\"not you\"}");
    assertThat(run("breaker", "reset", "ours").err())
        .isEqualTo("pilotlight: application-autoscaling: AccessDeniedException: not you\n");
    aws.put(TestStack.TARGETS, 200, "{\"ScalableTargets\":[]}");
    assertThat(run("breaker", "reset", "ours").err())
        .isEqualTo(
            "pilotlight: application-autoscaling: there is no scalable target"
                + " function:ours-Api-1:live\n");
    assertThat(aws.changes()).isEmpty();
  }

  @Test
  void refusalsAndMissingAnswersAreOneLine() {
    stack.throttle("0.0", 0).alarm("OK");
    aws.put("GET " + TestStack.STAGE, 200, "{\"stageName\":\"$default\"}");
    assertThat(run("breaker", "status", "ours").err())
        .isEqualTo("pilotlight: apigateway: the stage has no throttle\n");
    aws.put("DescribeAlarms", 200, "<DescribeAlarmsResponse/>");
    assertThat(run("breaker", "reset", "ours").err())
        .isEqualTo("pilotlight: monitoring: there is no alarm b & 1\n");
    aws.put("DescribeAlarms", 200, "<html>a proxy");
    assertThat(run("breaker", "reset", "ours").err())
        .isEqualTo("pilotlight: monitoring: the answer is not valid XML\n");
    stack.stack(Map.of("Something", "else", "Door", "url"));
    assertThat(run("breaker", "reset", "ours").err())
        .isEqualTo("pilotlight: the stack ours has no ReservedConcurrency\n");
    stack.stack(Map.of("ThrottleRate", "much", "ThrottleBurst", "200"));
    assertThat(run("breaker", "reset", "ours").err())
        .isEqualTo("pilotlight: ThrottleRate of the stack ours is much, not a number\n");
    aws.put(
        "DescribeStacks",
        400,
        """
        <ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error>
        <Type>Sender</Type><Code>ValidationError</Code>
        <Message>Stack with id other
        does not exist</Message></Error></ErrorResponse>
        """);
    String missing = "cloudformation: ValidationError: Stack with id other does not exist\n";
    assertThat(run("breaker", "status", "other"))
        .isEqualTo(new TestRun(1, "", "pilotlight: " + missing));
    assertThat(aws.changes()).isEmpty();
  }

  @Test
  void withoutCredentialsOrRegionTheLineNamesTheWay() {
    AwsCredentialsProvider nobody =
        () -> {
          throw SdkClientException.create("none");
        };
    TestRun run = run(nobody, "us-east-1", "breaker", "status", "ours");
    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .startsWith("pilotlight: cloudformation: no credentials: set AWS_PROFILE, or for a profile")
        .contains("eval \"$(aws configure export-credentials --format env)\"")
        .hasLineCount(1);
    assertThat(run(TestProject.SOMEBODY, null, "breaker", "reset", "ours").err())
        .isEqualTo("pilotlight: no region: set AWS_REGION, or --region\n");
    assertThat(aws.calls()).isEmpty();
  }

  @Test
  void aCommandAndAStackAreNeeded() {
    assertThat(run("breaker").exitCode()).isEqualTo(2);
    assertThat(run("breaker", "reset").exitCode()).isEqualTo(2);
    assertThat(run("breaker", "--help").out())
        .contains("status", "reset", "--region", "Exit codes:");
  }
}
