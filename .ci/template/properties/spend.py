"""Nobody can make the stack spend without limit: the breaker, and the limits of the table."""

from __future__ import annotations

from collections.abc import Iterator

from template.stack import Stack, dig, listed

ALARM = "AWS::CloudWatch::Alarm"
MACHINE = "AWS::StepFunctions::StateMachine"
RULE = "AWS::Events::Rule"
CLOSED = {"ThrottlingRateLimit": 0, "ThrottlingBurstLimit": 0}


def has_breaker(stack: Stack) -> bool:
    return not stack.says("BreakerUsdPerHour", "0")


def a_breaker_only_if_chosen(stack: Stack) -> Iterator[str]:
    machines = [id for id, _ in stack.of_type(MACHINE)]
    if machines != (["Breaker"] if has_breaker(stack) else []):
        yield f"there are the state machines {machines}"


def an_hour_that_costs_too_much_trips_it(stack: Stack) -> Iterator[str]:
    """By the cost of what it closes. A reset waits for this alarm, so it looks back an hour only."""
    if not has_breaker(stack):
        return
    alarm = stack.properties("BreakerAlarm")
    expected = {
        "Namespace": "Pilotlight",
        "MetricName": "EstimatedCost",
        "Dimensions": [{"Name": "FunctionName", "Value": "${ApiFunction}"}],
        "Statistic": "Sum",
        "Period": 3600,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": stack.values["BreakerUsdPerHour"],
        "TreatMissingData": "notBreaching",
        "AlarmActions": ["${Alerts}"],
    }
    for name, value in expected.items():
        if alarm.get(name) != value:
            yield f"BreakerAlarm's {name} is {alarm.get(name)}"
    for _, function in stack.packaged():
        if dig(function, "Environment", "Variables", "PILOTLIGHT_METRICS") != "on":
            yield "the cost is not known: there are no metrics"


def the_alarm_starts_the_breaker(stack: Stack) -> Iterator[str]:
    rules = [
        rule
        for _, rule in stack.of_type(RULE)
        if dig(rule, "EventPattern", "resources") == ["${BreakerAlarm.Arn}"]
        and dig(rule, "EventPattern", "source") == ["aws.cloudwatch"]
        and dig(rule, "EventPattern", "detail-type") == ["CloudWatch Alarm State Change"]
        and dig(rule, "EventPattern", "detail", "state", "value") == ["ALARM"]
    ]
    targets = [target.get("Arn") for rule in rules for target in listed(rule.get("Targets"))]
    if targets != (["${Breaker}"] if has_breaker(stack) else []):
        yield f"the alarm starts {targets}"


def the_breaker_closes_the_stage(stack: Stack) -> Iterator[str]:
    for id, machine in stack.of_type(MACHINE):
        states = dig(machine, "Definition", "States") or {}
        first = states.get(dig(machine, "Definition", "StartAt"), {})
        call = first.get("Parameters", {})
        if not str(first.get("Resource")).endswith(":states:::aws-sdk:apigatewayv2:updateStage"):
            yield f"{id} calls {first.get('Resource')}"
        stage = stack.properties("ApiStage")
        if call.get("ApiId") != stage.get("ApiId") or call.get("StageName") != stage.get("StageName"):
            yield f"{id} closes {call.get('StageName')} of {call.get('ApiId')}"
        if call.get("DefaultRouteSettings") != CLOSED:
            yield f"{id} leaves {call.get('DefaultRouteSettings')}"
        if not first.get("Retry"):
            yield f"{id} tries it once"
        role = str(machine.get("RoleArn")).removeprefix("${").removesuffix(".Arn}")
        allowed = [
            (listed(statement.get("Action")), listed(statement.get("Resource")))
            for policy in listed(stack.properties(role).get("Policies"))
            for statement in listed(dig(policy, "PolicyDocument", "Statement"))
        ]
        arn = "arn:${AWS::Partition}:apigateway:${AWS::Region}::/apis/${Api}/stages/*"
        if allowed != [(["apigateway:PATCH"], [arn])]:
            yield f"{id} may {allowed}"


def a_breaker_that_fails_is_seen(stack: Stack) -> Iterator[str]:
    if not has_breaker(stack):
        return
    alarm = stack.properties("BreakerFailed")
    watched = {
        dig(each, "MetricStat", "Metric", "MetricName"): dig(
            each, "MetricStat", "Metric", "Dimensions", 0, "Value"
        )
        for each in listed(alarm.get("Metrics"))
        if "MetricStat" in each
    }
    if watched != {"ExecutionsFailed": "${Breaker}", "FailedInvocations": "${BreakerRule}"}:
        yield f"BreakerFailed watches {watched}"
    if str(alarm.get("Threshold")) != "0" or not listed(alarm.get("AlarmActions")):
        yield "BreakerFailed tells nobody"


def the_table_is_limited_as_chosen(stack: Stack) -> Iterator[str]:
    names = ("MaxReadRequestUnits", "MaxWriteRequestUnits")
    chosen = {name: stack.values[name] for name in names if stack.values[name] != "-1"}
    for id, table in stack.of_type("AWS::DynamoDB::Table"):
        if table.get("OnDemandThroughput", {}) != chosen:
            yield f"{id} is limited to {table.get('OnDemandThroughput')}"


PROPERTIES = (
    a_breaker_only_if_chosen,
    an_hour_that_costs_too_much_trips_it,
    the_alarm_starts_the_breaker,
    the_breaker_closes_the_stage,
    a_breaker_that_fails_is_seen,
    the_table_is_limited_as_chosen,
)
