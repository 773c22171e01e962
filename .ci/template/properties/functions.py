"""The functions: the one package, started as chosen, watched over when they fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from template.grants import grants
from template.stack import Stack, dig, listed
from template.translate import UPLOADED

HANDLERS = {"ApiFunction": "ApiHandler", "BatchFunction": "BatchHandler"}
SIZES = {"ApiFunction": "MemorySize", "BatchFunction": "BatchMemorySize"}
TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"


def run_what_was_chosen(stack: Stack) -> Iterator[str]:
    if {id for id, _ in stack.packaged()} != set(HANDLERS):
        yield "there are other functions"
        return
    bucket, key = UPLOADED.removeprefix("s3://").split("/")
    for id, function in stack.packaged():
        expected = {
            "Code": {"S3Bucket": bucket, "S3Key": key},
            "Handler": f"dev.pilotlight.handler.{HANDLERS[id]}::handleRequest",
            "Runtime": stack.values["Runtime"],
            "Architectures": [stack.values["Architecture"]],
            "MemorySize": stack.values[SIZES[id]],
        }
        for name, value in expected.items():
            actual = function.get(name)
            if (str(actual) if name == "MemorySize" else actual) != value:
                yield f"{id}'s {name} is {actual}, not {value}"
        if function.get("PackageType", "Zip") != "Zip":
            yield f"{id} is an image"


def live_is_what_is_called(stack: Stack) -> Iterator[str]:
    for id, _ in stack.packaged():
        alias = live(stack, id)
        if alias is None:
            yield f"{id} has no alias live"
    for id, permission in stack.of_type("AWS::Lambda::Permission"):
        if dig(stack.resources, str(permission["FunctionName"])[2:-1], "Type") != "AWS::Lambda::Alias":
            yield f"{id} is for {permission['FunctionName']}, not for an alias"


def live(stack: Stack, function: str) -> dict[str, Any] | None:
    """The properties of the function's alias `live`."""
    for _, alias in stack.of_type("AWS::Lambda::Alias"):
        if alias["FunctionName"] == "${" + function + "}" and alias["Name"] == "live":
            return alias
    return None


def provisioned_only_if_chosen(stack: Stack) -> Iterator[str]:
    kept = dig(live(stack, "ApiFunction"), "ProvisionedConcurrencyConfig")
    expected = stack.values["ProvisionedMin"] if stack.says("StartMode", "provisioned") else "None"
    if str(dig(kept, "ProvisionedConcurrentExecutions")) != expected:
        yield f"live of ApiFunction keeps {kept}, not {expected}"
    for id, alias in stack.of_type("AWS::Lambda::Alias"):
        if alias["FunctionName"] != "${ApiFunction}" and "ProvisionedConcurrencyConfig" in alias:
            yield f"{id} is provisioned"


def snapstart_only_if_chosen(stack: Stack) -> Iterator[str]:
    wanted = "PublishedVersions" if stack.says("StartMode", "snapstart") else "None"
    found = dig(stack.properties("ApiFunction"), "SnapStart", "ApplyOn")
    if str(found) != wanted:
        yield f"ApiFunction's SnapStart is {found}"


def never_both(stack: Stack) -> Iterator[str]:
    """Lambda refuses a function with SnapStart and provisioned concurrency, and such a runtime."""
    for id, function in stack.packaged():
        if dig(function, "SnapStart", "ApplyOn") != "PublishedVersions":
            continue
        if dig(live(stack, id), "ProvisionedConcurrencyConfig"):
            yield f"{id} has both SnapStart and provisioned concurrency"
        if function.get("Runtime") != "java25":
            yield f"{id} has SnapStart on {function.get('Runtime')}"


def provisioned_is_scaled(stack: Stack) -> Iterator[str]:
    targets = list(stack.of_type(TARGET))
    if bool(targets) != stack.says("StartMode", "provisioned"):
        yield f"there are {len(targets)} scalable targets"
    for id, target in targets:
        expected = {
            "MinCapacity": stack.values["ProvisionedMin"],
            "MaxCapacity": stack.values["ProvisionedMax"],
            "ServiceNamespace": "lambda",
            "ScalableDimension": "lambda:function:ProvisionedConcurrency",
            "ResourceId": "function:${ApiFunction}:live",
        }
        for name, value in expected.items():
            if str(target.get(name)) != value:
                yield f"{id}'s {name} is {target.get(name)}, not {value}"
        if not any(
            dig(stack.resources, alias, "Type") == "AWS::Lambda::Alias"
            for alias in listed(stack.resources[id].get("DependsOn"))
        ):
            yield f"{id} may be made before the alias"
        yield from _schedule(stack, id, target)


