package dev.pilotlight.cli;

import dev.pilotlight.cli.aws.Aws;
import dev.pilotlight.cli.aws.AwsCalls;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/// A deployed stack with a breaker, as AWS's services answer about it.
public final class TestStack {
  static final String STAGE = "/v2/apis/a1/stages/%24default";
  static final String CONCURRENCY = "/2017-10-31/functions/ours-Api-1/concurrency";
  static final String RESERVED = "/2019-09-30/functions/ours-Api-1/concurrency";
  static final String PROVISIONED =
      "/2019-09-30/functions/ours-Api-1/provisioned-concurrency?Qualifier=live";
  static final String TARGETS = "DescribeScalableTargets";
  static final Map<String, String> API =
      Map.of("Door", "api", "ThrottleRate", "100", "ThrottleBurst", "200");

  private final TestAws aws;

  /// The stage has the throttle that it is given, and the function the concurrency.
  public TestStack(TestAws aws) {
    this.aws = aws;
    aws.put("PATCH " + STAGE, 200, "{}");
    aws.on("PATCH " + STAGE, body -> aws.put("GET " + STAGE, 200, body));
    aws.put("PUT " + CONCURRENCY, 200, "{}");
    aws.on("PUT " + CONCURRENCY, body -> aws.put("GET " + RESERVED, 200, body));
    aws.put("DELETE " + CONCURRENCY, 204, "");
    aws.on("DELETE " + CONCURRENCY, _ -> aws.put("GET " + RESERVED, 200, "{}"));
    aws.put("PUT " + PROVISIONED, 202, "{}");
    aws.on(
        "PUT " + PROVISIONED,
        body ->
            aws.put(
                "GET " + PROVISIONED,
                200,
                body.replace("\"Prov", "\"RequestedProv").replace("}", ",\"Status\":\"IN\"}")));
    aws.put(
        "GET " + PROVISIONED,
        404,
        "{\"Type\":\"User\",\"__type\":\"ProvisionedConcurrencyConfigNotFoundException\","
            + "\"message\":\"No Provisioned Concurrency Config found for this function\"}");
    aws.put(
        TARGETS,
        200,
        "{\"ScalableTargets\":[{\"MinCapacity\":2,\"MaxCapacity\":5,\"ServiceNamespace\":"
            + "\"lambda\",\"ResourceId\":\"function:ours-Api-1:live\"}]}");
    alarm("OK");
    stack(API);
  }

  /// Runs the command line against the services.
  public TestRun run(
      AwsCredentialsProvider credentials, @Nullable String region, String... arguments) {
    AwsCalls calls = new AwsCalls(credentials, Optional.of(aws.endpoint()), Duration.ZERO);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Pilotlight.commandLine(
                new Terminal(false, false), () -> new Aws(calls, Optional.ofNullable(region)))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new TestRun(exitCode, out.toString(), err.toString());
  }

  /// The stack `ours`, with a breaker at 20 USD an hour.
  TestStack stack(Map<String, String> parameters) {
    return stack(parameters, true);
  }

  TestStack stack(Map<String, String> parameters, boolean breaker) {
    StringBuilder xml = new StringBuilder();
    parameters.forEach((name, value) -> xml.append(member("Parameter", name, value)));
    xml.append(member("Parameter", "BreakerUsdPerHour", breaker ? "20" : "0"));
    StringBuilder outputs = new StringBuilder();
    if (parameters.getOrDefault("Door", "api").equals("api")) {
      outputs.append(member("Output", "ApiId", "a1"));
    }
    String alias = "arn:aws:lambda:us-east-1:123456789012:function:ours-Api-1:live";
    outputs.append(member("Output", "ApiAlias", alias));
    if (breaker) {
      outputs.append(member("Output", "BreakerAlarmName", "b &amp; 1"));
    }
    aws.put(
        "DescribeStacks",
        200,
        """
        <DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
          <DescribeStacksResult>
            <Stacks>
              <member>
                <StackName>ours</StackName>
                <Capabilities><member>CAPABILITY_IAM</member></Capabilities>
                <Parameters>%s</Parameters>
                <Outputs>%s</Outputs>
              </member>
            </Stacks>
          </DescribeStacksResult>
          <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>
        </DescribeStacksResponse>
        """
            .formatted(xml, outputs));
    return this;
  }

  private static String member(String kind, String name, String value) {
    return "<member><%1$sKey>%2$s</%1$sKey>\n<%1$sValue>%3$s</%1$sValue></member>"
        .formatted(kind, name, value);
  }

  /// The throttle of the stage.
  TestStack throttle(String rate, int burst) {
    aws.put(
        "GET " + STAGE,
        200,
        """
        {"stageName":"$default","autoDeploy":true,"defaultRouteSettings":
         {"detailedMetricsEnabled":false,"throttlingBurstLimit":%d,"throttlingRateLimit":%s}}
        """
            .formatted(burst, rate));
    return this;
  }

  /// The function's reserved concurrency, as Lambda writes it: `{}` for none.
  TestStack reserved(String json) {
    aws.put("GET " + RESERVED, 200, json);
    return this;
  }

  TestStack alarm(String state) {
    aws.put(
        "DescribeAlarms",
        200,
        """
        <DescribeAlarmsResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/">
          <DescribeAlarmsResult>
            <CompositeAlarms/>
            <MetricAlarms>
              <member>
                <AlarmName>b &amp; 1</AlarmName>
                <Dimensions><member><Name>F</Name><Value>v</Value></member></Dimensions>
                <StateValue>%s</StateValue>
              </member>
            </MetricAlarms>
          </DescribeAlarmsResult>
        </DescribeAlarmsResponse>
        """
            .formatted(state));
    return this;
  }
}
