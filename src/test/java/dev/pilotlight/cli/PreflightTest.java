package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `pilotlight preflight` against a server that answers as AWS does.
final class PreflightTest extends TestProject {
  @Test
  void theStarterDeploysIntoANewAccountAndProductionDoesNot() throws IOException {
    aws.put(TestAws.LIMITS, 200, TestAws.limits(10, 10, 80_530_636_800L, 0));
    aws.put(TestAws.ZONES, 200, TestAws.zones("use1-az4", "use1-az6"));
    config("StartMode=provisioned", "BatchMemorySize=3538", "Cache=create", "MonthlyBudget=100");

    TestRun run = run("us-east-1");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("default: stack pilotlight, us-east-1", "  will deploy")
        .contains("other: stack (none), us-east-1", "  will not deploy")
        .containsPattern(
            "FAILS +concurrency +10 of 10 not reserved; 5 are to be kept and Lambda leaves 100 to"
                + " others: raise Lambda's Concurrent executions \\(L-B99A9384\\) in Service Quotas"
                + " to 105")
        .containsPattern("FAILS +memory +3538 MB; an account with reduced quotas has 3008")
        .containsPattern("ok +zones +use1-az4 and use1-az6")
        .containsPattern("ok +budget +may be read");
    assertThat(run("us-east-1", "--preset", "other").exitCode()).isOne();
  }

  @Test
  void aGrownAccountDeploysAllAndEachQuestionIsSignedForItsService() throws IOException {
    aws.put(TestAws.FUNCTIONS, 200, "{\"Functions\":[{\"MemorySize\":4096}]}");
    config(
        "StartMode=provisioned",
        "BatchMemorySize=3538",
        "Cache=create",
        "CostAnomalyMonitor=true",
        "MonthlyBudget=100");

    TestRun run = run("eu-central-1", "--preset", "other");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .doesNotContain("FAILS", "unknown")
        .containsPattern("ok +memory +3538 MB")
        .containsPattern("note +zones +use1-az4 and use1-az6; AWS has no call");
    assertThat(aws.calls())
        .containsExactlyInAnyOrder(
            "GetAccountSettings eu-central-1/lambda",
            "ListFunctions eu-central-1/lambda",
            "ListServiceQuotas eu-central-1/servicequotas",
            "DescribeAvailabilityZones eu-central-1/ec2",
            "GetAnomalyMonitors us-east-1/ce",
            "GetCallerIdentity us-east-1/sts",
            "DescribeBudgets us-east-1/budgets");
  }

