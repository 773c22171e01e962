package dev.pilotlight.cli;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The breaker of a deployed stack: the throttle of its API's stage, and the alarm that closes it.
///
/// @param facts the stack's parameters and outputs by name
record StackBreaker(AwsCli aws, Map<String, String> facts) {
  private static final String STAGE = "$default";
  private static final String ALARM = "BreakerAlarmName";

  /// The throttle of the stage.
  ///
  /// @param rate requests a second
  /// @param burst requests at once
  record Throttle(String rate, String burst) {
    boolean isClosed() {
      return Double.parseDouble(rate) == 0;
    }
  }

  /// Reads a stack.
  ///
  /// @throws AwsCli.Failed also if it is not one of Pilotlight with an HTTP API
  static StackBreaker of(AwsCli aws, String stack) throws AwsCli.Failed, InterruptedException {
    String pairs =
        aws.run(
            "cloudformation",
            "describe-stacks",
            "--stack-name",
            stack,
            "--query",
            "Stacks[0].[Parameters[].[ParameterKey,ParameterValue],"
                + "Outputs[].[OutputKey,OutputValue]][]",
            "--output",
            "text");
    Map<String, String> facts =
        pairs
            .lines()
            .filter(line -> line.contains("\t"))
            .collect(
                Collectors.toMap(
                    line -> line.substring(0, line.indexOf('\t')),
                    line -> line.substring(line.indexOf('\t') + 1),
                    (first, _) -> first));
    for (String name : new String[] {"ApiId", "ThrottleRate", "ThrottleBurst"}) {
      if (!facts.containsKey(name)) {
        throw new AwsCli.Failed("the stack %s has no %s".formatted(stack, name));
      }
    }
    return new StackBreaker(aws, facts);
  }

  /// As the stage has it now.
  Throttle throttle() throws AwsCli.Failed, InterruptedException {
    String printed =
        aws.run(
            "apigatewayv2",
            "get-stage",
            "--api-id",
            fact("ApiId"),
            "--stage-name",
            STAGE,
            "--query",
            "DefaultRouteSettings.[ThrottlingRateLimit,ThrottlingBurstLimit]",
            "--output",
            "text");
    String[] both = printed.strip().split("\t", -1);
    try {
      Throttle throttle = new Throttle(both[0], both[both.length - 1]);
      var _ = throttle.isClosed();
      return throttle;
    } catch (NumberFormatException e) {
      throw new AwsCli.Failed("the stage has no throttle: " + Texts.oneLine(printed.strip()));
    }
  }

  /// The throttle that the stack's parameters give the stage.
  Throttle chosen() {
    return new Throttle(fact("ThrottleRate"), fact("ThrottleBurst"));
  }

  /// Such as `ALARM`; empty if the stack has no breaker.
  Optional<String> alarm() throws AwsCli.Failed, InterruptedException {
    if (!facts.containsKey(ALARM)) {
      return Optional.empty();
    }
    return Optional.of(
        aws.run(
                "cloudwatch",
                "describe-alarms",
                "--alarm-names",
                fact(ALARM),
                "--query",
                "MetricAlarms[0].StateValue",
                "--output",
                "text")
            .strip());
  }

  /// The limit of an hour's cost.
  String usdPerHour() {
    return facts.getOrDefault("BreakerUsdPerHour", "0");
  }

  /// Gives the stage the chosen throttle.
  void open() throws AwsCli.Failed, InterruptedException {
    var _ =
        aws.run(
            "apigatewayv2",
            "update-stage",
            "--api-id",
            fact("ApiId"),
            "--stage-name",
            STAGE,
            "--default-route-settings",
            "ThrottlingRateLimit=%s,ThrottlingBurstLimit=%s"
                .formatted(chosen().rate(), chosen().burst()),
            "--output",
            "text");
  }

  private String fact(String name) {
    return facts.getOrDefault(name, "");
  }
}
