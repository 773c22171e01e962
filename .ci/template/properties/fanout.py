"""Checks of FanOut: it exists only if chosen, with least privilege, and loses no events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from template.stack import Stack, dig, listed

LIVE = "${BatchFunctionAliaslive}"
# by the function's ARN, which exists before CodeDeploy shifts the alias
NAMED = "${BatchFunction.Arn}:live"
FAILURES = "${BatchFailures.Arn}"
INVOKE = "arn:${AWS::Partition}:states:::lambda:invoke"
UNAVAILABLE = "dev.pilotlight.batch.s3.BatchException$Unavailable"
# transient errors: throttling, failures of Lambda, a function that was idle for weeks, environments
# that died, and a store that was unavailable
RETRIED = {
    "Lambda.AWSLambdaException",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.EC2ThrottledException",
    "Lambda.ENILimitReachedException",
    "Lambda.ResourceConflictException",
    "Lambda.ResourceNotReadyException",
    "Lambda.SdkClientException",
    "Lambda.ServiceException",
    "Lambda.SnapStartNotReadyException",
    "Lambda.SnapStartTimeoutException",
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
    """The machine's definition; empty without a machine."""
    text = stack.properties("FanOut").get("DefinitionString")
    return json.loads(text) if text else {}


def tasks(states: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """All Tasks, including those of the Map."""
    for name, state in states.items():
        if state["Type"] == "Task":
            yield name, state
        elif state["Type"] == "Map":
            yield from tasks(dig(state, "ItemProcessor", "States") or {})


def machine_exists_only_if_chosen(stack: Stack) -> Iterator[str]:
    for id in ("FanOut", "FanOutRule", "FanOutEnded", "FanOutRole", "FanOutFailed"):
        if (id in stack.resources) != fans_out(stack):
            yield f"{id} is {'there' if id in stack.resources else 'missing'}"
    bridge = dig(stack.properties("In"), "NotificationConfiguration", "EventBridgeConfiguration")
    if dig(bridge, "EventBridgeEnabled") is not True:
        yield f"In has the EventBridge configuration {bridge}; S3 takes minutes to enable it later"


def every_object_starts_it(stack: Stack) -> Iterator[str]:
    """Whatever its size; the function compares sizes, because EventBridge's numbers end at 5,000,000,000."""
    if not fans_out(stack):
        return
    rule = stack.properties("FanOutRule")
    prefix = stack.values["InPrefix"]
    wanted = {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {
            "bucket": {"name": [stack.properties("In").get("BucketName")]},
            **({"object": {"key": [{"prefix": prefix}]}} if prefix else {}),
        },
    }
    pattern = json.loads(rule["EventPattern"])
    if pattern != wanted:
        yield f"{pattern} starts it"
    if [target.get("Arn") for target in listed(rule.get("Targets"))] != ["${FanOut}"]:
        yield "objects start something else"
    variables = dig(stack.properties("BatchFunction"), "Environment", "Variables") or {}
    for name, parameter in SETTINGS.items():
        if variables.get(name) != stack.values[parameter]:
            yield f"{name} is {variables.get(name)}"


def machine_exists_before_traffic_shifts(stack: Stack) -> Iterator[str]:
    """Otherwise a new version would leave large objects to a machine or rule that does not exist yet."""
    for id in ("FanOut", "FanOutRule", "FanOutRole", "FanOutRuleRole"):
        text = json.dumps(stack.resources.get(id, {}))
        for late in (LIVE, "${In}", "${In.Arn}"):
            if late in text:
                yield f"{id} is made after {late}"


def steps_are_retried_and_time_out(stack: Stack) -> Iterator[str]:
    """No state catches an error: Step Functions cannot redrive a state whose error was caught."""
    machine = definition(stack)
    for name, task in tasks(machine.get("States", {})):
        if task.get("Resource") != INVOKE or dig(task, "Parameters", "FunctionName") != NAMED:
            yield f"{name} calls {dig(task, 'Parameters', 'FunctionName')}"
        time = int(stack.properties("BatchFunction").get("Timeout", 3))
        if not time < int(task.get("TimeoutSeconds", 99_999_999)) <= time + 120:
            yield f"{name} waits {task.get('TimeoutSeconds')} s"
        retried = [error for one in listed(task.get("Retry")) for error in one["ErrorEquals"]]
        if sorted(retried) != sorted(RETRIED):
            yield f"{name} is retried after {sorted(retried)}"
    if '"Catch"' in json.dumps(machine):
        yield "a state catches an error, so it cannot be redriven"


def a_batch_waits_for_its_turn_without_an_environment(stack: Stack) -> Iterator[str]:
    """A Plan that waited in the function would hold an environment that the running batch needs."""
    if not fans_out(stack):
        return
    states = definition(stack)["States"]
    nexts = [rule["Next"] for rule in states["IsPlanned"]["Choices"] if rule["StringEquals"] == "waits"]
    if len(nexts) != 1 or states[nexts[0]] != {"Type": "Wait", "SecondsPath": "$.plan.answer.seconds", "Next": "Plan"}:
        yield f"a batch that waits goes to {nexts}"


def shards_run_concurrently_within_the_limit(stack: Stack) -> Iterator[str]:
    """Each is an execution, none may fail, and the Map drops results, which could exceed 256 KB together."""
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


def machine_role_has_least_privilege(stack: Stack) -> Iterator[str]:
    if not fans_out(stack):
        return
    name = str(stack.properties("FanOut").get("StateMachineName"))
    needed = {
        ("lambda:InvokeFunction", NAMED),
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
        yield f"FanOutRole is {'' if one in allowed else 'not '}allowed {one}"


def failed_execution_alarms_and_is_written_to_out(stack: Stack) -> Iterator[str]:
    """An alarm fires, and the function writes the reason next to the output."""
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
        yield f"FanOutEnded matches {detail}"
    if [target.get("Arn") for target in listed(rule.get("Targets"))] != [LIVE]:
        yield "FanOutEnded does not call the function"
    if "FanOutEndedPermission" not in listed(stack.resources["FanOutEnded"].get("DependsOn")):
        yield "FanOutEnded may come before its permission"
    for id in ("FanOutRule", "FanOutEnded"):
        for target in listed(stack.properties(id).get("Targets")):
            if dig(target, "DeadLetterConfig", "Arn") != FAILURES:
                yield f"{id} loses events that {target.get('Arn')} does not accept"
            if any(name in target for name in ("Input", "InputPath", "InputTransformer")):
                yield f"{id} changes its event"


PROPERTIES = (
    machine_exists_only_if_chosen,
    every_object_starts_it,
    machine_exists_before_traffic_shifts,
    steps_are_retried_and_time_out,
    a_batch_waits_for_its_turn_without_an_environment,
    shards_run_concurrently_within_the_limit,
    machine_role_has_least_privilege,
    failed_execution_alarms_and_is_written_to_out,
)