def _schedule(stack: Stack, id: str, target: dict[str, Any]) -> Iterator[str]:
    wanted = {stack.values["ScheduleUp"], stack.values["ScheduleDown"]} - {""}
    actions = listed(target.get("ScheduledActions"))
    if {action.get("Schedule") for action in actions} != wanted:
        yield f"{id} is scheduled {actions}"
    for action in actions:
        up = action.get("Schedule") == stack.values["ScheduleUp"]
        least = stack.values["ScheduleMin" if up else "ProvisionedMin"]
        if str(dig(action, "ScalableTargetAction", "MinCapacity")) != least:
            yield f"{id}'s schedule {action.get('ScheduledActionName')} is not of {least}"
        if action.get("Timezone") != stack.values["ScheduleTimezone"]:
            yield f"{id}'s schedule {action.get('ScheduledActionName')} is of another time zone"


def provisioned_follows_its_use(stack: Stack) -> Iterator[str]:
    policies = list(stack.of_type(POLICY))
    if bool(policies) != stack.says("StartMode", "provisioned"):
        yield f"there are {len(policies)} scaling policies"
    for id, policy in policies:
        tracking = dig(policy, "TargetTrackingScalingPolicyConfiguration")
        metric = dig(tracking, "PredefinedMetricSpecification", "PredefinedMetricType")
        if metric != "LambdaProvisionedConcurrencyUtilization":
            yield f"{id} tracks {metric}"
        if str(dig(tracking, "TargetValue")) != stack.values["ProvisionedUtilization"]:
            yield f"{id} keeps {dig(tracking, 'TargetValue')}"
        if policy.get("ScalingTargetId") not in ["${" + each + "}" for each, _ in stack.of_type(TARGET)]:
            yield f"{id} scales another target"


def concurrency_is_reserved_only_if_chosen(stack: Stack) -> Iterator[str]:
    chosen = stack.values["ReservedConcurrency"]
    found = stack.properties("ApiFunction").get("ReservedConcurrentExecutions")
    if str(found) != ("None" if chosen == "-1" else chosen):
        yield f"ApiFunction reserves {found}"


def old_versions_are_deleted(stack: Stack) -> Iterator[str]:
    """Each is a whole package of the 75 GB that a region of an account may store."""
    for id, _ in stack.of_type("AWS::Lambda::Version"):
        if stack.resources[id].get("DeletionPolicy") != "Delete":
            yield f"{id} stays when it is replaced"


def failures_are_kept(stack: Stack) -> Iterator[str]:
    configs = {each["FunctionName"]: each for _, each in stack.of_type("AWS::Lambda::EventInvokeConfig")}
    queues = ["${" + id + ".Arn}" for id, _ in stack.of_type("AWS::SQS::Queue")]
    for id, _ in stack.packaged():
        config = configs.get("${" + id + "}", {})
        if config.get("Qualifier") != "live":
            yield f"{id} has no limits of events on live"
        for limit in ("MaximumRetryAttempts", "MaximumEventAgeInSeconds"):
            if limit not in config:
                yield f"{id} has no {limit}"
        if dig(config, "DestinationConfig", "OnFailure", "Destination") not in queues:
            yield f"{id}'s failures go nowhere"


def batches_may_go_on(stack: Stack) -> Iterator[str]:
    """A batch continues by an object of its own; Lambda would take that for a run-away loop."""
    for id, function in stack.packaged():
        if function.get("RecursiveLoop", "Terminate") != ("Allow" if id == "BatchFunction" else "Terminate"):
            yield f"{id}'s RecursiveLoop is {function.get('RecursiveLoop')}"


def trace_as_chosen(stack: Stack) -> Iterator[str]:
    for id, function in stack.packaged():
        if dig(function, "TracingConfig", "Mode") != stack.values["Tracing"]:
            yield f"{id} is traced {dig(function, 'TracingConfig', 'Mode')}"


