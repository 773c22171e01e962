"""The USD of a month in which nobody calls, resource by resource, by the product's price file."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from template.paths import PRICES, WORKLOAD
from template.stack import Stack, dig, listed

Properties = Mapping[str, Any]

# AWS bills an alarm on a band of anomalies as three metrics: the metric, and both ends of the band.
METRICS_OF_A_BAND = 3

# USD in us-east-1, November 2026: https://aws.amazon.com/secrets-manager/pricing/ and
# https://aws.amazon.com/cloudfront/pricing/. Only a stack with a distribution pays them, so no page of
# costs has them.
EDGE_PRICES: Mapping[str, float] = {
    "secret.month": 0.40,
    "https-requests.million": 1.00,
    "function-invocations.million": 0.10,
    "store-reads.million": 0.03,
}

# Target tracking makes an alarm for more and an alarm for less.
ALARMS_OF_TRACKING = 2

# What costs nothing until it is used, or never.
FREE_WHEN_IDLE = frozenset(
    f"AWS::{kind}"
    for kind in (
        "ApiGatewayV2::Api ApiGatewayV2::ApiMapping ApiGatewayV2::Authorizer ApiGatewayV2::DomainName "
        "ApiGatewayV2::Integration ApiGatewayV2::Route ApiGatewayV2::Stage "
        "ApplicationAutoScaling::ScalableTarget CloudFront::CachePolicy CloudFront::Distribution "
        "CloudFront::Function CloudFront::KeyValueStore CloudFront::OriginRequestPolicy "
        "CloudFront::ResponseHeadersPolicy Budgets::Budget CE::AnomalyMonitor "
        "CE::AnomalySubscription CloudWatch::AnomalyDetector CodeDeploy::Application "
        "CodeDeploy::DeploymentGroup DynamoDB::Table EC2::RouteTable EC2::SecurityGroup "
        "EC2::SecurityGroupEgress EC2::SecurityGroupIngress EC2::Subnet "
        "EC2::SubnetRouteTableAssociation EC2::VPC ElastiCache::User ElastiCache::UserGroup "
        "Events::Rule IAM::Policy IAM::Role Lambda::EventInvokeConfig Lambda::Function "
        "Lambda::Permission Lambda::Url Lambda::Version Logs::LogGroup Logs::QueryDefinition "
        "Route53::RecordSet S3::Bucket S3::BucketPolicy SNS::Subscription SNS::Topic "
        "SNS::TopicPolicy SQS::Queue SQS::QueuePolicy StepFunctions::StateMachine"
    ).split()
)


class Units(NamedTuple):
    """What the idle resources of a stack use: what the free tier may cover, and the rest in USD."""

    alarm_metrics: int = 0
    dashboards: int = 0
    large_dashboards: int = 0
    sqs_requests: float = 0
    other: float = 0

    def plus(self, more: Units) -> Units:
        return Units(*(one + two for one, two in zip(self, more, strict=True)))

    def usd(self, free_tier: bool) -> float:
        """The price; with the free tier, of an account that has nothing else."""
        metrics, small, requests = self.alarm_metrics, self.dashboards, self.sqs_requests
        if free_tier:
            metrics = max(0, metrics - FREE_ALARM_METRICS)
            small = max(0, small - FREE_DASHBOARDS)
            requests = max(0, requests - FREE_SQS_REQUESTS)
        return (
            metrics * figure("cloudwatch.alarm-metric-month")
            + (small + self.large_dashboards) * figure("cloudwatch.dashboard-month")
            + requests * figure("sqs.requests.million") / 1e6
            + self.other
        )


@functools.cache
def _figures() -> Mapping[str, str]:
    lines = [line for file in (PRICES, WORKLOAD) for line in file.read_text(encoding="utf-8").splitlines()]
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def figure(name: str) -> float:
    """A price, or an assumption about a month."""
    return float(_figures()[name])


# The free tier of an account, each month.
FREE_ALARM_METRICS = int(figure("free.alarm-metrics"))
FREE_DASHBOARDS = 3
FREE_DASHBOARD_METRICS = int(figure("free.dashboard-metrics"))
FREE_SQS_REQUESTS = figure("free.sqs.requests")


def alarm_metrics(alarm: Properties) -> int:
    """The metrics of an alarm, as AWS counts them: each of an expression counts."""
    metrics = [each for each in listed(alarm.get("Metrics")) if "MetricStat" in each]
    if "ThresholdMetricId" in alarm:
        return len(metrics) - 1 + METRICS_OF_A_BAND
    return len(metrics) or 1


def dashboard_metrics(dashboard: Properties) -> int:
    """The metrics of all widgets, hidden ones included: each once, and each search as one."""
    metrics = set()
    for widget in json.loads(dashboard["DashboardBody"])["widgets"]:
        for line in listed(dig(widget, "properties", "metrics")):
            search = dig(line, 0, "expression")
            if search is None or search.startswith("SEARCH"):
                metrics.add(search or tuple(cell for cell in line if isinstance(cell, str)))
    return len(metrics)


def _dashboard(dashboard: Properties, _: Stack) -> Units:
    small = dashboard_metrics(dashboard) <= FREE_DASHBOARD_METRICS
    return Units(dashboards=1) if small else Units(large_dashboards=1)


def _cache(_: Properties, __: Stack) -> Units:
    hour = figure("elasticache.valkey-serverless.gb-hour")
    least = figure("elasticache.valkey-serverless.gb-min")
    return Units(other=least * hour * figure("month.hours"))


def _alias(alias: Properties, stack: Stack) -> Units:
    kept = dig(alias, "ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions")
    function = stack.properties(str(alias["FunctionName"])[2:-1])
    processor = "arm" if listed(function.get("Architectures")) == ["arm64"] else "x86"
    second = float(function.get("MemorySize", 128)) / 1024 * figure(f"lambda.provisioned.gb-second.{processor}")
    return Units(other=int(kept or 0) * second * 3600 * figure("month.hours"))


def _poller(mapping: Properties, stack: Stack) -> Units:
    """Lambda asks a queue for messages, whether it has any or not."""
    source = str(mapping.get("EventSourceArn")).removeprefix("${").removesuffix(".Arn}")
    if dig(stack.resources, source, "Type") != "AWS::SQS::Queue":
        raise ValueError(f"it is not known what polling {mapping.get('EventSourceArn')} costs")
    return Units(sqs_requests=figure("sqs.idle.polls.minute") * 60 * figure("month.hours"))


CHARGED: Mapping[str, Callable[[Properties, Stack], Units]] = {
    "AWS::ApplicationAutoScaling::ScalingPolicy": lambda _, __: Units(alarm_metrics=ALARMS_OF_TRACKING),
    "AWS::CloudWatch::Alarm": lambda alarm, _: Units(alarm_metrics=alarm_metrics(alarm)),
    "AWS::CloudWatch::CompositeAlarm": lambda _, __: Units(other=figure("cloudwatch.composite-alarm-month")),
    "AWS::CloudWatch::Dashboard": _dashboard,
    "AWS::CloudWatch::InsightRule": lambda _, __: Units(other=figure("cloudwatch.insight-rule-month")),
    "AWS::ElastiCache::ServerlessCache": _cache,
    "AWS::KMS::Key": lambda _, __: Units(other=figure("kms.key-month")),
    "AWS::Lambda::Alias": _alias,
    "AWS::Lambda::EventSourceMapping": _poller,
    "AWS::SecretsManager::Secret": lambda _, __: Units(other=EDGE_PRICES["secret.month"]),
}


def is_priced(kind: str, properties: Properties) -> bool:
    """Whether we know what an idle resource of the type costs."""
    free_endpoint = kind == "AWS::EC2::VPCEndpoint" and properties.get("VpcEndpointType") == "Gateway"
    return kind in CHARGED or kind in FREE_WHEN_IDLE or free_endpoint


def idle(stack: Stack) -> Units:
    """What a month costs in which nobody calls and nothing is stored.

    Metrics that nobody writes are not billed.
    """
    total = Units()
    for resource in stack.resources.values():
        units = CHARGED.get(resource["Type"])
        if units is not None:
            total = total.plus(units(resource.get("Properties", {}), stack))
    return total