  /// Ten environments are the quota of a new account.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10 | BatchSource=events | note | they may take all 10 environments, and the API none"
            + " meanwhile: none can be reserved, because Lambda leaves 100 to others; set"
            + " BatchSource=queue with BatchConcurrency=2, which takes 4 at most",
        "10 | BatchSource=queue | ok | at most 4 of 10 environments at the same time",
        "10 | BatchSource=queue BatchConcurrency=4 | note | at most 8 of 10 environments at the"
            + " same time, which leaves the API 2; set BatchSource=queue with BatchConcurrency=2",
        "10 | BatchSource=queue BatchConcurrency=5 | note | at most 10 of 10 environments at the"
            + " same time: some deliveries are throttled, which counts as a failure",
        "10 | BatchSource=queue ReservedConcurrency=50 | ok | at most 4 of 100 environments",
        "1000 | BatchSource=events | note | they may take all 1000 environments, and the API none"
            + " meanwhile: set BatchReservedConcurrency to 900 at most, or set BatchSource=queue"
            + " with BatchConcurrency=250, which takes 500 at most",
        "1000 | BatchReservedConcurrency=20 | ok | at most 20 at the same time, reserved for them",
        "1000 | ReservedConcurrency=50 | ok | at most 950 at the same time; the API has 50 reserved"
      })
  void batchesAreComparedWithTheQuota(int quota, String overrides, String status, String text)
      throws IOException {
    aws.put(TestAws.LIMITS, 200, TestAws.limits(quota, quota, 80_530_636_800L, 0));
    config(overrides.split(" ", -1));

    assertThat(run("us-east-1", "--preset", "other").out())
        .containsPattern(status + " +batches +" + Pattern.quote(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GetAccountSettings | concurrency | ReservedConcurrency=5",
        "ListFunctions | memory | BatchMemorySize=3538",
        "DescribeAvailabilityZones | zones | Cache=create",
        "GetAnomalyMonitors | cost anomalies | CostAnomalyMonitor=true",
        "GetCallerIdentity | budget | MonthlyBudget=9",
        "DescribeBudgets | budget | MonthlyBudget=9"
      })
  void aRefusedQuestionIsNamedWithItsReason(String operation, String what, String override)
      throws IOException {
    config(override);
    boolean xml = operation.equals(TestAws.ZONES) || operation.equals(TestAws.IDENTITY);
    aws.put(
        operation,
        403,
        xml
            ? "<Response><Errors><Error><Code>UnauthorizedOperation</Code>"
                + "<Message>not you</Message></Error></Errors></Response>"
            : "{\"__type\":\"com.amazon.coral#AccessDeniedException\",\"Message\":\"not you\"}");

    TestRun run = run("us-east-1", "--preset", "other");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out())
        .containsPattern(
            "unknown +" + what + " +(AccessDeniedException|UnauthorizedOperation): not you")
        .contains("may deploy: not everything could be asked");
  }

  @Test
  void allAlarmsNeedAnAddress() throws IOException {
    config("Alarms=all");
    TestRun run = run("us-east-1", "--preset", "other");
    assertThat(run.exitCode()).isOne();
    assertThat(run.out())
        .containsPattern("FAILS +alerts +Alarms is all and AlertEmail is empty: set it")
        .contains("will not deploy");

    config("Alarms=all", "AlertEmail=someone@example.com");
    assertThat(run("us-east-1", "--preset", "other").out())
        .containsPattern("ok +alerts +to someone@example.com");
  }

  @Test
  void aThrottledQuestionIsAskedAgainAndThenNamed() {
    aws.put(TestAws.LIMITS, 429, "{\"Type\":\"User\",\"message\":\"Rate exceeded\"}");

    TestRun run = run("us-east-1", "--preset", "default");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out()).containsPattern("unknown +concurrency +status 429: Rate exceeded");
    assertThat(aws.calls()).filteredOn(call -> call.startsWith("GetAccountSettings")).hasSize(4);
  }

  @Test
  void anAnswerThatIsNotUnderstoodIsNamed() throws IOException {
    aws.put(TestAws.LIMITS, 200, "<html>a proxy</html>");
    assertThat(run("us-east-1").out())
        .containsPattern(
            "unknown +concurrency +the answer of lambda.us-east-1.amazonaws.com is not valid JSON");

    aws.put(TestAws.LIMITS, 200, "{}");
    assertThat(run("us-east-1").out())
        .containsPattern("unknown +concurrency +.*AccountLimit: ConcurrentExecutions is not accep");
    aws.put(TestAws.MONITORS, 200, "{\"AnomalyMonitors\":[5]}");
    config("CostAnomalyMonitor=true");
    assertThat(run("us-east-1", "--preset", "other").out())
        .containsPattern("unknown +cost anomalies +AnomalyMonitors: row is not an object");
  }

  @Test
  void withoutARegionOnlyTheOthersAreAsked() throws IOException {
    config("MonthlyBudget=100");

    TestRun run = run(null, "--preset", "other");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out())
        .contains("other: stack (none), no region")
        .containsPattern("unknown +concurrency +no region: set AWS_REGION, or --region")
        .containsPattern("ok +budget +may be read");
    assertThat(run(null, "--preset", "other", "--region", "us-east-1").exitCode()).isZero();
  }

  @Test
  void aServerThatCannotBeReachedIsNamed() {
    URI nowhere = URI.create("http://127.0.0.1:1");

    assertThat(run(SOMEBODY, nowhere, "us-east-1").out())
        .containsPattern("unknown +concurrency +lambda.us-east-1.amazonaws.com cannot be reached");
  }

  @Test
  void anExistingCostMonitorFailsASecondOne() throws IOException {
    aws.put(
        TestAws.MONITORS,
        200,
        "{\"AnomalyMonitors\":[{\"MonitorType\":\"CUSTOM\"},{\"MonitorDimension\":\"SERVICE\"}]}");
    config("CostAnomalyMonitor=true");

    TestRun run = run("us-east-1", "--preset", "other");

    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).contains("set CostAnomalyMonitor=false");
  }
}
