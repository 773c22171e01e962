"""Starter's resources, made by moto, which imitates AWS on this machine.

By moto's CloudFormation where that has the type, else by the call of the service that makes it. A wrong
name or type of a property is refused on the way, and what was made can be asked for.

What moto cannot show: permissions (it lets everybody do everything), quotas, the order in which
CloudFormation makes things, deletion policies, events between services, and whether an alarm fires.
"""

from __future__ import annotations

import io
import json
import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import boto3

from template.paths import REGIONS
from template.stack import Stack, dig, listed
from template.translate import UPLOADED

Properties = dict[str, Any]

NAME = "pilotlight"
VARIABLE = re.compile(r"\$\{([A-Za-z0-9]+)(\.[^}]*)?\}")

BY_CLOUDFORMATION = frozenset(
    f"AWS::{kind}"
    for kind in (
        "CloudWatch::Dashboard DynamoDB::Table IAM::Policy IAM::Role Lambda::Function Logs::LogGroup "
        "S3::Bucket SNS::Topic SQS::Queue"
    ).split()
)

# What comes before the name in the ARNs of these.
ARNS: Mapping[str, str] = {
    "AWS::S3::Bucket": "arn:aws:s3:::",
    "AWS::SQS::Queue": f"arn:aws:sqs:{REGIONS[0]}:123456789012:",
}

# What moto 5.2.1 has no call for that our properties fit.
LEFT_OUT: Mapping[str, str] = {
    "AWS::Budgets::Budget": "its filters have another form in the call",
    "AWS::CodeDeploy::Application": "SAM makes it, and moto deploys nothing",
    "AWS::CodeDeploy::DeploymentGroup": "SAM makes it, and moto deploys nothing",
    "AWS::Events::Rule": "SAM makes it, and moto delivers no events of S3 to it",
    "AWS::Lambda::EventInvokeConfig": "moto makes no asynchronous invocations",
    "AWS::Lambda::Permission": "moto asks for no permission",
    "AWS::Logs::QueryDefinition": "moto has no saved queries",
}


def client(service: str) -> Any:
    """A client of moto's AWS."""
    return boto3.client(service, region_name=REGIONS[0])


class Made:
    """A stack in moto, within `mock_aws`: `ids` are the physical ids by logical id."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.ids: dict[str, str] = {}
        _upload()
        self._by_cloudformation()
        for kind, make in BY_CALL.items():
            for id, properties in stack.of_type(kind):
                self.ids[id] = make(self, id, self.filled(properties))

    def _by_cloudformation(self) -> None:
        resources = {
            id: {"Type": each["Type"], "Properties": self.written(each.get("Properties", {}))}
            for id, each in self.stack.resources.items()
            if each["Type"] in BY_CLOUDFORMATION
        }
        cloudformation = client("cloudformation")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cloudformation.create_stack(StackName=NAME, TemplateBody=json.dumps({"Resources": resources}))
        for each in cloudformation.list_stack_resources(StackName=NAME)["StackResourceSummaries"]:
            self.ids[each["LogicalResourceId"]] = each["PhysicalResourceId"]

    def _has(self, id: str) -> bool:
        return dig(self.stack.resources, id, "Type") in BY_CLOUDFORMATION

    def written(self, value: Any) -> Any:
        """A resolved value for CloudFormation: references to what it makes stay references."""
        if isinstance(value, list):
            return [self.written(each) for each in value]
        if isinstance(value, dict):
            return {name: self.written(each) for name, each in value.items()}
        if not isinstance(value, str):
            return value
        only = VARIABLE.fullmatch(value)
        if only and self._has(only[1]):
            return {"Fn::GetAtt": [only[1], only[2][1:]]} if only[2] else {"Ref": only[1]}
        text = VARIABLE.sub(lambda found: found[0] if self._has(found[1]) else "not-made", value)
        return {"Fn::Sub": text} if "${" in text else text

    def filled(self, value: Any) -> Any:
        """A resolved value for a call: references are replaced by what was made."""
        if isinstance(value, list):
            return [self.filled(each) for each in value]
        if isinstance(value, dict):
            return {name: self.filled(each) for name, each in value.items()}
        if not isinstance(value, str):
            return value
        text = VARIABLE.sub(lambda found: self._id(found[1], found[2] or ""), value)
        return text.replace("${AWS::StackName}", NAME).replace("${AWS::Region}", REGIONS[0])

    def _id(self, id: str, attribute: str) -> str:
        made = self.ids.get(id, id)
        prefix = ARNS.get(dig(self.stack.resources, id, "Type"), "") if attribute == ".Arn" else ""
        return prefix + made.rsplit("/", 1)[-1] if prefix else made


def _upload() -> None:
    bucket, key = UPLOADED.removeprefix("s3://").split("/")
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("bootstrap", "")
    s3 = client("s3")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key=key, Body=package.getvalue())


def _alarm(_: Made, id: str, alarm: Properties) -> str:
    numbers = {name: float(alarm[name]) for name in ("Threshold",) if name in alarm}
    client("cloudwatch").put_metric_alarm(AlarmName=id, **{**alarm, **numbers})
    return id


def _version(_: Made, __: str, version: Properties) -> str:
    return client("lambda").publish_version(**version)["Version"]


def _alias(_: Made, __: str, alias: Properties) -> str:
    return client("lambda").create_alias(**alias)["AliasArn"]


def _api(_: Made, __: str, api: Properties) -> str:
    return client("apigatewayv2").create_api(**api)["ApiId"]


def _integration(_: Made, __: str, integration: Properties) -> str:
    return client("apigatewayv2").create_integration(**integration)["IntegrationId"]


def _route(_: Made, __: str, route: Properties) -> str:
    return client("apigatewayv2").create_route(**route)["RouteId"]


def _stage(_: Made, __: str, stage: Properties) -> str:
    throttle = {
        "ThrottlingBurstLimit": int(stage["DefaultRouteSettings"]["ThrottlingBurstLimit"]),
        "ThrottlingRateLimit": float(stage["DefaultRouteSettings"]["ThrottlingRateLimit"]),
    }
    wanted = {**stage, "DefaultRouteSettings": throttle}
    return client("apigatewayv2").create_stage(**wanted)["StageName"]


def _bucket_policy(_: Made, id: str, policy: Properties) -> str:
    document = json.dumps(policy["PolicyDocument"])
    client("s3").put_bucket_policy(Bucket=policy["Bucket"], Policy=document)
    return id


def _queue_policy(_: Made, id: str, policy: Properties) -> str:
    for queue in listed(policy["Queues"]):
        attributes = {"Policy": json.dumps(policy["PolicyDocument"])}
        client("sqs").set_queue_attributes(QueueUrl=queue, Attributes=attributes)
    return id


def _topic_policy(_: Made, id: str, policy: Properties) -> str:
    for topic in listed(policy["Topics"]):
        document = json.dumps(policy["PolicyDocument"])
        client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=document)
    return id


# One after another: a later one names what an earlier one has made.
BY_CALL: Mapping[str, Callable[[Made, str, Properties], str]] = {
    "AWS::Lambda::Version": _version,
    "AWS::Lambda::Alias": _alias,
    "AWS::ApiGatewayV2::Api": _api,
    "AWS::ApiGatewayV2::Integration": _integration,
    "AWS::ApiGatewayV2::Route": _route,
    "AWS::ApiGatewayV2::Stage": _stage,
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::S3::BucketPolicy": _bucket_policy,
    "AWS::SNS::TopicPolicy": _topic_policy,
    "AWS::SQS::QueuePolicy": _queue_policy,
}