def a_bad_version_is_rolled_back(stack: Stack) -> Iterator[str]:
    for id, group in stack.of_type("AWS::CodeDeploy::DeploymentGroup"):
        alarms = listed(dig(group, "AlarmConfiguration", "Alarms"))
        if not alarms or "DEPLOYMENT_STOP_ON_ALARM" not in listed(
            dig(group, "AutoRollbackConfiguration", "Events")
        ):
            yield f"{id} is not rolled back by an alarm"
        for alarm in alarms:
            watched = stack.resources[str(alarm["Name"]).strip("${}")]["Properties"]
            dimensions = [dimension["Name"] for dimension in listed(watched.get("Dimensions"))]
            if "ExecutedVersion" not in dimensions:
                yield f"{id} is held up by what the version before does"
        name = str(group.get("DeploymentConfigName"))
        if not name.endswith(stack.values["Deployment"]):
            yield f"{id} deploys by {name}"
    if not any(stack.of_type("AWS::CodeDeploy::DeploymentGroup")):
        yield "nothing is deployed bit by bit"


def a_new_version_is_tested_before_traffic(stack: Stack) -> Iterator[str]:
    """By an inline function that CodeDeploy may call, that may call it, and that may report."""
    hooks = [
        (id, each) for id, each in stack.of_type("AWS::Lambda::Function") if "ZipFile" in each["Code"]
    ]
    named = [id for id, each in hooks if str(each.get("FunctionName")).startswith("CodeDeployHook_")]
    alias = next(
        (id for id, each in stack.of_type("AWS::Lambda::Alias") if each["FunctionName"] == "${ApiFunction}"),
        "",
    )
    update = dig(stack.resources, alias, "UpdatePolicy", "CodeDeployLambdaAliasUpdate")
    called = str(dig(update, "BeforeAllowTrafficHook"))[2:-1]
    if called not in named:
        yield f"{alias} calls {called} before traffic, not one of {named}"
        return
    version = dig(stack.properties(called), "Environment", "Variables", "VERSION")
    if dig(stack.properties(alias), "FunctionVersion") != str(version)[:-1] + ".Version}":
        yield f"{called} tests {version}"
    granted = {(each.who, each.action, each.resource) for each in grants(stack) if each.effect == "Allow"}
    hook = str(dig(stack.properties(called), "Role"))[2 : -len(".Arn}")]
    group = "deploymentgroup:${ServerlessDeploymentApplication}/*"
    for wanted in (
        ("DeploymentRole", "lambda:InvokeFunction", "${" + called + ".Arn}"),
        (hook, "lambda:InvokeFunction", "${ApiFunction.Arn}:*"),
        (
            hook,
            "codedeploy:PutLifecycleEventHookExecutionStatus",
            "arn:${AWS::Partition}:codedeploy:${AWS::Region}:${AWS::AccountId}:" + group,
        ),
    ):
        if wanted not in granted:
            yield f"{wanted[0]} may not {wanted[1]}"


def models_are_as_chosen(stack: Stack) -> Iterator[str]:
    """Else a version would serve what another one's lock lists."""
    expected = {
        "PILOTLIGHT_MODELS_LOCK": stack.values["ModelsLock"] or "None",
        "PILOTLIGHT_MODEL_DISK_MB": stack.values["EphemeralStorage"],
    }
    for id, function in stack.packaged():
        for name, value in expected.items():
            found = dig(function, "Environment", "Variables", name)
            if str(found) != value:
                yield f"{id}'s {name} is {found}, not {value}"
        if dig(function, "EphemeralStorage", "Size") != stack.values["EphemeralStorage"]:
            yield f"{id}'s /tmp is of another size"


def another_lock_is_another_version(stack: Stack) -> Iterator[str]:
    """CloudFormation publishes a version when its description changes, and Lambda takes 256 characters."""
    for id, properties in [*stack.packaged(), *stack.of_type("AWS::Lambda::Version")]:
        description = str(properties.get("Description"))
        if stack.values["ModelsLock"] not in description:
            yield f"{id} stays when the lock changes"
        for name in ("BatchRetentionDays", "InPrefix"):
            if (id.startswith("Api") or name != "InPrefix") and stack.values[name] not in description:
                yield f"{id} stays when {name} changes"
        if len(description) > 256:
            yield f"{id}'s description has {len(description)} characters"


PROPERTIES = (
    run_what_was_chosen,
    live_is_what_is_called,
    provisioned_only_if_chosen,
    snapstart_only_if_chosen,
    never_both,
    provisioned_is_scaled,
    provisioned_follows_its_use,
    concurrency_is_reserved_only_if_chosen,
    old_versions_are_deleted,
    failures_are_kept,
    batches_may_go_on,
    trace_as_chosen,
    a_bad_version_is_rolled_back,
    a_new_version_is_tested_before_traffic,
    models_are_as_chosen,
    another_lock_is_another_version,
)
