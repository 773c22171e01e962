"""Batches in shards: the machine is there only if chosen, may only what it must, and loses nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from template.stack import Stack, dig, listed

LIVE = "${BatchFunctionAliaslive}"
FAILURES = "${BatchFailures.Arn}"
INVOKE = "arn:${AWS::Partition}:states:::lambda:invoke"
UNAVAILABLE = "dev.pilotlight.batch.s3.BatchException$Unavailable"
# what passes: throttling, failures of Lambda, environments that died, and a store that was away
RETRIED = {
    "Lambda.AWSLambdaException",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.SdkClientException",
    "Lambda.ServiceException",
    "Lambda.TooManyRequestsException",
    "Lambda.Unknown",
    "Runtime.ExitError",
    "Sandbox.Timedout",
    "States.Timeout",
    UNAVAILABLE,
}
SETTINGS = {
    "PILOTLIGHT_BATCH_FAN_OUT_BYTES": "BatchFanOutBytes",
    "PILOTLIGHT_BATCH_SHARD_LINES": "BatchShardLines",
    "PILOTLIGHT_BATCH_SHARD_BYTES": "BatchShardBytes",
}
ENDS = {"FAILED", "TIMED_OUT", "ABORTED"}
MACHINE = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:"
EXECUTION = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:"


def fans_out(stack: Stack) -> bool:
    return not stack.says("BatchFanOutBytes", "0")


def definition(stack: Stack) -> dict[str, Any]:
    """The machine's definition; nothing if there is none."""
    text = stack.properties("FanOut").get("DefinitionString")
    return json.loads(text) if text else {}


