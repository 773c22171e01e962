"""The presets of samconfig.toml: starter costs nothing until it is used, production has all it needs."""

from __future__ import annotations

from collections.abc import Iterator

from template.costs import FREE_ALARM_METRICS, FREE_DASHBOARD_METRICS, dashboard_metrics, idle, is_priced
from template.properties.functions import live
from template.sets import BUSY, DEFAULT, PRODUCTION, STARTER
from template.stack import Stack, dig, listed

# USD a month of an idle starter, in an account whose free tier others have used up.
STARTER_IDLE_MAX = 4.60

# The services that starter does without.
NOT_IN_STARTER = ("AWS::EC2::", "AWS::ElastiCache::", "AWS::KMS::", "AWS::CloudWatch::CompositeAlarm")

ALARM = "AWS::CloudWatch::Alarm"
BAND = "ANOMALY_DETECTION_BAND"
TAGS = {PRODUCTION: "user:service$pilotlight-production", BUSY: "user:service$pilotlight-busy"}


def every_type_has_a_price(stack: Stack) -> Iterator[str]:
    """Else a new resource could be billed by the hour, and the sums would not show it."""
    for id, resource in stack.resources.items():
        if not is_priced(resource["Type"], resource.get("Properties", {})):
            yield f"{id}: it is not known what an idle {resource['Type']} costs"


def starter_has_nothing_that_is_billed_unused(stack: Stack) -> Iterator[str]:
    if stack.name not in (DEFAULT, STARTER):
        return
    for id, resource in stack.resources.items():
        if resource["Type"].startswith(NOT_IN_STARTER):
            yield f"{id} is in starter"
    for id, function in stack.of_type("AWS::Lambda::Function"):
        if "VpcConfig" in function:
            yield f"{id} is in a network"
        if dig(function, "TracingConfig", "Mode") == "Active":
            yield f"{id} is traced"


def starter_stays_in_the_free_tier(stack: Stack) -> Iterator[str]:
    if stack.name not in (DEFAULT, STARTER):
        return
    units = idle(stack)
    if units.alarm_metrics > FREE_ALARM_METRICS:
        yield f"the alarms have {units.alarm_metrics} metrics"
    dashboards = list(stack.of_type("AWS::CloudWatch::Dashboard"))
    if len(dashboards) > 1:
        yield f"there are {len(dashboards)} dashboards"
    for id, dashboard in dashboards:
        if dashboard_metrics(dashboard) > FREE_DASHBOARD_METRICS:
            yield f"{id} has {dashboard_metrics(dashboard)} metrics"
    if units.usd(free_tier=True) != 0:
        yield f"an idle month costs {units.usd(free_tier=True):.2f} USD in the free tier"
    if units.usd(free_tier=False) > STARTER_IDLE_MAX:
        yield f"an idle month costs {units.usd(free_tier=False):.2f} USD without the free tier"


def every_alarm_of_starter_pages(stack: Stack) -> Iterator[str]:
    """There is no composite that would; an alarm that only rolls a deployment back need not."""
    if stack.says("Alarms", "all"):
        return
    rolling = {
        str(alarm["Name"]).strip("${}")
        for _, group in stack.of_type("AWS::CodeDeploy::DeploymentGroup")
        for alarm in listed(dig(group, "AlarmConfiguration", "Alarms"))
    }
    for id, alarm in stack.of_type(ALARM):
        if id not in rolling and listed(alarm.get("AlarmActions")) != ["${Alerts}"]:
            yield f"{id} tells nobody"


def production_is_fast_and_bounded(stack: Stack) -> Iterator[str]:
    """A cache, environments that wait for requests, and no more of them than are reserved."""
    if stack.name not in (PRODUCTION, BUSY):
        return
    if not any(stack.of_type("AWS::ElastiCache::ServerlessCache")):
        yield "there is no cache"
    kept = dig(live(stack, "ApiFunction"), "ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions")
    if int(kept or 0) < 1:
        yield "the alias has no provisioned concurrency"
    targets = [each for _, each in stack.of_type("AWS::ApplicationAutoScaling::ScalableTarget")]
    if not targets or not any(stack.of_type("AWS::ApplicationAutoScaling::ScalingPolicy")):
        yield "nothing scales with use"
    reserved = int(stack.properties("ApiFunction").get("ReservedConcurrentExecutions", 0))
    for target in targets:
        if reserved < int(target["MaxCapacity"]):
            yield f"{reserved} are reserved, and scaling may keep {target['MaxCapacity']}"


def production_is_watched(stack: Stack) -> Iterator[str]:
    """Somebody gets the alerts, also of what is unusual and of what it costs."""
    if stack.name not in (PRODUCTION, BUSY):
        return
    mails = [
        each.get("Endpoint")
        for _, topic in stack.of_type("AWS::SNS::Topic")
        for each in listed(topic.get("Subscription"))
    ]
    if not any(mails):
        yield "nobody gets the alerts"
    if not any(BAND in str(alarm) for _, alarm in stack.of_type(ALARM)):
        yield "no alarm knows what is usual"
    if not any(stack.of_type("AWS::CloudWatch::CompositeAlarm")):
        yield "an incident pages more than once"
    tags = [
        dig(budget, "Budget", "CostFilters", "TagKeyValue")
        for _, budget in stack.of_type("AWS::Budgets::Budget")
    ]
    if tags != [[TAGS[stack.name]]]:
        yield f"the budgets count {tags}, not {TAGS[stack.name]}"


def busy_runs_on_arm(stack: Stack) -> Iterator[str]:
    if stack.name != BUSY:
        return
    for id, function in stack.packaged():
        if function.get("Architectures") != ["arm64"]:
            yield f"{id} runs on {function.get('Architectures')}"


PROPERTIES = (
    every_type_has_a_price,
    starter_has_nothing_that_is_billed_unused,
    starter_stays_in_the_free_tier,
    every_alarm_of_starter_pages,
    production_is_fast_and_bounded,
    production_is_watched,
    busy_runs_on_arm,
)
