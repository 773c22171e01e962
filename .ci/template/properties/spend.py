"""Nobody can make the stack spend without limit: the breaker, and the limits of the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from template.stack import Stack, dig, listed

ALARM = "AWS::CloudWatch::Alarm"
MACHINE = "AWS::StepFunctions::StateMachine"
RULE = "AWS::Events::Rule"
FUNCTION = "${ApiFunction}"
CLOSED = {"ThrottlingRateLimit": 0, "ThrottlingBurstLimit": 0}


def has_breaker(stack: Stack) -> bool:
    return not stack.says("BreakerUsdPerHour", "0")


def a_breaker_only_if_chosen(stack: Stack) -> Iterator[str]:
    machines = [id for id, _ in stack.of_type(MACHINE) if id != "FanOut"]
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


def the_breaker_closes_the_door(stack: Stack) -> Iterator[str]:
    """The stage's throttle becomes 0, or with a URL the function's concurrency; nothing else may."""
    for id, machine in stack.of_type(MACHINE):
        if id == "FanOut":
            continue
        states = dig(machine, "Definition", "States") or {}
        first = states.get(dig(machine, "Definition", "StartAt"), {})
        if not first.get("Retry"):
            yield f"{id} tries it once"
        found, wanted = list(_calls(states)), _closing(stack)
        if found != wanted:
            yield f"{id} calls {found}, not {wanted}"
        role = str(machine.get("RoleArn")).removeprefix("${").removesuffix(".Arn}")
        allowed = [
            (listed(statement.get("Action")), listed(statement.get("Resource")))
            for policy in listed(stack.properties(role).get("Policies"))
            for statement in listed(dig(policy, "PolicyDocument", "Statement"))
        ]
        if allowed != _needed(stack):
            yield f"{id} may {allowed}"


def _calls(states: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The calls in the order in which one follows the other, and each branch's; the last one ends."""
    for state in states.values():
        if state.get("Type") == "Parallel":
            for branch in listed(state.get("Branches")):
                name: str | None = branch["StartAt"]
                while name is not None:
                    one = branch["States"].get(name, {})
                    yield from _calls({name: one})
                    name = one.get("Next")
        else:
            resource = str(state.get("Resource"))
            yield resource.rpartition(":::aws-sdk:")[2], state.get("Parameters", {})


def _closing(stack: Stack) -> list[tuple[str, dict[str, Any]]]:
    if stack.says("Door", "api"):
        stage = stack.properties("ApiStage")
        ids = {"ApiId": stage.get("ApiId"), "StageName": stage.get("StageName")}
        return [("apigatewayv2:updateStage", {**ids, "DefaultRouteSettings": CLOSED})]
    none = {"FunctionName": FUNCTION, "ReservedConcurrentExecutions": 0}
    unprovision = {"FunctionName": FUNCTION, "Qualifier": "live"}
    return [
        *(
            # Lambda refuses a reservation below what is provisioned
            [("lambda:deleteProvisionedConcurrencyConfig", unprovision)]
            if stack.says("StartMode", "provisioned")
            else []
        ),
        ("lambda:putFunctionConcurrency", none),
    ]


def _needed(stack: Stack) -> list[tuple[list[str], list[str]]]:
    """What the calls are permitted by, each on the one resource that it changes."""
    if stack.says("Door", "api"):
        return [(["apigateway:PATCH"], ["arn:${AWS::Partition}:apigateway:${AWS::Region}::/apis/${Api}/stages/*"])]
    return [
        (["lambda:PutFunctionConcurrency"], ["${ApiFunction.Arn}"]),
        *(
            [(["lambda:DeleteProvisionedConcurrencyConfig"], ["${ApiFunctionAliaslive}"])]
            if stack.says("StartMode", "provisioned")
            else []
        ),
    ]


def what_was_provisioned_is_no_obstacle(stack: Stack) -> Iterator[str]:
    """A retry begins with the first call, since scaling may provision again before the second.

    And a first call that fails, as it may where nothing is provisioned, does not end it.
    """
    if not has_breaker(stack) or not (stack.says("Door", "url") and stack.says("StartMode", "provisioned")):
        return
    for id, machine in stack.of_type(MACHINE):
        whole = dig(machine, "Definition", "States", dig(machine, "Definition", "StartAt")) or {}
        for branch in listed(whole.get("Branches")):
            first = dig(branch, "States", branch.get("StartAt")) or {}
            caught = [(each.get("ErrorEquals"), each.get("Next")) for each in listed(first.get("Catch"))]
            if caught != [(["States.ALL"], first.get("Next"))]:
                yield f"{id} ends when {branch.get('StartAt')} fails"
            if any(state.get("Retry") for state in branch["States"].values()):
                yield f"{id} repeats a call without the one before it"
        if whole.get("Type") != "Parallel" or len(listed(whole.get("Branches"))) != 1:
            yield f"{id} does not repeat both calls together"


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
    """That of results. With the table of clients limited, guesses at keys would keep valid keys out."""
    names = ("MaxReadRequestUnits", "MaxWriteRequestUnits")
    chosen = {name: stack.values[name] for name in names if stack.values[name] != "-1"}
    for id, table in stack.of_type("AWS::DynamoDB::Table"):
        if table.get("OnDemandThroughput", {}) != ({} if id == "Clients" else chosen):
            yield f"{id} is limited to {table.get('OnDemandThroughput')}"


PROPERTIES = (
    a_breaker_only_if_chosen,
    an_hour_that_costs_too_much_trips_it,
    the_alarm_starts_the_breaker,
    the_breaker_closes_the_door,
    what_was_provisioned_is_no_obstacle,
    a_breaker_that_fails_is_seen,
    the_table_is_limited_as_chosen,
)