def tasks(states: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """All Tasks, also those of items."""
    for name, state in states.items():
        if state["Type"] == "Task":
            yield name, state
        elif state["Type"] == "Map":
            yield from tasks(dig(state, "ItemProcessor", "States") or {})


def a_machine_only_if_chosen(stack: Stack) -> Iterator[str]:
    for id in ("FanOut", "FanOutRule", "FanOutEnded", "FanOutRole", "FanOutFailed"):
        if (id in stack.resources) != fans_out(stack):
            yield f"{id} is {'there' if id in stack.resources else 'missing'}"
    bridge = dig(stack.properties("In"), "NotificationConfiguration", "EventBridgeConfiguration")
    if (dig(bridge, "EventBridgeEnabled") is True) != fans_out(stack):
        yield f"In sends EventBridge {bridge}"


def larger_objects_alone_start_it(stack: Stack) -> Iterator[str]:
    """By numbers in text: a parameter in a JSON pattern is a string, which EventBridge refuses."""
    if not fans_out(stack):
        return
    rule = stack.properties("FanOutRule")
    pattern = json.loads(rule["EventPattern"])
    size = dig(pattern, "detail", "object", "size")
    if size != [{"numeric": [">", int(stack.values["BatchFanOutBytes"])]}]:
        yield f"objects of {size} start it"
    prefix = stack.values["InPrefix"]
    if dig(pattern, "detail", "object", "key") != ([{"prefix": prefix}] if prefix else None):
        yield f"objects of {dig(pattern, 'detail', 'object', 'key')} start it"
    if dig(pattern, "detail", "bucket", "name") != ["${In}"] or pattern.get("source") != ["aws.s3"]:
        yield f"{pattern} starts it"
    if [target.get("Arn") for target in listed(rule.get("Targets"))] != ["${FanOut}"]:
        yield "large objects start something else"
    variables = dig(stack.properties("BatchFunction"), "Environment", "Variables") or {}
    for name, parameter in SETTINGS.items():
        if variables.get(name) != stack.values[parameter]:
            yield f"{name} is {variables.get(name)}"


def its_steps_are_retried_and_end(stack: Stack) -> Iterator[str]:
    """And no error is caught: Step Functions redrives no state whose error was."""
    machine = definition(stack)
    for name, task in tasks(machine.get("States", {})):
        if task.get("Resource") != INVOKE or dig(task, "Parameters", "FunctionName") != LIVE:
            yield f"{name} calls {dig(task, 'Parameters', 'FunctionName')}"
        time = int(stack.properties("BatchFunction").get("Timeout", 3))
        if not time < int(task.get("TimeoutSeconds", 99_999_999)) <= time + 120:
            yield f"{name} waits {task.get('TimeoutSeconds')} s"
        retried = [error for one in listed(task.get("Retry")) for error in one["ErrorEquals"]]
        if sorted(retried) != sorted(RETRIED):
            yield f"{name} is tried again after {sorted(retried)}"
    if '"Catch"' in json.dumps(machine):
        yield "an error is caught, and its state cannot be redriven"


def shards_run_side_by_side_within_the_limit(stack: Stack) -> Iterator[str]:
    """As executions of their own, none of which may fail; together their results would be too long."""
    if not fans_out(stack):
        return
    shards = definition(stack)["States"]["Shards"]
    if shards.get("MaxConcurrency") != int(stack.values["BatchFanOutConcurrency"]):
        yield f"{shards.get('MaxConcurrency')!r} shards run at once"
    mode = dig(shards, "ItemProcessor", "ProcessorConfig")
    if mode != {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}:
        yield f"shards run as {mode}"
    if shards.get("ToleratedFailurePercentage") != 0 or "ToleratedFailureCount" in shards:
        yield "a failed shard is tolerated"
    if shards.get("ResultPath", "$") is not None:
        yield "the results of all shards are kept"


def the_machine_may_what_it_needs(stack: Stack) -> Iterator[str]:
    if not fans_out(stack):
        return
    name = str(stack.properties("FanOut").get("StateMachineName"))
    needed = {
        ("lambda:InvokeFunction", LIVE),
        ("s3:GetObject", "${Out.Arn}/.pilotlight/shards/*"),
        ("states:StartExecution", MACHINE + name),
        *((f"states:{action}Execution", f"{EXECUTION}{name}/shards:*") for action in ("Describe", "Redrive", "Stop")),
    }
    if stack.says("Tracing", "Active"):
        tracing = ("GetSamplingRules", "GetSamplingTargets", "PutTelemetryRecords", "PutTraceSegments")
        needed |= {(f"xray:{action}", "*") for action in tracing}
    allowed = {
        (action, resource)
        for policy in listed(stack.properties("FanOutRole").get("Policies"))
        for statement in listed(dig(policy, "PolicyDocument", "Statement"))
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }
    for one in sorted(allowed ^ needed):
        yield f"FanOutRole {'may' if one in allowed else 'may not'} {one}"


def a_failed_execution_is_seen_and_noted(stack: Stack) -> Iterator[str]:
    """By an alarm, and by the function, which leaves the reason next to the output."""
    if not fans_out(stack):
        return
    alarm = stack.properties("FanOutFailed")
    expected = {
        "Namespace": "AWS/States",
        "MetricName": "ExecutionsFailed",
        "Dimensions": [{"Name": "StateMachineArn", "Value": "${FanOut}"}],
        "Statistic": "Sum",
        "AlarmActions": ["${Alerts}"],
        "TreatMissingData": "notBreaching",
    }
    for name, value in expected.items():
        if alarm.get(name) != value:
            yield f"FanOutFailed's {name} is {alarm.get(name)}"
    rule = stack.properties("FanOutEnded")
    detail = dig(rule, "EventPattern", "detail") or {}
    if set(listed(detail.get("status"))) != ENDS or detail.get("stateMachineArn") != ["${FanOut}"]:
        yield f"the function learns of {detail}"
    if [target.get("Arn") for target in listed(rule.get("Targets"))] != [LIVE]:
        yield "the function learns of no end"
    if "FanOutEndedPermission" not in listed(stack.resources["FanOutEnded"].get("DependsOn")):
        yield "FanOutEnded may come before its permission"
    for id in ("FanOutRule", "FanOutEnded"):
        for target in listed(stack.properties(id).get("Targets")):
            if dig(target, "DeadLetterConfig", "Arn") != FAILURES:
                yield f"{id} drops what {target.get('Arn')} does not take"
            if any(name in target for name in ("Input", "InputPath", "InputTransformer")):
                yield f"{id} changes its event"


PROPERTIES = (
    a_machine_only_if_chosen,
    larger_objects_alone_start_it,
    its_steps_are_retried_and_end,
    shards_run_side_by_side_within_the_limit,
    the_machine_may_what_it_needs,
    a_failed_execution_is_seen_and_noted,
)
